"""Rights at the command line: the operator may everything, ``--as`` what that person may; and what a change changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from engine.incoming.answers import standing
from lifecycle.errors import LifecycleError
from lifecycle.events import MilestonesReplanned
from lifecycle.rights import Act, require
from store.queries import Queries

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.milestones import Milestone
    from lifecycle.people import Person


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


def queries(run: Run, work: Work) -> Queries:
    """What whoever acts may see."""
    return Queries.of(work, person=run.person(work))


def present(work: Work, email: str) -> Person:
    """Somebody who is there. Raises NotFound, PersonLeft."""
    person = work.people.by_email(email)
    if person.is_disabled:
        raise PersonLeft(f"{person.email} has left.", remedy="Name somebody who is there.")
    return person


def outcome(work: Work) -> dict[str, int]:
    """How many deadlines are new, moved, withdrawn and open again by what was done in this transaction."""
    work.settle()
    counted: Counter[str] = Counter()
    for event in work.recorded:
        if isinstance(event, MilestonesReplanned):
            counted["new"] += len(event.added)
            counted["moved"] += len(event.moved)
            counted["withdrawn"] += len(event.withdrawn)
            counted["reopened"] += len(event.reopened)
    return {name: counted[name] for name in ("new", "moved", "withdrawn", "reopened")}


def moves(work: Work) -> list[dict[str, Any]]:
    """Which deadlines moved in this transaction, from when to when."""
    work.settle()
    found = []
    for event in work.recorded:
        if isinstance(event, MilestonesReplanned):
            for milestone_id, old_on, new_on in event.moved:
                row = work.milestones.get(milestone_id)
                found.append(
                    {"id": row.id, "kind": row.key.kind, "cycle": row.key.cycle, "old_on": old_on, "new_on": new_on}
                )
    return found


def told_outcome(counts: dict[str, int]) -> str:
    """``Deadlines: 3 new, 1 moved.``; of nothing ``No deadline changed.``."""
    said = [f"{number} {name}" for name, number in counts.items() if number]
    return f"Deadlines: {', '.join(said)}." if said else "No deadline changed."
