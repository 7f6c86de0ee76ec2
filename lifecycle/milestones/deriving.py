"""All milestones of an agreement, derived from its facts.

They are kept up to a horizon, and always at least the next one of each series (ARCHITECTURE.md 4b): ``extend_on`` is
the first day on which the horizon uncovers another one. What was over before ``from_on`` is history, and no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lifecycle.agreements.agreement import Agreement, first_day, terms_of
from lifecycle.agreements.status import UNSIGNED, Status
from lifecycle.counting.derivation import DerivationStep, Reading, Source
from lifecycle.counting.steps import roll_step
from lifecycle.days.dates import Period, Roll, after, before
from lifecycle.exits.plan import is_owed_after_end
from lifecycle.milestones.milestone import Derived, MilestoneKey, MilestoneKind
from lifecycle.milestones.of_duties import OF_DUTIES, of_obligations, of_restrictions, of_survivals
from lifecycle.milestones.of_leaving import of_leaving
from lifecycle.milestones.of_terms import Basis, of_terms
from lifecycle.terms.provisions import Terms
from lifecycle.terms.reckoning import targeted
from lifecycle.terms.term_steps import BUFFER

_SIGN_WITHIN: Final = timedelta(days=14)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Derivation:
    """What follows from an agreement; *extend_on* is when more will (None: never)."""

    milestones: tuple[Derived, ...]
    extend_on: date | None


def derive(agreement: Agreement, basis: Basis, *, from_on: date, horizon: Period, today: date) -> Derivation:
    """Every milestone from the term that runs on *from_on* up to *today* + *horizon*, and the next of each series.

    Raises LifecycleError where the facts are impossible.
    """
    if agreement.is_archived or (agreement.status is Status.ENDED and not _owes_something(agreement)):
        return Derivation((), None)
    horizon_on = after(today, horizon)
    found: list[Derived] = []
    beyond: list[date] = []
    for series in _series(agreement, basis, from_on):
        for group in series:
            found.extend(one for one in group if one.is_deadline or one.safe_on >= from_on)
            if group and (on := _last_of(group)) > horizon_on:
                beyond.append(on)
                break
    extend_on = before(min(beyond), horizon) + _ONE_DAY if beyond else None
    unique = {one.key: one for one in found}
    return Derivation(tuple(_with_pins(agreement, unique.values(), basis)), extend_on)


def derive_one(
    agreement: Agreement, key: MilestoneKey, basis: Basis, *, from_on: date, until_on: date
) -> Derived | None:
    """One milestone anew, with its steps; None where the facts do not hold it between *from_on* and *until_on*."""
    for series in _that_may_hold(key, agreement, basis, from_on):
        for group in series:
            for one in group:
                if one.key == key:
                    return next(_with_pins(agreement, [one], basis))
            if group and _last_of(group) > until_on:
                break
    return None


def _owes_something(agreement: Agreement) -> bool:
    """Whether something is still owed under what is over."""
    return any(is_owed_after_end(one) for one in agreement.obligations)


def _series(agreement: Agreement, basis: Basis, from_on: date) -> Iterator[Iterator[list[Derived]]]:
    """The independent series of an agreement, each a stream of groups in the order of time."""
    terms = terms_of(agreement)
    yield from _of_itself(agreement, terms, basis, from_on)
    yield from of_obligations(agreement, agreement.obligations, terms, basis, from_on=from_on)


def _that_may_hold(
    key: MilestoneKey, agreement: Agreement, basis: Basis, from_on: date
) -> Iterator[Iterator[list[Derived]]]:
    """Those of the series in which a milestone can be; of a duty only its own."""
    terms = terms_of(agreement)
    if key.kind not in OF_DUTIES:
        return _of_itself(agreement, terms, basis, from_on)
    its_own = [one for one in agreement.obligations if one.id == key.subject]
    return of_obligations(agreement, its_own, terms, basis, from_on=from_on)


def _of_itself(
    agreement: Agreement, terms: Terms | None, basis: Basis, from_on: date
) -> Iterator[Iterator[list[Derived]]]:
    """The series of all but its duties; of what is over there are none."""
    if agreement.status is Status.ENDED:
        return
    if agreement.status in UNSIGNED:
        yield iter([list(_signature(agreement, basis))])
    if agreement.status is Status.PENDING and (first_on := first_day(agreement)):
        yield iter([[_effective(agreement, first_on)]])
    if terms is not None and agreement.status is not Status.SURVIVING:
        yield of_terms(agreement, terms, basis, from_on=from_on)
        yield from of_leaving(agreement, terms, basis, from_on=from_on)
    if terms is not None:
        yield of_survivals(agreement, terms, today=from_on)
        yield of_restrictions(agreement, terms, today=from_on)


def _last_of(group: list[Derived]) -> date:
    return max(one.reading.nominal_on for one in group)


def _signature(agreement: Agreement, basis: Basis) -> Iterator[Derived]:
    """By the day given, else the business day before it takes effect, else 14 days after the request."""
    nominal_on, rule, text = _sign_by(agreement, basis)
    if nominal_on is None:
        return
    safe_on = basis.calendar.previous(nominal_on)
    steps = (
        DerivationStep(rule, nominal_on, nominal_on, (), text, Source.AGREEMENT),
        roll_step(nominal_on, safe_on, Roll.PRECEDING, basis.calendar),
    )
    reading = Reading(safe_on, nominal_on, nominal_on, steps, basis.assumptions, basis.calendar.provenance)
    reading, target_on = targeted(reading, basis.reckoning(MilestoneKind.SIGNATURE))
    key = MilestoneKey(agreement.id, "signature", MilestoneKind.SIGNATURE, "0")
    yield Derived(key=key, is_deadline=True, reading=reading, target_on=target_on, then_on=agreement.effective_on)


def _sign_by(agreement: Agreement, basis: Basis) -> tuple[date | None, str, str]:
    if agreement.sign_by_on is not None:
        return agreement.sign_by_on, "sign-by", "the day by which it is to be signed"
    if agreement.effective_on is not None:
        day = basis.calendar.previous(agreement.effective_on - _ONE_DAY)
        return day, "sign-before-effective", "the business day before it takes effect"
    if agreement.signature_requested_on is not None:
        return agreement.signature_requested_on + _SIGN_WITHIN, "sign-after-request", "14 days after it was sent out"
    return None, "", ""


def _effective(agreement: Agreement, first_on: date) -> Derived:
    step = DerivationStep("effective", first_on, first_on, (), "the day on which it takes effect", Source.AGREEMENT)
    reading = Reading(first_on, first_on, first_on, (step,))
    key = MilestoneKey(agreement.id, "term", MilestoneKind.EFFECTIVE, "0")
    return Derived(key=key, is_deadline=False, reading=reading, target_on=first_on)


def _with_pins(agreement: Agreement, found: Iterable[Derived], basis: Basis) -> Iterator[Derived]:
    """A pinned day beats the computation and is its last step; the derived day stays visible in it (DATES.md W5)."""
    pins = {(one.subject, one.kind, one.cycle): one.pin for one in agreement.pins}
    for one in found:
        pin = pins.get((one.key.subject, one.key.kind.value, one.key.cycle)) if pins else None
        if pin is None:
            yield one
            continue
        text = f"pinned by {pin.by}: {pin.reason}"
        latest_on = one.reading.latest_on  # facts that were amended since may leave the pinned day no reading
        inputs = (("latest", latest_on.isoformat()),) if pin.on > latest_on else ()
        step = DerivationStep("pin", one.safe_on, pin.on, inputs, text, Source.PINNED)
        days = (pin.on, max(pin.on, one.reading.nominal_on), max(pin.on, one.reading.latest_on))
        computed = [each for each in one.reading.steps if each.rule != BUFFER]  # the target follows from the pinned day
        reading = Reading(*days, (*computed, step), one.reading.assumptions, one.reading.calendars)
        reading, target_on = targeted(reading, basis.reckoning(one.key.kind)) if one.is_deadline else (reading, pin.on)
        yield one._replace(reading=reading, target_on=target_on, is_pinned=True)
