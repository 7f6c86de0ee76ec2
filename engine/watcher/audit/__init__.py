"""The house asks itself what must never be, every five minutes, on a connection of its own (DELIVERY.md A1).

1. Look, in one consistent view: rows (``store.queries.audit``), ladders, the log, calendars, and around the house.
2. Keep what was found. The first audit of a process comes before it sends anything.
3. What is found anew is looked for again two minutes later: after a downtime everything is late for a moment, and
   nobody is to be woken by what mends itself. Until then the house says nothing of itself.
4. What is found twice in a row is told to the operators; it closes by itself when it is not found any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.incidents import close_incident, open_incident
from engine.watcher.ahead import lies_ahead
from engine.watcher.audit.ladders import Place, misplaced
from engine.watcher.audit.log import START, Walked, walked
from engine.watcher.audit.rows import broken_rules, calendars_differ, too_long_in_shadow
from engine.watcher.watching import Finding, watches
from store.codec import dumps, loads
from store.queries.audit import CHECKS as RULES

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work

EVERY: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(minutes=2)  # after something new was found
INCIDENT: Final = "self_audit"
#: Every rule, in the order of ``docs/watching.md``.
CHECKS: Final = (
    *RULES, "calendar_newer", "later_than_ladder", "unreadable", "chain", "shadow_too_long", "disk", "wal", "backup",
)  # fmt: skip
_FACT: Final = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an audit found, and how far it came in what it walks through bit by bit."""

    at: datetime
    findings: tuple[Finding, ...] = ()
    confirmed: frozenset[str] = frozenset()  # the rules that the audit before found broken as well
    ladders: Place | None = None
    log: Walked = START
    shadow_since_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Whether all that was found was found before, too."""
        return all(one.check in self.confirmed for one in self.findings)

    @property
    def text(self) -> str:
        """What was found, in sentences."""
        return " ".join(one.text for one in self.findings)


def run(monitor: Monitor) -> int:
    """Audit the house, if it is time; how many rules are broken."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    return max(1, len(audit(monitor).findings))


def due_at(monitor: Monitor) -> datetime | None:
    """Five minutes after the last one, sooner if it found something new; at once where none was, or is, before now."""
    if watches(monitor) is None:
        return None
    with monitor.look() as work:
        report = last_report(work)
    now = monitor.clock.now()
    if report is None or lies_ahead(report.at, now):
        return now
    return report.at + (EVERY if report.is_settled else AGAIN)


def audit(monitor: Monitor) -> Report:
    """Look and keep what was found; what is over of those who come in is put away on the way."""
    with monitor.look() as work:
        before = last_report(work)
        report = examined(work, before)
    with monitor.work() as work:
        _tell(work, report)
        work.keeping.set_fact(_FACT, dumps(report))
        work.kept.drop_over(work.now)
    return report


def examined(work: Work, before: Report | None = None) -> Report:
    """What is found now; nothing is written. *before* says where the last walk ended."""
    ladders, place = misplaced(work, before.ladders if before else None)
    log, log_to = walked(work, before.log if before else START)
    since_at = ((before.shadow_since_at if before else None) or work.now) if work.house.shadow_mode else None
    watching = watches(work.monitor)
    around = watching.surroundings(work.now) if watching else ()
    found = (*broken_rules(work), *ladders, *log, *calendars_differ(work), *too_long_in_shadow(work, since_at), *around)
    known = {one.check for one in before.findings} if before else set()
    confirmed = frozenset(one.check for one in found if one.check in known)
    return Report(
        at=work.now,
        findings=found,
        confirmed=confirmed,
        ladders=place,
        log=log_to,
        shadow_since_at=since_at,
    )


def last_report(work: Work) -> Report | None:
    """What the last audit found; None where there was none yet."""
    kept = work.keeping.fact(_FACT)
    return loads(kept, Report) if kept else None


def _tell(work: Work, report: Report) -> None:
    found = {one.check: one for one in report.findings}
    for check in sorted(report.confirmed):
        open_incident(work, kind=INCIDENT, subject=check, text=found[check].text)
    for row in work.keeping.incidents():
        if row.kind == INCIDENT and row.subject not in found:
            close_incident(work, kind=INCIDENT, subject=row.subject, because="the audit does not find it any more")
