"""What the demo shows: what is overdue, what comes next, and every mail as it arrived in the sink."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.demo.house import ZONE
from cli.render import Cell, Column, printable
from cli.tables import deadline_table
from engine.zones import zone
from jobs.catalogue import JOBS
from lifecycle.delivery import DeliveryState
from notifiers.wording import counted, day
from store.queries import DeadlineFilter, DeadlineRow, Queries

if TYPE_CHECKING:
    from cli.demo.opened import Demo
    from cli.demo.sink import Mail, Sink
    from cli.render import Terminal
    from engine.monitor import Monitor, Work

AHEAD: Final = timedelta(days=30)
_MOST_NEXT: Final = 12
_FEW: Final = 4  # where the pages show the rest
_MOST_MAILS: Final = 18
_KINDS: Final = (  # what stands in a subject -> how that is called
    ("[Attention]", "to the operator"),
    ("[Escalated]", "escalations"),
    ("[OVERDUE", "about overdue deadlines"),
    ("[Action by", "reminders"),
    ("", "digests and changes"),
)
_MOMENT: Final = 0.15  # seconds
_LONGEST: Final = 45.0  # seconds after which it is shown whatever is still on its way
_MAILS: Final = (
    Column("When"),
    Column("To"),
    Column("Subject", is_fixed=False, share=6),
)
_PREFERRED: Final = ("[Escalated]", "[Action by", "[OVERDUE")  # which mail is shown whole


def show_register(terminal: Terminal, monitor: Monitor, today: date, *, most: int = _MOST_NEXT) -> None:
    """What is overdue, and at most so many of what is next, by last safe day."""
    with monitor.look() as work:
        rows = list(Queries.of(work).deadlines(DeadlineFilter(until_on=today + AHEAD), today))
        late = [row for row in rows if row.milestone.safe_on < today]
        ahead = [row for row in rows if row.milestone.safe_on >= today]
        terminal.line(_summary(work, late, ahead, today))
        terminal.line()
        deadline_table(terminal, work, [*late, *ahead[:most]])
        if len(ahead) > most:
            terminal.line(f"... and {len(ahead) - most} more in the next {AHEAD.days} days.")


def first_wave(monitor: Monitor, sink: Sink) -> list[Mail]:
    """The mails that have arrived when nothing is due any more."""
    mails: list[Mail] = []
    until = monitor.clock.elapsed() + _LONGEST
    while monitor.clock.elapsed() < until:
        is_quiet = _is_quiet(monitor)
        arrived = list(iter(lambda: sink.next(_MOMENT), None))
        mails += arrived
        if is_quiet and not arrived:
            break
    return mails


def show_mails(terminal: Terminal, mails: list[Mail]) -> None:
    """What arrived, by kind, the last of it in a list, and one mail whole."""
    terminal.line()
    if not mails:
        terminal.line("No new reminder: what was told before is not told again.")
        return
    shown = mails[-_MOST_MAILS:]
    terminal.heading(f"{counted(len(mails), 'mail')} arrived in the mail sink since the register was filled")
    terminal.line(_kinds(mails) + (f" The last {len(shown)}:" if len(shown) < len(mails) else ""))
    terminal.table(_MAILS, [_listed(mail) for mail in shown])
    terminal.line()
    show_mail(terminal, _telling(mails))


def show_mail(terminal: Terminal, mail: Mail) -> None:
    """One mail, as its reader sees it."""
    terminal.heading(f"To {mail.recipient}")
    terminal.line(f"Subject: {printable(mail.subject)}")
    terminal.line()
    for line in mail.text.rstrip().splitlines():
        terminal.line(f"  {printable(line)}".rstrip())


def show_summary(terminal: Terminal, demo: Demo) -> None:
    """What is overdue and next, and the last of what the register has said so far."""
    show_register(terminal, demo.monitor, demo.today, most=_FEW)
    mails, posts = demo.sink.mails, len(demo.workspace.messages)
    terminal.line()
    terminal.heading(f"{counted(len(mails), 'mail')} and {counted(posts, 'message')} in Slack so far. The last mails:")
    terminal.table(_MAILS, [_listed(mail) for mail in mails[-_FEW:]])


def show_what_to_try(terminal: Terminal, data_dir: Path) -> None:
    """Commands for a second terminal."""
    terminal.line()
    terminal.line(f"  In another terminal: {_program()} --data-dir {data_dir} explain NDA-014 notice")
    terminal.note("\nCtrl-C ends it.")


def _program() -> str:
    """What to type to call this program: its name, or where it lies if a terminal would not find that."""
    beside = Path(sys.executable).with_name("longstop")
    if shutil.which(beside.name) or not beside.exists():
        return beside.name
    return str(beside.relative_to(Path.cwd())) if beside.is_relative_to(Path.cwd()) else str(beside)


def _is_quiet(monitor: Monitor) -> bool:
    """Nothing is due, and nothing is on its way."""
    now = monitor.clock.now()
    if any(at is not None and at <= now for at in (job.due_at(monitor) for job in JOBS)):
        return False
    with monitor.look() as work:
        return not work.deliveries.listed([DeliveryState.SENDING], limit=1)


def _summary(work: Work, late: list[DeadlineRow], ahead: list[DeadlineRow], today: date) -> str:
    statuses = Counter(one.status.value.replace("_", " ") for one in work.agreements.all())
    told = ", ".join(f"{number} {status}" for status, number in statuses.most_common())
    return (
        f"{day(today)}. {counted(sum(statuses.values()), 'agreement')}: {told}. "
        f"{len(late)} overdue, {len(ahead)} within {AHEAD.days} days."
    )


def _listed(mail: Mail) -> list[Cell]:
    style = "overdue" if "OVERDUE" in mail.subject else "plain"
    at = parsedate_to_datetime(str(mail.headers["Date"])).astimezone(zone(ZONE))
    return [
        Cell(f"{at:%a} {at.day} {at:%b %H:%M}", "quiet"),
        Cell(mail.recipient.partition("@")[0]),
        Cell(mail.subject, style),
    ]


def _kinds(mails: list[Mail]) -> str:
    """How many of which kind: ``61 reminders, 18 escalations, 4 digests and changes``."""
    counts = Counter(next(name for head, name in _KINDS if head in mail.subject) for mail in mails)
    return ", ".join(f"{counts[name]} {name}" for _, name in reversed(_KINDS) if counts[name]) + "."


def _telling(mails: list[Mail]) -> Mail:
    for head in _PREFERRED:
        for mail in reversed(mails):
            if mail.subject.startswith(head):
                return mail
    return mails[0]
