"""Rights at the command line: the operator may everything, ``--as`` what that person may; and what a change changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standing import standing
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, require
from store.agreements import key_of
from store.errors import NotFound
from store.queries import Queries
from store.queries.nearest import nearest_reference

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.queries import DeadlineRow


class PersonLeft(LifecycleError):
    """Somebody who was disabled cannot be asked for anything."""

    code = "person-left"


def permitted(
    run: Run, work: Work, act: Act, agreement: Agreement | None = None, milestone: Milestone | None = None
) -> None:
    """Raises Forbidden unless whoever acts may do *act* to this."""
    person = run.person(work)
    if person is None:
        return
    how = standing(work, person, agreement, milestone) if agreement is not None else None
    require(person, act, how)


class Named(Queries):
    """What whoever acts may see, as people name it: a slip is answered with the reference that is most like it."""

    def __init__(self, work: Work, person: Person | None) -> None:
        """See ``queries``."""
        super().__init__(work.session, work.now, person=person)
        self._work = work

    def agreement(self, reference: str) -> Agreement:
        try:
            return super().agreement(reference)
        except NotFound as error:
            raise self._told(error, reference) from None

    def deadline(self, name: str, kind: str = "", *, cycle: str = "", is_ended: bool = False) -> DeadlineRow:
        try:
            return super().deadline(name, kind, cycle=cycle, is_ended=is_ended)
        except NotFound as error:
            raise self._told(error, name) from None

    def _told(self, error: NotFound, reference: str) -> NotFound:
        meant = nearest_reference(self._work, reference, self._person)
        slip = f"Did you mean {meant}? "
        if meant and key_of(meant) != key_of(reference) and not error.remedy.startswith(slip):
            error.remedy = f"{slip}{error.remedy}"
        return error


def queries(run: Run, work: Work) -> Queries:
    """What whoever acts may see."""
    return Named(work, run.person(work))


def present(work: Work, email: str) -> Person:
    """Somebody who is there. Raises NotFound, PersonLeft."""
    person = work.people.by_email(email)
    if person.is_disabled:
        raise PersonLeft(f"{person.email} has left.", remedy="Name somebody who is there.")
    return person


def told_outcome(counts: dict[str, int]) -> str:
    """``Deadlines: 3 new, 1 moved.``; of nothing ``No deadline changed.``."""
    said = [f"{number} {name}" for name, number in counts.items() if number]
    return f"Deadlines: {', '.join(said)}." if said else "No deadline changed."
