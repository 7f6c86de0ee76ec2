"""Somebody leaves: all that stands with them is handed over first, then nothing is sent to them any more.

With somebody stand the agreements that they own or back up; duties of agreements that have an owner of their own
(audits, findings, exit steps, what a counterparty owes); deadlines that are assigned to them; assets that they have;
absences in which they stand in for others; and those whose manager they are. Who takes over takes all of it, in one
transaction, but for what they may not see.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, TypeVar

from engine.operations.assets import change_asset
from engine.operations.people import change_person, disable_person, keep_an_admin
from engine.operations.standing import given_to
from lifecycle.errors import LifecycleError
from lifecycle.events import AbsenceEnded, AbsenceSet, AgreementAmended, FieldChange
from lifecycle.rights import is_inside
from store.queries.leaving import agreements_naming, managed_by, milestones_naming, what_is_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.assets.asset import Asset
    from lifecycle.exits.plan import ExitStep
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.audits import AuditFinding, AuditRight
    from lifecycle.obligations.duties import Obligation
    from lifecycle.people import Absence, Person

_WORDS: Final = {
    "agreements": ("agreement", "agreements"),
    "backups": ("agreement as backup", "agreements as backup"),
    "duties": ("duty", "duties"),
    "deadlines": ("assigned deadline", "assigned deadlines"),
    "assets": ("asset that they have", "assets that they have"),
    "absences": ("absence of others", "absences of others"),
    "people": ("person to manage", "people to manage"),
}
_Duty = TypeVar("_Duty", "Obligation", "AuditRight", "AuditFinding", "ExitStep")


class CannotTakeOver(LifecycleError):
    """Somebody who can own nothing of them."""

    code = "cannot-take-over"

    def __init__(self, person: Person) -> None:
        super().__init__(f"{person.label} cannot take over.", remedy="Name somebody else who is there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each stand with somebody, or were handed over."""

    agreements: int = 0
    backups: int = 0
    duties: int = 0
    deadlines: int = 0
    assets: int = 0
    absences: int = 0
    people: int = 0

    @property
    def said(self) -> str:
        """``2 agreements, 1 duty``; empty where there is nothing."""
        known = ((_WORDS[field.name], getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{number} {words[number > 1]}" for words, number in known if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands with somebody, as far as whoever asks may see it."""

    person: Person
    agreements: tuple[Agreement, ...]  # which they own or back up, or of which a duty is theirs
    rows: tuple[Milestone, ...]  # live milestones that were given to them
    assets: tuple[Asset, ...]  # that they are named to have
    absences: tuple[Absence, ...]  # of others, in which they stand in
    people: tuple[Person, ...]  # whose manager they are
    called: frozenset[str]  # what assets name them by
    over: frozenset[tuple[str, str]] = (
        frozenset()
    )  # agreements and subjects that are due no more: they stay as they were

    @property
    def counts(self) -> Counts:
        """How many of each; a deadline of a duty that is theirs is that duty."""
        mine = self.person.id
        return Counts(
            agreements=sum(one.owner_id == mine for one in self.agreements),
            backups=sum(one.backup_id == mine for one in self.agreements),
            duties=sum(len(self.duties_of(one)) for one in self.agreements),
            deadlines=sum(self._is_assigned(row) for row in self.rows),
            assets=len(self.assets),
            absences=len(self.absences),
            people=len(self.people),
        )

    def duties_of(self, one: Agreement) -> list[str]:
        """The names of an agreement's duties that are theirs; steps of an exit that has not begun are some as well."""
        plan = one.exit
        steps = plan.steps if plan is not None and not plan.is_started else ()
        named = [(duty.name or duty.kind.value, duty) for duty in one.obligations if duty.ended_on is None]
        mine = [name for name, duty in named if duty.owner_id == self.person.id and (one.id, duty.id) not in self.over]
        return [*mine, *(step.name for step in steps if step.owner_id == self.person.id)]

    def given(self, one: Agreement, to_id: str) -> Agreement:
        """The agreement with *to_id* in each place of theirs; nobody is owner and backup at once."""
        owner_id, backup_id = (to_id if known == self.person.id else known for known in (one.owner_id, one.backup_id))
        plan = one.exit
        return replace(
            one,
            owner_id=owner_id,
            backup_id=None if backup_id == owner_id else backup_id,
            obligations=tuple(self._passed(one, duty, to_id, duty.id) for duty in one.obligations),
            audit_rights=tuple(self._passed(one, right, to_id, right.subject) for right in one.audit_rights),
            audit_findings=tuple(
                self._passed(one, found, to_id, found.subject, found.retest_subject) for found in one.audit_findings
            ),
            exit=plan
            and replace(plan, steps=tuple(self._passed(one, step, to_id, plan.subject(step)) for step in plan.steps)),
        )

    def _passed(self, one: Agreement, duty: _Duty, to_id: str, *subjects: str) -> _Duty:
        is_over = {(one.id, subject) for subject in subjects} <= self.over
        return duty if duty.owner_id != self.person.id or is_over else replace(duty, owner_id=to_id)

    def _is_assigned(self, row: Milestone) -> bool:
        holders = {one.id: one for one in self.agreements}
        holder = holders.get(row.key.holder)
        of_duty = holder is not None and any(
            duty.id == row.key.subject and duty.owner_id == self.person.id for duty in holder.obligations
        )
        return row.is_deadline and self.person.id in {row.owner_id, row.backup_id} and not of_duty


def standing_with(work: Work, person: Person, may_see: Callable[[Agreement], bool]) -> Standing:
    """All that stands with somebody on what *may_see* shows, without the archive."""
    named = [one for one in agreements_naming(work, person.id) if may_see(one)]
    rows = milestones_naming(work, person.id)
    holders = work.agreements.many({row.key.holder for row in rows})
    seen = {key for key, one in holders.items() if may_see(one) and not one.is_archived}
    called = _called(work, person)
    found = Standing(
        person=person,
        called=called,
        agreements=tuple(named),
        rows=tuple(row for row in rows if row.key.holder in seen),
        assets=_held_by(work, called, may_see),
        absences=tuple(one for one in work.absences.open() if one.delegate_id == person.id),
        people=tuple(managed_by(work, person.id)),
        over=what_is_over(work, [one.id for one in named]),
    )
    return replace(found, agreements=tuple(one for one in named if found.given(one, "") != one))


def _called(work: Work, person: Person) -> frozenset[str]:
    """Their address, and their name where nobody else who is here bears it."""
    others = {one.label.casefold() for one in work.people.all() if one.id != person.id and not one.is_disabled}
    return frozenset({person.email.casefold(), *({person.label.casefold()} - others)})


def _held_by(work: Work, called: frozenset[str], may_see: Callable[[Agreement], bool]) -> tuple[Asset, ...]:
    """What they are named to have."""
    named = [one for one in work.assets.all() if not one.is_retired and any(_is(called, each) for each in one.holders)]
    covering = work.agreements.many({key for one in named for key in one.agreements})
    return tuple(one for one in named if all(may_see(covering[key]) for key in one.agreements if key in covering))


def _is(called: frozenset[str], holder: str) -> bool:
    return holder.strip().casefold() in called


def leave(work: Work, person: Person, *, standing: Standing, to: Person | None) -> Counts:
    """Hand over what stands with somebody where somebody takes it, and let them go; what was handed over.

    Raises LastAdmin, CannotTakeOver.
    """
    keep_an_admin(work, person)
    handed = hand_over(work, standing, to=to) if to is not None else Counts()
    disable_person(work, person)
    for one in [one for one in work.absences.open() if one.person_id == person.id]:
        _end(work, one)
    return handed


def hand_over(work: Work, standing: Standing, *, to: Person) -> Counts:
    """Give all of it to *to*, but for what they may not see; how much that was. Raises CannotTakeOver."""
    person = standing.person
    if to.is_disabled or to.id == person.id:
        raise CannotTakeOver(to)
    taken = tuple(one for one in standing.agreements if is_inside(to, standing.given(one, to.id)))
    for one in taken:
        _hand_agreement(work, standing, one, to)
    holders = work.agreements.many({row.key.holder for row in standing.rows})
    rows = [row for row in standing.rows if is_inside(to, holders[row.key.holder])]
    told: set[tuple[str, str]] = set()
    for row in rows:
        _hand_deadline(work, row, holders[row.key.holder], (person.id, to.id), told)
    assets = _taken_assets(work, standing, to)
    absences = [one for one in standing.absences if one.person_id != to.id]
    for absence in absences:
        _hand_absence(work, absence, to)
    above = work.people.find(person.manager_id)
    for led in standing.people:
        manager_id = above.id if above is not None and not above.is_disabled else to.id
        change_person(work, replace(led, manager_id=manager_id if manager_id != led.id else None))
    return replace(standing, agreements=taken, rows=tuple(rows), assets=assets, absences=tuple(absences)).counts


def _taken_assets(work: Work, standing: Standing, to: Person) -> tuple[Asset, ...]:
    """What they had, *to* has now; what covers it has to be for their eyes."""
    covering = work.agreements.many({key for one in standing.assets for key in one.agreements})
    taken = tuple(
        one for one in standing.assets if all(is_inside(to, covering[key]) for key in one.agreements if key in covering)
    )
    for one in taken:
        holders = (to.label if _is(standing.called, each) else each for each in one.holders)
        known = replace(work.assets.get(one.id), holders=tuple(dict.fromkeys(holders)))
        change_asset(work, known, because=f"{standing.person.label} has left")
    return taken


def _hand_agreement(work: Work, standing: Standing, one: Agreement, to: Person) -> None:
    """One version and one event, whatever of it was theirs."""
    known = replace(standing.given(one, to.id), version=one.version + 1)
    work.agreements.save(known)
    people = [FieldChange(name, getattr(one, name), getattr(known, name)) for name in ("owner_id", "backup_id")]
    duties = [FieldChange(f"owner of {name}", standing.person.label, to.label) for name in standing.duties_of(one)]
    changes = (*(change for change in people if change.before != change.after), *duties)
    because = f"{standing.person.label} has left"
    work.record(AgreementAmended(agreement_id=one.id, version=known.version, because=because, changes=changes))


def _hand_deadline(
    work: Work, row: Milestone, holder: Agreement, ids: tuple[str, str], told: set[tuple[str, str]]
) -> None:
    """Whoever takes it over is told, of a duty that is due again and again once; who has left is asked no more."""
    old_id, new_id = ids
    owner_id = new_id if row.owner_id == old_id else row.owner_id
    backup_id = new_id if row.backup_id == old_id else row.backup_id
    if backup_id == (owner_id or holder.owner_id):
        backup_id = None
    given_to(work, row, owner_id=owner_id, backup_id=backup_id, is_said=row.key[:2] not in told)
    told.add(row.key[:2])


def _hand_absence(work: Work, one: Absence, to: Person) -> None:
    """Somebody else stands in for the rest of it; who is away is not told that they are back."""
    _end(work, one)
    kept = replace(one, id=work.new_id(), delegate_id=to.id)
    work.absences.add(kept)
    work.record(
        AbsenceSet(
            absence_id=kept.id, person_id=kept.person_id, delegate_id=to.id, mode=kept.mode.value,
            from_on=kept.from_on, until_on=kept.until_on,
        )
    )  # fmt: skip


def _end(work: Work, one: Absence) -> None:
    work.absences.end(one.id, work.now)
    work.record(AbsenceEnded(absence_id=one.id, person_id=one.person_id))
