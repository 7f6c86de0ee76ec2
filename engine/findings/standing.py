"""Findings as people meet them: those that stand, and those that somebody has accepted with a reason.

What is accepted is named by all that it says, so that it is accepted only as long as its facts stay. Findings are
computed from what whoever asks may see, group by group, and never speak of anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.findings.register import findings_about, register_findings
from engine.zones import day_at
from store.queries import visible
from store.queries.agreement_lists import related_to
from store.queries.findings import batches, groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.findings.finding import Finding
    from lifecycle.people import Person
    from store.findings import KeptFinding


class Judged(NamedTuple):
    """A finding; *accepted* is who lives with it and why, None while nobody does."""

    finding: Finding
    accepted: KeptFinding | None


def judged(work: Work, found: Iterable[Finding]) -> list[Judged]:
    """What was found with what people said about it: first what stands, then what was accepted."""
    listed = list(found)
    kept = work.findings.many(one.id for one in listed)
    told = [Judged(one, _accepted(kept.get(one.id))) for one in listed]
    return sorted(told, key=lambda one: one.accepted is not None)


def beside(work: Work, agreement: Agreement, person: Person | None) -> list[Finding]:
    """What bears on the days of an agreement: findings that have a day themselves, and that nobody has accepted."""
    found = judged_about(work, agreement, person)
    return [one.finding for one in found if one.accepted is None and one.finding.on is not None]


def judged_about(work: Work, agreement: Agreement, person: Person | None) -> list[Judged]:
    """The findings that concern *agreement*, as far as *person* may see what they speak of; None is the operator."""
    seen = [agreement, *related_to(work, agreement, person)]
    return judged(work, findings_about(work, agreement, seen))


def every_finding(work: Work, person: Person | None) -> Iterator[Judged]:
    """All findings of the register that *person* may see, group by group; no more than one batch is held."""
    today, may_see = day_at(work.now, work.house.time_zone), visible(person)
    for batch in batches(groups(work)):
        known = work.agreements.many(one for ids in batch for one in ids)
        place = {known[one].reference: number for number, ids in enumerate(batch) for one in ids}
        seen = [one for one in known.values() if may_see(one)]
        found = judged(work, register_findings(work, seen, today))
        yield from sorted(found, key=lambda one: place[one.finding.about[0]])
        work.agreements.forget_seen()


def _accepted(kept: KeptFinding | None) -> KeptFinding | None:
    return kept if kept is not None and kept.accepted_at is not None else None
