"""What a doctor asks of mail: whether its server would take one, and whether what comes back can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.examined import BAD, OK, WARNING, Examined
from notifiers.base import NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from notifiers.mailbox import MailboxSettings

_TIMEOUT: Final = 5.0  # seconds
_REMEDY: Final = (
    "Check LONGSTOP_SMTP_HOST and the settings beside it, the server's certificate, and whether a firewall is between."
)


def mail_examined(settings: Settings, *, is_offline: bool) -> Iterator[Examined]:
    """The way out, and the way back."""
    yield _server(settings, is_offline=is_offline)
    yield from _returned(settings, is_offline=is_offline)


def _server(settings: Settings, *, is_offline: bool) -> Examined:
    """It is dialled, encrypted and logged in to as for a mail, and offered none."""
    if not settings.smtp_host:
        remedy = "Set LONGSTOP_SMTP_HOST and LONGSTOP_MAIL_FROM."
        return Examined("mail", WARNING, "No mail server: messages go to the terminal alone", remedy)
    told = f"{settings.smtp_host}:{settings.smtp_port}"
    if is_offline:
        return Examined("mail", OK, f"{told}, not asked")
    from cli.bootstrap import mail_settings
    from notifiers.smtp import unready

    if why := unready(mail_settings(settings)):
        return Examined("mail", BAD, f"{told} takes no mail: {why}", _REMEDY)
    return Examined("mail", OK, f"{told} is ready for mail")


def _returned(settings: Settings, *, is_offline: bool) -> Iterator[Examined]:
    """The mailbox is logged in to and opened, to be read only, as the job ``returned`` does."""
    if settings.bounce_imap_url is None:
        if settings.smtp_host:
            remedy = "Set LONGSTOP_BOUNCE_IMAP_URL, or look through the mailbox of LONGSTOP_MAIL_FROM yourself."
            yield Examined("bounces", WARNING, "Nobody reads which mails come back", remedy)
        return
    from notifiers.mailbox import mailbox_at

    mailbox = mailbox_at(settings.bounce_imap_url.get_secret_value(), timeout=_TIMEOUT)
    if is_offline:
        yield Examined("bounces", OK, f"{_named(mailbox)}, not asked")
    else:
        yield _read(mailbox)


def _read(mailbox: MailboxSettings) -> Examined:
    from notifiers.mailbox import mails_there
    from notifiers.wording import counted

    try:
        number = mails_there(mailbox)
    except NotRead as error:
        remedy = "Check host, port, user, password and folder of LONGSTOP_BOUNCE_IMAP_URL."
        return Examined("bounces", BAD, f"{_named(mailbox)} cannot be read: {error}", remedy)
    return Examined("bounces", OK, f"{_named(mailbox)} can be read, with {counted(number, 'mail')}")


def _named(mailbox: MailboxSettings) -> str:
    """Without the name of its user, and never the password."""
    return f"{mailbox.folder} at {mailbox.host}:{mailbox.port}"
