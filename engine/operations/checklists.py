"""Checklists laid over an agreement, or over a counterparty before there is an agreement.

What is owed lives on agreements alone. A counterparty with whom nothing is signed yet gets a draft without terms that
holds its duties; when an agreement comes, the draft is archived or becomes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from engine.counterparty_duties import holder_reference
from engine.delivery.recipients import enabled
from engine.operations.duties import add_obligation
from engine.operations.registering import register
from lifecycle.agreements.agreement import Agreement, AgreementKind, terms_of
from lifecycle.audience import Audience, AudienceKind
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.milestones.of_duties import anchors_of
from lifecycle.obligations.checklist import Checklist, Template, applied
from lifecycle.obligations.duties import Obligation, Recurrence
from lifecycle.obligations.rounds import next_round
from lifecycle.people import Role
from lifecycle.words import listed
from store.queries.counterparty_lists import counterparties_seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from engine.monitor import Work
    from lifecycle.people import Person

_MOST_NAMED: Final = 3
_MOST_NEAR: Final = 3
_NEAR: Final = 0.5  # how much of two names has to be the same


@dataclass(frozen=True, slots=True)
class Laid:
    """What a checklist has brought; *waiting* are items that recur from a day that is not known yet.

    *number* is the round of it, *owed* what of that is owed still and keeps another one from beginning.
    """

    agreement: Agreement
    new: tuple[Obligation, ...]
    waiting: tuple[Template, ...]
    number: int
    owed: tuple[Obligation, ...]

    @property
    def remark(self) -> str:
        """That a new round begins, or why nothing is new; "" where there is nothing to say."""
        if self.new:
            return f"Round {self.number} of it begins." if self.number > 1 else ""
        return self._why_nothing() if self.owed else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """The same, what waits, and that nobody answers for it."""
        unowned = "Nobody answers for it: name an owner." if self.new and self.agreement.owner_id is None else ""
        told = (self.remark, *(f"{one.name} waits for a day that is not known." for one in self.waiting), unowned)
        return tuple(one for one in told if one)

    def _why_nothing(self) -> str:
        once = [one.name for one in self.owed if not isinstance(one.due, Recurrence)]
        if not once:
            return "Nothing is new: it recurs, and goes on."
        more = f" and {left} more" if (left := len(once) - _MOST_NAMED) > 0 else ""
        names = f"{', '.join(once[:_MOST_NAMED])}{more}"
        return f"Nothing is new. A new round begins when this is owed no more: {names}."


def lay_checklist(work: Work, agreement: Agreement, checklist: Checklist, on: date) -> Laid:
    """Give *agreement* the obligations of *checklist* that it does not have yet, counted from *on*. Twice is once.

    Where nothing of it is owed any more, all of it comes anew (``lifecycle.obligations.rounds``).
    """
    found = applied(
        checklist,
        on,
        anchors=anchors_of(agreement, terms_of(agreement), work.today(agreement)),
        calendar=work.calendar(agreement.calendar),
        owner_of=lambda audience: owner_named(work, agreement, audience),
    )
    laid = next_round(found.obligations, agreement.obligations, _is_over(work, agreement))
    for obligation in laid.new:
        agreement = add_obligation(work, agreement, obligation)
    return Laid(agreement, laid.new, found.waiting, laid.number, laid.owed)


def _is_over(work: Work, agreement: Agreement) -> Callable[[Obligation], bool]:
    """Says of a duty whether it has ended, or is due once and was answered, waived or missed for good."""
    today = work.today(agreement)
    rows = [row for row in work.milestones.of(agreement.id) if row.state is not MilestoneState.WITHDRAWN]
    live, known = ({row.key.subject for row in some} for some in ([row for row in rows if row.is_live], rows))

    def is_over(one: Obligation) -> bool:
        if one.ended_on is not None and one.ended_on <= today:
            return True
        return not isinstance(one.due, Recurrence) and one.id in known - live

    return is_over


def holder_of(work: Work, counterparty: str, *, owner_id: str | None) -> Agreement:
    """The draft that holds what concerns a counterparty alone; registered here where there is none.

    Its backup stands in for the same owner elsewhere with this counterparty, else it is the owner's manager.
    """
    name = " ".join(counterparty.split())
    reference = holder_reference(name)
    known = work.agreements.find(reference)
    if known is not None:
        return known
    draft = Agreement(
        id="",
        reference=reference,
        kind=AgreementKind.OTHER,
        counterparty_id="",
        counterparty=name,
        title="Outside any agreement",
        owner_id=owner_id,
        backup_id=_backup(work, name, owner_id),
        calendar=work.house.calendar,
        time_zone=work.house.time_zone,
    )
    return register(work, draft)


def new_side(work: Work, counterparty: str, person: Person | None) -> str:
    """That nobody knows this counterparty yet, and whom *person* may see under a name like it; "" where it is known."""
    words = counterparty.split()
    if not words or work.counterparties.id_of(counterparty) is not None:
        return ""
    names = [one.name for one in counterparties_seen(work, person, named=words[0])]
    near = get_close_matches(counterparty, names, n=_MOST_NEAR, cutoff=_NEAR)
    meant = f" Known already: {listed(near)}." if near else ""
    return f"{' '.join(words)} is new: no agreement is with it.{meant}"


def _backup(work: Work, counterparty: str, owner_id: str | None) -> str | None:
    side = work.counterparties.id_of(counterparty)
    known = work.agreements.many(work.agreements.with_counterparty(side)).values() if side else ()
    beside = [one.backup_id for one in known if one.owner_id == owner_id and enabled(work, one.backup_id)]
    owner = enabled(work, owner_id)
    return beside[-1] if beside else owner.manager_id if owner else None


def owner_named(work: Work, agreement: Agreement, audience: Audience) -> str | None:
    """The one person whom an audience means; None, the agreement's owner, where it means nobody or several."""
    match audience.kind:
        case AudienceKind.BACKUP:
            return agreement.backup_id
        case AudienceKind.MANAGER:
            owner = enabled(work, agreement.owner_id)
            return owner.manager_id if owner else None
        case AudienceKind.ROLE:
            found = work.people.with_role(Role(audience.name))
        case AudienceKind.TEAM:
            found = work.people.in_team(audience.name)
        case _:
            return None
    return found[0].id if len(found) == 1 else None
