"""Somebody will be away, and who is asked meanwhile; and the end of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import absences
from engine.zones import day_at
from lifecycle.days.dates import Period, after
from lifecycle.days.years import must_be_within
from lifecycle.errors import LifecycleError
from lifecycle.events import AbsenceSet

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Absence


class AbsenceRefused(LifecycleError):
    """An absence that cannot be."""

    code = "absence-refused"


def set_absence(work: Work, absence: Absence) -> Absence:
    """Keep that somebody will be away. What is on its way to them then goes to the delegate at its gate.

    Raises AbsenceRefused where it is over already, ends before it begins, meets another one of theirs, or names nobody
    who could stand in; DayOutOfRange where they would never be back.
    """
    must_be_within(absence.from_on, absence.until_on, after(absence.until_on, Period(days=1)))
    person, delegate = work.people.get(absence.person_id), work.people.get(absence.delegate_id)
    if delegate.id == person.id or delegate.is_disabled:
        raise AbsenceRefused(f"{delegate.label} cannot stand in for {person.label}.", remedy="Name somebody else.")
    today = day_at(work.now, person.time_zone or work.house.time_zone)
    if absence.until_on < max(absence.from_on, today):
        raise AbsenceRefused(
            f"An absence from {absence.from_on} to {absence.until_on} is over, or never is.",
            remedy=f"Its last day is the first day at the earliest, and not before {today}.",
        )
    for other in work.absences.open():
        if other.person_id == person.id and other.from_on <= absence.until_on and absence.from_on <= other.until_on:
            raise AbsenceRefused(
                f"{person.label} is away from {other.from_on} to {other.until_on} already.",
                remedy="Call that off first.",
                command=f"longstop person absence {person.email} --end",
            )
    kept = replace(absence, id=work.new_id())
    work.absences.add(kept)
    work.record(
        AbsenceSet(
            absence_id=kept.id,
            person_id=kept.person_id,
            delegate_id=kept.delegate_id,
            mode=kept.mode.value,
            from_on=kept.from_on,
            until_on=kept.until_on,
        )
    )
    return kept


def end_absences(work: Work, person_id: str) -> list[Absence]:
    """Somebody is back early, or does not go: all absences of theirs that are not over, which are over now."""
    found = [one for one in work.absences.open() if one.person_id == person_id]
    for one in found:
        absences.end(work, one)
    return found
