"""What does not fit together in the register (DATES.md X2): agreements as findings see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.explaining import moves_of, pin_of
from engine.findings.unheard import left, unheard_steps
from lifecycle.agreements.agreement import exit_length, is_leaving, terms_of
from lifecycle.errors import LifecycleError
from lifecycle.exits.start_by import exit_start
from lifecycle.findings.finding import Finding, FindingSubject, PinnedReading, findings
from lifecycle.findings.of_assets import asset_findings
from lifecycle.findings.of_silence import silence_findings
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.provisions import Side
from lifecycle.terms.renewals import term_on
from lifecycle.terms.windows import windows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Reading
    from lifecycle.exits.start_by import ExitStart
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.terms.provisions import Terms


def register_findings(work: Work, agreements: Iterable[Agreement], today: date) -> tuple[Finding, ...]:
    """Every finding about *agreements* among one another, and about what they cover."""
    spoken_of = list(agreements)
    subjects = [one for each in spoken_of if (one := _subject(work, each, today)) is not None]
    covered = work.assets.covered_by(one.id for one in spoken_of)
    silent = silence_findings(spoken_of, left(work), unheard_steps(work, spoken_of))
    return (*findings(subjects, today), *asset_findings(spoken_of, covered, today), *silent)


def findings_about(work: Work, agreement: Agreement, seen: Iterable[Agreement]) -> tuple[Finding, ...]:
    """The findings that concern *agreement*: alone, with its parent, with the others of its counterparty.

    *seen* are all agreements that may be spoken of.
    """
    near = [one for one in seen if _is_near(one, agreement)]
    return tuple(
        one for one in register_findings(work, near, work.today(agreement)) if agreement.reference in one.about
    )


def _is_near(one: Agreement, agreement: Agreement) -> bool:
    related = {agreement.reference, agreement.parent} - {""}
    return one.counterparty_id == agreement.counterparty_id or one.reference in related or one.parent in related


def _subject(work: Work, agreement: Agreement, today: date) -> FindingSubject | None:
    terms = terms_of(agreement)
    if terms is None:
        return None
    notice = our_notice(work, agreement, terms, today)
    return FindingSubject(
        reference=agreement.reference,
        kind=agreement.kind.value,
        counterparty=agreement.counterparty_id,
        terms=terms,
        parent=agreement.parent,
        notice=notice,
        audits=tuple(_audits(work, agreement)),
        exit=_exit(work, agreement, terms, notice, today),
        pins=tuple(_pins(work, agreement)),
    )


def our_notice(work: Work, agreement: Agreement, terms: Terms, today: date) -> Reading | None:
    """Our own window in the term that runs on *today*, the earliest; None where notice decides nothing any more."""
    running = term_on(terms, max(today, terms.effective_on))
    if running is None or running.last_on is None or terms.ended is not None:
        return None
    by = work.planner.basis(agreement).reckoning(MilestoneKind.NOTICE)
    readings = [window.reading for window in windows_of(terms, running.number, Side.OURS, by)]
    return min(readings, key=lambda reading: reading.safe_on, default=None)


def _exit(work: Work, agreement: Agreement, terms: Terms, notice: Reading | None, today: date) -> ExitStart | None:
    running = term_on(terms, max(today, terms.effective_on))
    length = exit_length(agreement)
    if length is None or is_leaving(agreement) or running is None or running.last_on is None:
        return None
    calendar = work.calendar(agreement.calendar)
    return exit_start(running.last_on, length, notice=notice, calendar=calendar)


def _audits(work: Work, agreement: Agreement) -> Iterator[tuple[str, Reading]]:
    for row in work.milestones.of(agreement.id):
        if row.is_live and row.key.kind is MilestoneKind.AUDIT:
            derived = _derived(work, agreement, row)
            if derived is not None:
                yield row.name or "The audit", derived


def _pins(work: Work, agreement: Agreement) -> Iterator[PinnedReading]:
    """A pin, what the computation said when it was set (the log knows), and what it says now without the pin."""
    if not agreement.pins:
        return
    unpinned = replace(agreement, pins=())
    for row in work.milestones.of(agreement.id):
        pin, reading = pin_of(agreement, row), _derived(work, unpinned, row) if row.is_pinned else None
        was_on = next((move.old_on for move in moves_of(work, row) if pin and move.at == pin.at), None)
        if pin is not None and reading is not None and was_on is not None:
            yield PinnedReading(row.key.kind.value, pin, was_on, reading)


def _derived(work: Work, agreement: Agreement, row: Milestone) -> Reading | None:
    try:
        derived = work.planner.explained(agreement, row)
    except LifecycleError:
        return None
    return derived.reading if derived else None
