"""The log: structlog on stderr, for people on a terminal and as JSON lines elsewhere.

Facts with ids, never contract text, never a token. Every line passes ``redacted``, also what libraries say through the
standard library's logging: passwords and tokens, the addresses of links and feeds, and people's mail addresses.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

HIDDEN = "***"
LogFormat = Literal["auto", "console", "json"]

#: Libraries that tell each step of theirs at info.
_CHATTY = ("apscheduler", "asyncio", "mail.log", "slack_sdk")
_SECRET_KEY = re.compile(
    r"pass(word|phrase|wd)|secret|token|authorization|cookie|api_?key|signature|signing|credential|nonce", re.IGNORECASE
)
_COLOURED = "color_message"  # uvicorn's: the event once more, for a terminal with colours
#: In this order: an address with a password in it looks like a mail address. Each looks at a long text in the time that
#: its length takes, so none begins anew at every letter of a word.
_SECRET_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(/(?:act|digests|evidence-upload|password)/)[^\s/?#\"'<>]+"), r"\1***"),
    (re.compile(r"(/feeds/)[^\s/?#\"'<>]+?(/[\w-]+)?(\.ics)"), r"\1***\2\3"),
    (re.compile(r"\b(Bearer|Basic)\s+[^\s\"']+", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"\blst_[\w-]+"), "lst_***"),
    (re.compile(r"\b(xox[a-z]|xapp)-[\w-]+"), r"\1-***"),
    (re.compile(r"(\b\w[\w+.-]{0,30}://)[^\s/\"']+@"), r"\1***@"),
    (re.compile(r"\b((?:password|passwd|secret|token|api_?key)\s*[=:]\s*)[^\s,;&\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(?<![\w.%+-])([\w.%+-])[\w.%+-]*@((?:[\w-]+\.)+[A-Za-z]{2,})"), r"\1***@\2"),
)


def configure_logging(*, form: LogFormat = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line of the process to *stream* (stderr); a later call replaces an earlier one."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_facts(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redacted, _renderer(form, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)
    structlog.configure(
        processors=[*_facts(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: the same facts without what nobody may read in a log (INTERFACE O5)."""
    return {key: _hidden(key, value) for key, value in event.items() if key != _COLOURED}


def redact(text: str) -> str:
    """*text* without tokens, passwords, links that are secret, feed addresses and the names in mail addresses."""
    for pattern, replacement in _SECRET_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _facts() -> list[Processor]:
    """What every line has; errors as text, so that they are redacted like the rest."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def _renderer(form: LogFormat, stream: TextIO) -> Processor:
    if form == "console" or (form == "auto" and stream.isatty()):
        return structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, sort_keys=False
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _hidden(key: str, value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if _SECRET_KEY.search(key):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(inner): _hidden(str(inner), part) for inner, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden(key, part) for part in value]
    return redact(str(value))
