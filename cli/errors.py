"""Errors as people and programs meet them: one sentence with its remedy, an exit code, never a traceback.

    0 done · 1 failed (database, disk, channel) · 2 wrong usage · 3 not found or not visible · 4 refused by a rule
    5 ran and found something wrong · 10 a plan holds changes, a list is not empty · 130 interrupted

With ``--json`` the error is one document on stdout, in the shape of RFC 9457.
"""

from __future__ import annotations

import errno
import re
import secrets
import traceback
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.documents.problems import details
from lifecycle.errors import LifecycleError

FAILED, USAGE, NOT_FOUND, REFUSED, FOUND_WRONG, NOT_EMPTY, INTERRUPTED = 1, 2, 3, 4, 5, 10, 130

#: code of a leaf -> exit code; other leaves of the law are refusals.
_EXITS: Final = {
    "usage": USAGE,
    "settings": USAGE,
    "not-found": NOT_FOUND,
    "already-there": REFUSED,
    "overtaken": REFUSED,
    "backup-damaged": FOUND_WRONG,
    "chain-broken": FOUND_WRONG,
    "found-wrong": FOUND_WRONG,
    "yaml-refused": FOUND_WRONG,
    "workbook": FOUND_WRONG,
    "not-a-workbook": FOUND_WRONG,
    "open-quote": FOUND_WRONG,
    "encrypted-workbook": FOUND_WRONG,
    "empty-workbook": FOUND_WRONG,
    "workbook-too-large": FOUND_WRONG,
    "no-header-row": FOUND_WRONG,
    "no-such-sheet": USAGE,
    "failed": FAILED,
    "interrupted": INTERRUPTED,
    "store": FAILED,
    "database-full": FAILED,
    "database-forbidden": FAILED,
    "database-busy": FAILED,
    "database-away": FAILED,
    "driver-missing": FAILED,
    "disk-refused": FAILED,
    "file-damaged": FOUND_WRONG,
    "import-map": FOUND_WRONG,
    "newer-database": FAILED,
    "other-database": FAILED,
}
_OF_SYSTEM: Final = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Make room on that disk, then try again.")
_LONGEST: Final = 1000  # characters of a sentence
_LONG_WORD: Final = re.compile(r"(\S{60})\S{140,}(\S{20})")
_LEFT_OUT: Final = " … "
#: How it says what one of typer's values is, and how people say it.
_OF_PYDANTIC: Final = {
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": "it is no whole number.",
    "Input should be less than or equal to ": "it can be at most ",
    "Input should be greater than or equal to ": "it has to be at least ",
}
_HTTP: Final = {FAILED: 503, USAGE: 400, NOT_FOUND: 404, REFUSED: 409, FOUND_WRONG: 422}
_TITLES: Final = {
    FAILED: "It failed",
    USAGE: "Wrong usage",
    NOT_FOUND: "Not found",
    REFUSED: "Refused by a rule",
    FOUND_WRONG: "Something is wrong",
}


class UsageRefused(LifecycleError):
    """The command was not asked as it can be."""

    code = "usage"


class Interrupted(LifecycleError):
    """Somebody pressed Ctrl-C where a part is kept already."""

    code = "interrupted"


class Failed(LifecycleError):
    """The world did not let it be done: a disk, a channel, an address in use."""

    code = "failed"


class Told(NamedTuple):
    """An error as it is told."""

    exit_code: int
    code: str
    sentence: str
    remedy: str = ""
    errors: tuple[dict[str, Any], ...] = ()
    usage: str = ""


def told(error: BaseException, *, as_json: bool, is_verbose: bool = False) -> int:
    """Tell *error* and answer its exit code."""
    from cli.render import Terminal

    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FAILED
    said = _said(error)
    said = said._replace(sentence=shortened(said.sentence))
    terminal = Terminal()
    if as_json:
        terminal.document(_document(said))
    else:
        terminal.error(said.sentence, said.remedy, usage=said.usage)
    if is_verbose and said.code == "unexpected":
        terminal.note("\n".join(_frames(error)))
    return said.exit_code


def logged(error: Exception) -> int:
    """As ``told``, as a line of the log."""
    import structlog

    said = _said(error)
    structlog.get_logger(__name__).error(shortened(said.sentence), code=said.code, remedy=said.remedy)
    return said.exit_code


def shortened(sentence: str) -> str:
    """*sentence* without the middle of what was pasted into it: what is wrong stands at its ends."""
    sentence = _LONG_WORD.sub(rf"\1{_LEFT_OUT}\2", sentence)
    if len(sentence) <= _LONGEST:
        return sentence
    return f"{sentence[: _LONGEST - 200]}{_LEFT_OUT}{sentence[-200:]}"


def _said(error: BaseException) -> Told:
    if isinstance(error, LifecycleError):
        return _of_law(error)
    exit_code = getattr(error, "exit_code", None)
    if isinstance(exit_code, int) and hasattr(error, "format_message"):
        return _of_usage(error, exit_code)
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return Told(INTERRUPTED, "interrupted", "Interrupted.")
    if isinstance(error, OSError) and error.strerror:
        place = f" {error.filename}" if error.filename else ""
        remedy = _OF_SYSTEM.get(error.errno or 0, "Check the path and its rights.")
        return Told(FAILED, "system", f"The system refused{place}: {error.strerror}.", remedy)
    if type(error).__name__ in {"OperationalError", "InterfaceError", "DatabaseError"}:
        sentence = "The database could not do it, or is none; nothing of this change was kept."
        return Told(FAILED, "store", sentence, "Check it with `longstop doctor`.")
    return _unexpected(error)


def _of_law(error: LifecycleError) -> Told:
    return Told(_exit_code(error), error.code, error.sentence, error.remedy_at_terminal, tuple(details(error)))


def _exit_code(error: LifecycleError) -> int:
    if getattr(error, "is_unread", False):
        return USAGE
    return NOT_FOUND if getattr(error, "is_of_nobody", False) else _EXITS.get(error.code, REFUSED)


def _of_usage(error: Any, exit_code: int) -> Told:  # noqa: ANN401 - typer's errors have no public class
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return Told(USAGE, "usage", "", usage=context.get_help() if context else "")
    remedy = f"Try: {context.command_path} --help" if context else ""
    sentence = error.format_message()
    for theirs, ours in _OF_PYDANTIC.items():
        sentence = sentence.replace(theirs, ours)
    return Told(exit_code, "usage", sentence, remedy)


def _unexpected(error: BaseException) -> Told:
    """One sentence and a number. Where it happened goes to the log; what it said does not: it may be contract text."""
    import structlog

    if not structlog.is_configured():
        from config.logging import configure_logging

        configure_logging()
    number = secrets.token_hex(4)
    structlog.get_logger(__name__).error("unexpected", id=number, error=type(error).__name__, at=_frames(error))
    sentence = f"Something unexpected happened ({number}); nothing of this change was kept."
    return Told(FAILED, "unexpected", sentence, f"Report it with the line of the log that holds {number}.")


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames]


def _document(said: Told) -> dict[str, Any]:
    return {
        "type": f"/problems/{said.code}",
        "title": _TITLES.get(said.exit_code, "It failed"),
        "status": _HTTP.get(said.exit_code, 500),
        "detail": said.sentence,
        "code": said.code,
        "remedy": said.remedy,
        "request_id": None,
        "errors": list(said.errors),
    }
