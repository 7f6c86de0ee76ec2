"""The channel of last resort: messages as text on a stream that is handed in, for a first look and the demo."""

from __future__ import annotations

import json
from threading import Lock
from typing import TYPE_CHECKING

from lifecycle.delivery import Accepted, InDoubt, NotSent
from notifiers.base import CannotTell, Frozen, OneWay
from notifiers.layout import plain
from notifiers.wording import letter, mail_subject, one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TextIO

    from lifecycle.delivery import SendResult
    from notifiers.base import FindResult, Outgoing
    from notifiers.sheet import FactSheet

_RULE = "-" * 72


class ConsoleNotifier(OneWay):
    """A ``Notifier`` that writes each message to *stream*, whole, one after the other; *as_json*: each as one line."""

    def __init__(self, stream: TextIO, *, as_json: bool = False) -> None:
        self._stream = stream
        self._written = _line if as_json else _text
        self._lock = Lock()

    @property
    def name(self) -> str:
        return "console"

    @property
    def can_find(self) -> bool:
        return False

    def compose(self, facts: FactSheet) -> Frozen:
        subject = mail_subject(facts)
        return Frozen(subject, plain(letter(facts)).encode(), "text/plain; charset=utf-8")

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """Write and flush. A stream that breaks while it is written to leaves a doubt."""
        shown = self._written(outgoing)
        if not still_ours():
            return NotSent("lease lost")
        try:
            with self._lock:
                self._stream.write(shown)
                self._stream.flush()
        except (OSError, ValueError) as broken:  # ValueError: the stream is closed, or cannot write a letter
            return InDoubt(f"the stream broke: {type(broken).__name__}")
        return Accepted()

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - the protocol's shape
        """What was written to a stream cannot be asked for."""
        return CannotTell("a stream cannot be asked what was written to it")

    def close(self) -> None:
        """The stream belongs to whoever handed it in."""


def _text(outgoing: Outgoing) -> str:
    subject, body = outgoing.frozen.subject, outgoing.frozen.body.decode()
    return f"{_RULE}\nTo: {one_line(outgoing.address)}\nSubject: {subject}\n\n{body}{_RULE}\n"


def _line(outgoing: Outgoing) -> str:
    subject, body = outgoing.frozen.subject, outgoing.frozen.body.decode()
    told = {"event": "message", "to": one_line(outgoing.address), "subject": subject, "text": body}
    return json.dumps(told, ensure_ascii=False) + "\n"
