"""What does not fit together in the register (DATES.md X2): agreements as findings see them.

What is asked of the database is asked for all of them at once: how many questions that takes follows from how many
hundred agreements are spoken of, never from each of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from engine.explaining import moves_in, pin_of
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
from store.queries.finding_grounds import every_milestone, live_audits, moves_logged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Reading
    from lifecycle.exits.start_by import ExitStart
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.terms.provisions import Terms
    from store.events import Recorded


class _Grounds(NamedTuple):
    """What findings rest on beside the facts, by the ids of agreements.

    *audits* of those whose notice still decides something, else none can come too late; *pinned* and *moves* of those
    with pins.
    """

    notices: Mapping[str, Reading]
    audits: Mapping[str, Sequence[Milestone]]
    pinned: Mapping[str, Sequence[Milestone]]
    moves: Mapping[str, Sequence[Recorded]]


def register_findings(work: Work, agreements: Iterable[Agreement], today: date) -> tuple[Finding, ...]:
    """Every finding about *agreements* among one another, and about what they cover."""
    spoken_of = list(agreements)
    grounds = _grounds(work, spoken_of, today)
    subjects = [one for each in spoken_of if (one := _subject(work, each, today, grounds)) is not None]
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


def _grounds(work: Work, agreements: Sequence[Agreement], today: date) -> _Grounds:
    notices: dict[str, Reading] = {}
    for one in agreements:
        terms = terms_of(one)
        notice = our_notice(work, one, terms, today) if terms is not None else None
        if notice is not None:
            notices[one.id] = notice
    with_pins = [one.id for one in agreements if one.pins]
    return _Grounds(
        notices=notices,
        audits=live_audits(work, list(notices)),
        pinned=every_milestone(work, with_pins),
        moves=moves_logged(work, with_pins),
    )


def _subject(work: Work, agreement: Agreement, today: date, grounds: _Grounds) -> FindingSubject | None:
    terms = terms_of(agreement)
    if terms is None:
        return None
    notice = grounds.notices.get(agreement.id)
    return FindingSubject(
        reference=agreement.reference,
        kind=agreement.kind.value,
        counterparty=agreement.counterparty_id,
        terms=terms,
        parent=agreement.parent,
        notice=notice,
        audits=tuple(_audits(work, agreement, grounds)),
        exit=_exit(work, agreement, terms, notice, today),
        pins=tuple(_pins(work, agreement, grounds)),
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


def _audits(work: Work, agreement: Agreement, grounds: _Grounds) -> Iterator[tuple[str, Reading]]:
    for row in grounds.audits.get(agreement.id, ()):
        derived = _derived(work, agreement, row)
        if derived is not None:
            yield row.name or "The audit", derived


def _pins(work: Work, agreement: Agreement, grounds: _Grounds) -> Iterator[PinnedReading]:
    """A pin, what the computation said when it was set (the log knows), and what it says now without the pin."""
    if not agreement.pins:
        return
    unpinned, history = replace(agreement, pins=()), grounds.moves.get(agreement.id, ())
    for row in grounds.pinned.get(agreement.id, ()):
        pin, reading = pin_of(agreement, row), _derived(work, unpinned, row) if row.is_pinned else None
        was_on = next((move.old_on for move in moves_in(history, row) if pin and move.at == pin.at), None)
        if pin is not None and reading is not None and was_on is not None:
            yield PinnedReading(row.key.kind.value, pin, was_on, reading)


def _derived(work: Work, agreement: Agreement, row: Milestone) -> Reading | None:
    try:
        derived = work.planner.explained(agreement, row)
    except LifecycleError:
        return None
    return derived.reading if derived else None
