"""What was disclosed is asked back: by a person, or because the agreement comes to its end.

Where the end is known, each disclosure that nobody has asked back yet brings a duty so long after the last day; where
that is over, so long from today. A notice that is taken back takes these duties with it. What was asked for by a person
stays asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.agreement import terms_of
from lifecycle.agreements.status import Status
from lifecycle.assets import returning
from lifecycle.assets.protection import last_certain_day
from lifecycle.days.dates import after
from lifecycle.events import ObligationAdded, ObligationAmended, ObligationEnded
from lifecycle.events.basics import FieldChange
from lifecycle.obligations.duties import Once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.disclosures import Disclosure
    from lifecycle.obligations.duties import Due, Obligation

_OVER: Final = frozenset({Status.SURVIVING, Status.ENDED})


def follow_end(work: Work, agreement_id: str) -> None:
    """The last day is known: whatever nobody has to return yet is owed after it."""
    agreement = work.agreements.get(agreement_id)
    due = _due(work, agreement)
    _add(work, agreement, [returning.duty(one, due) for one in returning.still_to_ask(agreement)])


def follow_disclosure(work: Work, agreement_id: str, disclosure_id: str) -> None:
    """What is recorded when the end is known or over is asked back like all before it.

    What comes with an agreement that was over when it was registered is history.
    """
    agreement = work.agreements.get(agreement_id)
    told = [one for one in returning.still_to_ask(agreement) if one.id == disclosure_id]
    if agreement.status is Status.UNDER_NOTICE:
        _add(work, agreement, [returning.duty(one, _due(work, agreement)) for one in told])
    elif agreement.status in _OVER and agreement_id not in work.new_agreements:
        _add(work, agreement, [returning.duty(one, _from_today(work, agreement)) for one in told])


def follow_stop(work: Work, agreement_id: str) -> None:
    """Its exit no longer asks for it: where the end stands all the same, what was given is owed by duties again."""
    if work.agreements.get(agreement_id).provisions.ended is not None:
        follow_end(work, agreement_id)


def follow_abandonment(work: Work, agreement_id: str) -> None:
    """It was never signed: what was given in the hope of it is owed from now on."""
    agreement = work.agreements.get(agreement_id)
    due = _from_today(work, agreement)
    _add(work, agreement, [returning.duty(one, due) for one in returning.still_to_ask(agreement)])


def follow_revocation(work: Work, agreement_id: str) -> None:
    """It goes on after all: what only its end would have brought is not owed."""
    agreement = work.agreements.get(agreement_id)
    gone = returning.by_the_end(agreement.obligations)
    if gone:
        kept = tuple(one for one in agreement.obligations if one not in gone)
        _drop(work, agreement, kept, gone, because="the notice was revoked")


def ask_back(work: Work, agreement: Agreement, disclosure: Disclosure, by_on: date) -> Agreement:
    """The return of one disclosure is owed by a day; asked again, the day moves."""
    new = returning.duty(disclosure, Once(by_on))
    old = next((one for one in agreement.obligations if one.id == new.id), None)
    if old is None:
        return _add(work, agreement, [new])
    if old.due == new.due:
        return agreement
    kept = tuple(new if one.id == new.id else one for one in agreement.obligations)
    changed = _saved(work, agreement, kept)
    was = old.due.on.isoformat() if isinstance(old.due, Once) else None
    change = FieldChange("due", was, by_on.isoformat())
    work.record(
        ObligationAmended(
            agreement_id=agreement.id, obligation_id=new.id, because="its return was asked for", changes=(change,)
        )
    )
    return changed


def not_owed(work: Work, agreement: Agreement, disclosure: Disclosure, because: str) -> Agreement:
    """It was never given: nobody returns it."""
    gone = tuple(one for one in agreement.obligations if one.id == returning.subject(disclosure))
    if not gone:
        return agreement
    return _drop(work, agreement, returning.without(agreement.obligations, disclosure), gone, because=because)


def _due(work: Work, agreement: Agreement) -> Due:
    """So long after the last day; of an end that was told too late for that, so long from today."""
    terms = terms_of(agreement)
    last_on = last_certain_day(terms) if terms else None
    is_late = last_on is not None and after(last_on, returning.WITHIN) < work.today(agreement)
    return _from_today(work, agreement) if is_late else returning.AT_THE_END


def _from_today(work: Work, agreement: Agreement) -> Once:
    return Once(after(work.today(agreement), returning.WITHIN))


def _add(work: Work, agreement: Agreement, new: Iterable[Obligation]) -> Agreement:
    duties = tuple(new)
    if not duties:
        return agreement
    changed = _saved(work, agreement, (*agreement.obligations, *duties))
    for one in duties:
        work.record(
            ObligationAdded(agreement_id=agreement.id, obligation_id=one.id, name=one.name, kind=one.kind.value)
        )
    return changed


def _drop(
    work: Work, agreement: Agreement, kept: tuple[Obligation, ...], gone: tuple[Obligation, ...], *, because: str
) -> Agreement:
    changed = _saved(work, agreement, kept)
    on = work.today(agreement)
    for one in gone:
        work.record(ObligationEnded(agreement_id=agreement.id, obligation_id=one.id, on=on, because=because))
    return changed


def _saved(work: Work, agreement: Agreement, obligations: tuple[Obligation, ...]) -> Agreement:
    changed = replace(agreement, obligations=obligations, version=agreement.version + 1)
    work.agreements.save(changed)
    return changed
