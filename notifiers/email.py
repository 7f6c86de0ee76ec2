"""The mail channel: what a mail looks like, and that it leaves at most once per attempt (DELIVERY.md section 6).

A mail is composed once, whole, with its Message-ID and Date; every attempt sends the same bytes. Mail cannot be asked
whether it has arrived: ``find`` never can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from lifecycle.delivery import DeliveryKind
from lifecycle.people import is_address
from lifecycle.reports import Reports
from notifiers.base import CannotTell, Frozen, OneWay
from notifiers.bounces import report_in, return_address
from notifiers.layout import plain
from notifiers.mime import CalendarPart, dated, header_text, mail, mailbox
from notifiers.page import page
from notifiers.smtp import Envelope, SmtpSender
from notifiers.wording import invitation_subject, letter, mail_subject, shorter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from lifecycle.delivery import SendResult
    from notifiers.base import FindResult, Outgoing
    from notifiers.calendar.invitation import Envelope as CalendarEnvelope
    from notifiers.mailbox import MailboxSettings
    from notifiers.sheet import FactSheet, Invite

CONTENT_TYPE = "message/rfc822"
SIZE_LIMIT = 90_000  # bytes (INTERFACE.md M4)
_SHORTENINGS = 7
_MOST_READ = 100  # mails that came back, at once
_THREADED = frozenset({DeliveryKind.STEP, DeliveryKind.CHANGED, DeliveryKind.INVITATION})
_UNSAFE = re.compile(r"[^A-Za-z0-9._=+-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves. *timeout* is seconds for one socket operation; *domain* names us in Message-IDs and greeting."""

    host: str
    mail_from: str  # "Longstop <longstop@example.com>" or the bare address
    domain: str
    port: int = 587
    username: str = ""
    password: str = ""
    tls: Literal["starttls", "tls", "none"] = "starttls"
    reply_to: str = ""
    redact_subject: bool = False
    timeout: float = 15.0
    bounce_address: str = ""  # mails come back to ``bounce+ID@...``; "": to the sender
    bounces: MailboxSettings | None = None  # where those are read

    def __repr__(self) -> str:
        return f"MailSettings(host={self.host!r}, port={self.port}, tls={self.tls!r})"  # never the password


class EmailNotifier(OneWay):
    """A ``Notifier`` that speaks SMTP, with one kept connection for each thread that sends."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._sender = SmtpSender(settings)
        self._from_name, self._from_address = parseaddr(settings.mail_from)
        self._from = mailbox(self._from_name, self._from_address)
        self._reply_to = mailbox("", settings.reply_to) if is_address(settings.reply_to) else ""

    @property
    def name(self) -> str:
        return "email"

    @property
    def can_find(self) -> bool:
        return False

    def compose(self, facts: FactSheet) -> Frozen:
        """The whole MIME message; its subject is redacted where the settings say so.

        Mail programs fold away what is longer than about 100 kB: a message that is, is told shorter.
        """
        subject = self._subject(facts)
        said, headers, calendar = letter(facts), tuple(self._headers(facts, subject)), self._calendar(facts)
        for _ in range(_SHORTENINGS):
            body = mail(
                headers, text=plain(said), html=page(said, subject), seed=facts.delivery_id, calendar=calendar
            )  # fmt: skip
            if len(body) < SIZE_LIMIT:
                break
            said = shorter(said)
        return Frozen(subject, body, CONTENT_TYPE)

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """One transaction for the one recipient; *still_ours* is asked right before the first byte of the mail."""
        back_to = self._settings.bounce_address
        sender = return_address(back_to, outgoing.delivery_id) if back_to else self._from_address
        envelope = Envelope(sender, outgoing.address, outgoing.frozen.body)
        return self._sender.send(envelope, still_ours)

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - the protocol's shape
        """Mail cannot be asked."""
        return CannotTell("a mail server cannot be asked what it has delivered")

    @property
    def has_reports(self) -> bool:
        return self._settings.bounces is not None

    def reports(self, mark: str, now: datetime) -> Reports:
        """What the mails say that came back behind *mark*. Raises NotRead."""
        settings = self._settings
        if settings.bounces is None:
            return Reports((), mark)
        from notifiers.mailbox import read_behind

        mails, new_mark, is_more = read_behind(settings.bounces, mark, now, most=_MOST_READ)
        found = (report_in(one, settings.bounce_address) for one in mails)
        return Reports(tuple(one for one in found if one is not None), new_mark, is_more)

    def close(self) -> None:
        self._sender.close()

    def _subject(self, facts: FactSheet) -> str:
        is_redacted = self._settings.redact_subject
        if facts.kind is DeliveryKind.INVITATION:
            return invitation_subject(facts, is_redacted=is_redacted)
        return mail_subject(facts, is_redacted=is_redacted)

    def _calendar(self, facts: FactSheet) -> CalendarPart | None:
        """The calendar object of an invitation; redacted where the subjects are."""
        if facts.invite is None:
            return None
        from notifiers.calendar import Detail, entry_of
        from notifiers.calendar.invitation import invitation

        envelope = self._envelope(facts, facts.invite)
        entry = entry_of(facts.deadlines[0], facts.invite.subject, changed_at=facts.composed_at)
        detail = Detail.REDACTED if self._settings.redact_subject else Detail.FULL
        return CalendarPart(envelope.method.value, invitation(entry, envelope, detail=detail))

    def _envelope(self, facts: FactSheet, invite: Invite) -> CalendarEnvelope:
        from notifiers.calendar.invitation import Envelope as CalendarEnvelope
        from notifiers.calendar.invitation import Mailbox, Method

        to = facts.recipient
        method = Method.REQUEST if invite.has_buttons else Method.PUBLISH
        return CalendarEnvelope(
            method=Method.CANCEL if invite.is_cancelled else method,
            organizer=Mailbox(self._from_address, self._from_name),
            attendee=Mailbox(to.address, to.name) if invite.has_buttons else None,
            person_id=to.person_id or "",
            sequence=invite.sequence,
            stamped_at=facts.composed_at,
            instance=UUID(invite.instance),
            base_url=facts.base_url,
        )

    def _headers(self, facts: FactSheet, subject: str) -> Iterator[tuple[str, str]]:
        to = facts.recipient
        yield "Date", dated(facts.composed_at)
        yield "From", self._from
        yield "To", mailbox(to.name, to.address) if is_address(to.address) else "undisclosed-recipients:;"
        if self._reply_to:
            yield "Reply-To", self._reply_to
        yield "Subject", header_text(subject)
        yield "Message-ID", self._message_id(facts.delivery_id)
        yield from self._thread(facts)
        yield "Auto-Submitted", "auto-generated"
        yield "X-Auto-Response-Suppress", "All"
        yield from _unsubscribe(facts)

    def _thread(self, facts: FactSheet) -> Iterator[tuple[str, str]]:
        """A root that is never sent, so that a ladder is one thread (E3)."""
        if facts.kind in _THREADED and len(facts.deadlines) == 1:
            root = self._message_id(f"milestone-{facts.deadlines[0].milestone_id}")
            yield "In-Reply-To", root
            yield "References", root

    def _message_id(self, local: str) -> str:
        return f"<{_UNSAFE.sub('', local)[:200]}@{self._settings.domain}>"


def _unsubscribe(facts: FactSheet) -> Iterator[tuple[str, str]]:
    url = facts.unsubscribe_url
    if facts.kind is DeliveryKind.DIGEST and url.startswith("https://") and url.isascii() and url.isprintable():
        yield "List-Unsubscribe", f"<{url}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
