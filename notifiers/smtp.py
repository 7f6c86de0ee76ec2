"""SMTP by phases: after every answer we know whether the mail may have left (DELIVERY.md E1).

::

    connect, EHLO, TLS, AUTH, MAIL, RCPT, DATA   lost or 4xx: NotSent    5xx: Refused
    --- 354 was answered, still_ours() holds: from here on the mail may exist ---
    the mail's bytes, the closing dot            lost: InDoubt           4xx: NotSent   5xx: Refused(message)
    250                                          Accepted, whatever becomes of the connection
    what is no answer                            InDoubt

One recipient in a transaction, because ``smtplib``'s ``send_message`` hides the phase and takes partial refusals for
success. Lines are kept, one for each mail that is under way at the same time, whatever threads come and go; one that
turns out dead is dialled anew once, before anything was offered. Where a server takes fewer lines than there are mails,
mails wait for one another: for a minute no further line is dialled beside those that it took.
"""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Final

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from lifecycle.people import is_address
from notifiers.smtp_line import Answered, Envelope, Line, SmtpSettings, Undialled, Unready, said, verdict
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.delivery import SendResult

__all__ = ["Envelope", "SmtpSender", "SmtpSettings", "unready"]
_ENOUGH: Final = 60.0  # seconds


class SmtpSender:
    """Sends mails one by one; safe to use from many threads at once."""

    def __init__(self, settings: SmtpSettings, *, elapsed: Callable[[], float] = monotonic) -> None:
        """Speak to the server of *settings*; *elapsed* are seconds since some fixed moment."""
        self._settings = settings
        self._elapsed = elapsed
        self._lines: set[Line] = set()
        self._idle: list[Line] = []  # the one that was used last is at the end
        self._enough_until = elapsed()
        self._changed = threading.Condition()  # guards the lines; told when one comes back or is gone

    def send(self, envelope: Envelope, still_ours: Callable[[], bool]) -> SendResult:
        """Offer *envelope* once. Raises nothing: what is unforeseen is *InDoubt*."""
        if not is_address(envelope.recipient):
            return Refused("this is no mail address", Scope.ADDRESS)
        if not is_address(envelope.sender):
            return Refused("the sender is no mail address: check MAIL_FROM", Scope.CHANNEL)
        line = self._take()
        try:
            try:
                return _offer(line, envelope, still_ours)
            except Undialled:
                if (other := self._instead_of(line)) is None:
                    raise
                line = other
                return _offer(line, envelope, still_ours)
        except Answered as answered:
            return answered.result
        except Exception as unforeseen:  # noqa: BLE001 - whatever it was, it must not be taken for certain
            line.drop()
            return InDoubt(f"unforeseen: {type(unforeseen).__name__}")
        except BaseException:
            line.drop()
            raise
        finally:
            self._put_back(line)

    def close(self) -> None:
        """Let go of all lines."""
        with self._changed:
            lines, self._lines = self._lines, set()
            self._idle.clear()
            self._changed.notify_all()
        for line in lines:
            line.drop()

    def _take(self) -> Line:
        """A kept line, or a new one; where the server takes no further one, the next that another mail gives back."""
        with self._changed:
            if self._elapsed() < self._enough_until:
                self._changed.wait_for(lambda: self._idle or not self._lines, self._settings.timeout)
            if self._idle:
                return self._idle.pop()
            line = Line(self._settings)
            self._lines.add(line)
            return line

    def _instead_of(self, undialled: Line) -> Line | None:
        """A line of another mail, when that is done; None where there is no other: the server takes none at all."""
        with self._changed:
            self._lines.discard(undialled)
            if not self._lines:
                return None
            self._enough_until = self._elapsed() + _ENOUGH
        return self._take()

    def _put_back(self, line: Line) -> None:
        """Keep it for the next mail, unless it is closed or everything was let go of meanwhile."""
        with self._changed:
            is_kept = line in self._lines and line.is_open
            if is_kept:
                self._idle.append(line)
            else:
                self._lines.discard(line)
            self._changed.notify_all()
        if not is_kept:
            line.drop()


def unready(settings: SmtpSettings) -> str:
    """Why the server would take no mail, asked up to the login; "" where it is ready. Nothing is offered."""
    line = Line(settings)
    try:
        line.open()
    except Answered as answered:
        return "" if isinstance(answered.result, Accepted) else answered.result.why
    except OSError as lost:
        return _reason(lost)
    finally:
        line.drop()
    return ""


def _offer(line: Line, envelope: Envelope, still_ours: Callable[[], bool]) -> SendResult:
    """Take the steps in their order.

    1. MAIL and RCPT and DATA, on the kept line or, if that is dead, on a new one.
    2. Ask whether the mail is still ours to send; if not, the line is dropped and nothing has left.
    3. The bytes. From the first of them until an answer nobody knows.
    """
    _announce(line, envelope)
    if not still_ours():
        line.drop()
        return NotSent("lease lost")
    try:
        code, text = line.transmit(envelope.data)
    except OSError as lost:
        return InDoubt(f"connection lost after the mail was offered: {_reason(lost)}")
    if 200 <= code < 300:
        return Accepted(said(text))
    if not 400 <= code < 600:
        line.drop()
        return InDoubt(f"no known answer after the mail was offered: {said(text)}")
    return verdict(code, text, Scope.MESSAGE)


def _announce(line: Line, envelope: Envelope) -> None:
    was_kept = line.is_open
    try:
        try:
            line.announce(envelope)
        except (OSError, Unready):
            if not was_kept:
                raise
            line.announce(envelope)
    except OSError as lost:
        why = f"connection lost before the mail was offered: {_reason(lost)}"
        raise Answered(NotSent(why, is_unreachable=True)) from lost


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(str(error), 120)}"
