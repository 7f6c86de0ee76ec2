"""Who may do what: a table of acts and roles (INTERFACE.md section 6).

*Own* is an agreement whose owner or backup one is. *If asked*: whoever received a step of a deadline may answer that
deadline, since an escalation that cannot be answered is a defect. What one may see is another question (``is_inside``),
which ``store.queries.visible`` asks for every list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lifecycle.agreements.agreement import Agreement
from lifecycle.errors import LifecycleError
from lifecycle.people import Person, Role


class Act(StrEnum):
    """What may be done; the values are how it is said."""

    READ = "read the register"
    TRY = "try out what would be"
    ANSWER = "answer a deadline"  # acknowledge, snooze, done
    DECIDE = "decide or assign a deadline"
    REGISTER = "add or change agreements"  # also sign, import, obligations, checklists
    GOVERN = "give notice, renew, terminate, waive, verify, pin, archive, or apply playbooks"
    READ_LOG = "read the log of messages and events"
    EXPORT_EVIDENCE = "export evidence"
    ADMINISTER = "administer people, settings and the outbox"


class Right(StrEnum):
    """How far a role may go."""

    YES = "yes"
    OWN = "own"
    IF_ASKED = "if asked"
    NO = "no"


_Y, _O, _A, _N = Right.YES, Right.OWN, Right.IF_ASKED, Right.NO
_ROLES: Final = (Role.VIEWER, Role.CONTRIBUTOR, Role.LEGAL, Role.AUDITOR, Role.ADMIN)
RIGHTS: Final[Mapping[Act, Mapping[Role, Right]]] = {
    act: dict(zip(_ROLES, rights, strict=True))
    for act, rights in {
        Act.READ: (_Y, _Y, _Y, _Y, _Y),
        Act.TRY: (_Y, _Y, _Y, _Y, _Y),
        Act.ANSWER: (_A, _O, _Y, _A, _Y),
        Act.DECIDE: (_A, _O, _Y, _A, _Y),
        Act.REGISTER: (_N, _O, _Y, _N, _Y),
        Act.GOVERN: (_N, _N, _Y, _N, _Y),
        Act.READ_LOG: (_N, _O, _Y, _Y, _Y),
        Act.EXPORT_EVIDENCE: (_N, _N, _Y, _Y, _Y),
        Act.ADMINISTER: (_N, _N, _N, _N, _Y),
    }.items()
}
_ANSWERS: Final = frozenset({Act.ANSWER, Act.DECIDE})


class Forbidden(LifecycleError):
    """Somebody may not do this."""

    code = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands to what is acted on."""

    is_own: bool = False  # owner or backup of the agreement
    is_asked: bool = False  # received a step of this deadline, or it is assigned to them


def may(role: Role, act: Act, standing: Standing | None = None) -> bool:
    """Whether somebody with *role* may do *act*, standing so to what it is about."""
    how = standing or Standing()
    if act in _ANSWERS and how.is_asked:
        return True
    match RIGHTS[act][role]:
        case Right.YES:
            return True
        case Right.OWN:
            return how.is_own
        case Right.IF_ASKED | Right.NO:
            return False


def require(person: Person, act: Act, standing: Standing | None = None) -> None:
    """Raises Forbidden, with who may."""
    if person.is_disabled or not may(person.role, act, standing):
        remedy = _who_may(act, is_own=standing is not None and standing.is_own)
        raise Forbidden(f"{person.label} ({person.role.value}) may not {act.value} here.", remedy=remedy)


def require_to_add(person: Person, standing: Standing) -> None:
    """Whether somebody may register what they stand so to. Raises Forbidden, with who may, or with whom to name."""
    try:
        require(person, Act.REGISTER, standing)
    except Forbidden as error:
        if RIGHTS[Act.REGISTER][person.role] is Right.OWN and not person.is_disabled:
            error.remedy = "Name yourself as its owner or backup, or ask somebody who is legal or admin."
        raise


def is_inside(person: Person, agreement: Agreement) -> bool:
    """Whether somebody may see an agreement: its owner, its backup, and the people and teams that it is restricted to.

    No role sees through a restriction (R2). People stand there by id, address or name, teams as ``team:N`` or ``N``.
    """
    return is_named(person, agreement.restricted_to, always={agreement.owner_id, agreement.backup_id})


def is_named(person: Person, restricted_to: Collection[str], *, always: Collection[str | None]) -> bool:
    """As ``is_inside``, of a restriction alone; empty, it lets everybody in, and *always* are ids that it lets in."""
    if not restricted_to or person.id in always:
        return True
    teams = {team.casefold() for team in person.teams}
    mine = {person.id, person.email.casefold(), person.name.casefold(), *teams, *(f"team:{team}" for team in teams)}
    return not mine.isdisjoint(name.casefold() for name in restricted_to)


def _who_may(act: Act, *, is_own: bool) -> str:
    """Who is refused what is their own is not sent to themselves."""
    roles = " or ".join(role.value for role in _ROLES if RIGHTS[act][role] is Right.YES)
    owners = Right.OWN in RIGHTS[act].values()
    if owners and is_own:
        return f"Ask an admin for the role contributor, which owners and backups need, or somebody who is {roles}."
    others = ", or the owner or backup of the agreement" if owners else ""
    asked = ", or whoever was asked" if act in _ANSWERS else ""
    return f"Ask somebody who is {roles}{others}{asked}."
