"""What agreements mean for one another: findings over the register, one per cause.

A finding compares *last day* against last day: that confidentiality survives does not cover what is disclosed later. A
renewal that nobody has stopped goes on: an agreement that renews by itself does not end first, but who relies on it is
told (``renewal-relied-on``).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.counting.derivation import Pin, Reading
from lifecycle.exits.start_by import ExitStart
from lifecycle.findings.remedies import REMEDIES
from lifecycle.terms.problems import problems
from lifecycle.terms.provisions import Terms
from lifecycle.terms.renewals import initial_end, last_number, term_on
from lifecycle.words import spoken

_ID_LENGTH = 16  # hexadecimal digits
_COVERS = {"NDA": "nda-ends-first", "DPA": "dpa-ends-first"}
_OF_TERMS = ("notice-longer-than-term", "renews-without-notice")


@dataclass(frozen=True, slots=True)
class Finding:
    """*about* are references, the one to mend first; *on* is the day on which it begins to matter."""

    code: str
    about: tuple[str, ...]
    on: date | None
    text: str

    @property
    def id(self) -> str:
        """Its name as long as its facts stay: whoever accepts it accepts what it says now."""
        told = "\n".join((self.code, *self.about, self.text))
        return hashlib.sha256(told.encode()).hexdigest()[:_ID_LENGTH]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.code]


@dataclass(frozen=True, slots=True)
class PinnedReading:
    """A pin, the day that was computed when it was set, and the reading computed now."""

    subject: str
    pin: Pin
    derived_on: date
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSubject:
    """An agreement as findings see it.

    *notice* is our own window in the running term, *audits* the due days of audits with their names, *exit* the start
    of the exit plan in the running term.
    """

    reference: str
    kind: str
    counterparty: str
    terms: Terms
    parent: str = ""
    notice: Reading | None = None
    audits: tuple[tuple[str, Reading], ...] = ()
    exit: ExitStart | None = None
    pins: tuple[PinnedReading, ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """How long an agreement runs as of a day: *last_on* of the running term, and whether it goes on after it."""

    of: FindingSubject
    last_on: date | None
    goes_on: bool

    @property
    def covers_until(self) -> date:
        """The last day on which it is in force if nobody acts."""
        return date.max if self.goes_on or self.last_on is None else self.last_on


def findings(agreements: Sequence[FindingSubject], today: date) -> tuple[Finding, ...]:
    """All findings about agreements that are in force on *today* or later, in the order of *agreements*."""
    runs = [run for each in agreements if (run := _run(each, today)) is not None]
    by_counterparty: dict[str, list[_Run]] = defaultdict(list)
    by_reference = {run.of.reference: run for run in runs}
    for run in runs:
        by_counterparty[run.of.counterparty].append(run)
    found = [finding for run in runs for finding in _alone(run)]
    for group in by_counterparty.values():
        found += _coverage(group)
    found += [finding for run in runs for finding in _with_parent(run, by_reference.get(run.of.parent))]
    order = {run.of.reference: place for place, run in enumerate(runs)}
    return tuple(sorted(found, key=lambda finding: order[finding.about[0]]))


def _run(subject: FindingSubject, today: date) -> _Run | None:
    """How it runs; None where it is over."""
    terms = subject.terms
    running = term_on(terms, max(today, terms.effective_on))
    if running is None:
        return None
    last = last_number(terms)
    return _Run(subject, running.last_on, goes_on=last is None or running.number < last)


def _alone(run: _Run) -> Iterator[Finding]:
    yield from _of_terms(run)
    yield from _unknown_end(run)
    yield from _audits(run)
    yield from _exit(run)
    yield from _pins(run)


def _of_terms(run: _Run) -> Iterator[Finding]:
    for problem in problems(run.of.terms):
        if problem.code in _OF_TERMS:
            yield Finding(problem.code, (run.of.reference,), run.last_on, problem.text)


def _unknown_end(run: _Run) -> Iterator[Finding]:
    known = initial_end(run.of.terms)
    if known.waiting_for and run.of.terms.ended is None:
        text = f"Nobody knows yet when {run.of.reference} ends: {' and '.join(known.waiting_for)} is awaited."
        yield Finding("unknown-end", (run.of.reference,), known.not_before_on or known.last_on, text)


def _audits(run: _Run) -> Iterator[Finding]:
    notice = run.of.notice
    for name, reading in run.of.audits:
        in_term = run.last_on is None or reading.nominal_on <= run.last_on
        if notice is not None and in_term and reading.safe_on > notice.safe_on:
            text = (
                f"{name} of {run.of.reference} is due on {spoken(reading.nominal_on)}, after its notice must leave "
                f"by {spoken(notice.safe_on)}: the result comes too late for the decision."
            )
            yield Finding("audit-after-notice", (run.of.reference,), reading.safe_on, text)


def _exit(run: _Run) -> Iterator[Finding]:
    start = run.of.exit
    if start is not None and start.alarm:
        text = (
            f"The exit from {run.of.reference} must start by {spoken(start.start_by_on)}, {start.shortfall_days} days "
            f"before its notice must leave: the decision is due then."
        )
        yield Finding("exit-longer-than-notice", (run.of.reference,), start.start_by_on, text)


def _pins(run: _Run) -> Iterator[Finding]:
    for each in run.of.pins:
        if each.reading.safe_on != each.derived_on:
            text = (
                f"{run.of.reference} {each.subject} is pinned to {spoken(each.pin.on)}; when that was done it was "
                f"computed as {spoken(each.derived_on)}, now as {spoken(each.reading.safe_on)}."
            )
            if each.pin.on > each.reading.latest_on:  # facts that were amended since leave it no reading
                text += f" The pinned day is after the latest arguable one, {spoken(each.reading.latest_on)}."
            yield Finding("pin-differs", (run.of.reference,), min(each.pin.on, each.reading.safe_on), text)


def _coverage(group: list[_Run]) -> Iterator[Finding]:
    """Whether what is shared with one counterparty is covered by an NDA, a DPA, as long as it is shared."""
    others = [run for run in group if run.of.kind not in _COVERS]
    for kind, code in _COVERS.items():
        covers = [run for run in group if run.of.kind == kind]
        for other in others:
            if fitting := [cover for cover in covers if _is_for(cover, other)]:
                longest = max(fitting, key=lambda cover: (cover.covers_until, cover.last_on or date.max))
                yield from _outlives(other, longest, code, _named(longest.of))


def _named(one: FindingSubject) -> str:
    """``NDA 2026/7``; a reference that begins with the kind says it itself: ``NDA-9``."""
    says_it = one.reference.casefold().startswith(one.kind.casefold())
    return one.reference if says_it else f"{one.kind} {one.reference}"


def _is_for(cover: _Run, other: _Run) -> bool:
    """One that hangs on an agreement is for that agreement and what hangs on it; any other is for all."""
    return cover.of.parent in {"", other.of.reference, other.of.parent}


def _with_parent(run: _Run, parent: _Run | None) -> Iterator[Finding]:
    if parent is None:
        return
    if run.of.kind == "SOW":
        yield from _outlives(run, parent, "sow-outlives-msa", _named(parent.of), first=run)
    elif run.of.kind == "subcontract":
        yield from _outlives(parent, run, "subcontract-ends-first", f"The subcontract {run.of.reference}")


def _outlives(longer: _Run, base: _Run, code: str, name: str, first: _Run | None = None) -> Iterator[Finding]:
    """A finding where *longer* runs on after *base*, on which it leans; *first* is the one to mend, else *base*."""
    if base.last_on is None:
        return
    about = tuple(run.of.reference for run in ((longer, base) if first is longer else (base, longer)))
    lasts = "goes on" if longer.covers_until == date.max else f"runs until {spoken(longer.covers_until)}"
    if longer.covers_until > base.covers_until:
        text = f"{name} ends on {spoken(base.last_on)}, but {longer.of.reference} {lasts}."
        yield Finding(code, about, base.last_on, text)
    elif base.goes_on and longer.covers_until > base.last_on:
        text = f"{longer.of.reference} {lasts} and relies on {name} to renew after {spoken(base.last_on)}."
        yield Finding("renewal-relied-on", about, base.last_on, text)
