"""T4: mails to a local SMTP server, against a bare loop that sends ready-made mails of the same length.

(a) composed and frozen before: claimed, gated, sent, settled. (b) composed too, as what has waited is, at its gate.
"""

import smtplib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench import t02_raise
from bench.harness import Figure, Target, seconds
from bench.peers import mail_sink
from bench.templates import copied, made, opened
from engine import raising
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.incoming.links import Links
from engine.monitor import House, Monitor
from lifecycle.delivery import DeliveryState
from notifiers.email import EmailNotifier, MailSettings

SENDER = "longstop@example.com"
BASE_URL = "https://longstop.example"
DEFAULT_SENDERS = House().senders


def _composed(path: Path) -> None:
    """The register of T2 with its steps raised and their mails composed."""
    t02_raise.register(path)
    with _mailing(path, port=0, senders=1) as monitor:
        raising.raise_due(monitor)


def _waiting(path: Path) -> None:
    """The same, but nothing is composed yet."""
    path.write_bytes(made("t4-composed", _composed).read_bytes())
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM bodies")
    connection.commit()
    connection.close()


@contextmanager
def _mailing(path: Path, *, port: int, senders: int) -> Iterator[Monitor]:
    """The engine over a register, with the mail channel, on the day on which the steps are due."""
    with opened(path) as bare:
        assert isinstance(bare.clock, VirtualClock)
        bare.clock.travel_to(t02_raise.WHEN)
        settings = MailSettings(host="127.0.0.1", port=port, mail_from=SENDER, domain="example.com", tls="none")
        mail = EmailNotifier(settings)
        house = replace(bare.house, senders=senders, base_url=BASE_URL)
        yield replace(bare, notifiers={"email": mail}, house=house, links=Links("s" * 32, BASE_URL))
        mail.close()


def _ours(*, senders: int, is_composed: bool) -> float:
    template = made("t4-composed", _composed) if is_composed else made("t4-waiting", _waiting)
    with copied(template) as path, mail_sink.listening() as port:
        with _mailing(path, port=port, senders=senders) as monitor:
            with monitor.look() as work:
                waiting = len(work.deliveries.listed([DeliveryState.PENDING], limit=1_000_000))
            spent = seconds(lambda: outbox.deliver(monitor))
            with monitor.look() as work:
                accepted = len(work.deliveries.listed([DeliveryState.ACCEPTED], limit=1_000_000))
        assert accepted == waiting, f"{accepted} of {waiting} were accepted"
    return accepted / spent


def _theirs() -> float:
    connection = sqlite3.connect(made("t4-composed", _composed))
    query = "SELECT address, body FROM deliveries JOIN bodies ON delivery_id = id WHERE state = 'pending'"
    mails = connection.execute(query).fetchall()
    connection.close()
    with mail_sink.listening() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.ehlo()
        return len(mails) / seconds(lambda: [smtp.sendmail(SENDER, address, body) for address, body in mails])


def _figure(name: str, what: str, bound: float, *, senders: int, is_composed: bool) -> Figure:
    return Figure(
        name=name,
        what=f"mails a second, {what}, against a bare smtplib loop on one kept connection",
        unit="per s",
        target=Target(">=", bound),
        ours=partial(_ours, senders=senders, is_composed=is_composed),
        theirs=_theirs,
    )


FIGURES = (
    _figure("T4a", "composed before, one sender", 0.65, senders=1, is_composed=True),
    _figure("T4b", "composed before, the default senders", 1.0, senders=DEFAULT_SENDERS, is_composed=True),
    _figure("T4c", "composed too, the default senders", 0.6, senders=DEFAULT_SENDERS, is_composed=False),
)
