"""What somebody may bring in: an import follows the rights of whoever imports, row by row (INTERFACE.md R1-R3).

Who may only change what is their own imports their own; what they may not see is taken, and nothing more is said of it;
people are an admin's to change. The operator at the command line may everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.intake.findings import Fault, Finding
from lifecycle.rights import RIGHTS, Act, Forbidden, Right, Standing, is_inside, may, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.intake.sides import PersonDraft
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person

#: What is said of a reference that belongs to an agreement which they may not see.
TAKEN: Final = Fault("reference_taken", "This reference is taken.", "Choose another, or ask its owner for access.")


def must_be_let_in(person: Person | None) -> None:
    """Raises Forbidden for who may register nothing, not even what is their own; row by row ``refusal`` follows."""
    if person is not None and RIGHTS[Act.REGISTER][person.role] not in {Right.YES, Right.OWN}:
        require(person, Act.REGISTER)


def sees(person: Person | None, agreement: Agreement) -> bool:
    """Whether *person* may see it; None is the operator."""
    return person is None or is_inside(person, agreement)


def refusal(person: Person | None, known: Agreement | None, new: Agreement) -> Fault | None:
    """Why *person* may not make *new* of *known*; None where they may."""
    if person is None:
        return None
    whose = known or new
    how = Standing(is_own=person.id in {whose.owner_id, whose.backup_id})
    try:
        require(person, Act.REGISTER, how)
    except Forbidden as error:
        return Fault(error.code, error.sentence, error.remedy)
    is_restricting = known is not None and known.restricted_to != new.restricted_to
    if is_restricting and not may(person.role, Act.GOVERN, how):
        return Fault("forbidden", "Who may see it is not yours to change.", "Leave the cell empty, or ask legal.")
    return None


def left_out(person: Person | None, people: Sequence[PersonDraft]) -> tuple[Finding, ...]:
    """What is said where a sheet of people comes from somebody who may not change people."""
    if not people or person is None or may(person.role, Act.ADMINISTER):
        return ()
    sheet, message = people[0].row.plan.sheet.name, "People are left out: only an admin changes people."
    return (Finding(sheet, "", "", "", "people_left_out", message, "Ask an admin to import them.", is_error=False),)
