"""What stands on top of every page: where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lifecycle.rights import Act, may

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.people import Role
    from web.frame.viewer import Visit

_PLACES: Final = (
    ("Deadlines", "/deadlines", "d"),
    ("Agreements", "/agreements", "a"),
    ("Audits", "/audits", "u"),
    ("Exit plans", "/exit-plans", "x"),
    ("Playbooks", "/playbooks", "p"),
    ("Reports", "/reports", "r"),
)
#: What stands below an entry and has an address of its own.
_BELOW: Final[Mapping[str, tuple[str, ...]]] = {
    "/deadlines": ("/verify",),
    "/agreements": ("/counterparties", "/assets", "/import", "/what-if"),
    "/playbooks": ("/checklists",),
    "/reports": ("/forecast", "/gaps", "/evidence"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry; *key* leads there after ``g``."""

    name: str
    path: str
    key: str
    is_here: bool


def menu(seen: Visit) -> tuple[tuple[str, str], ...]:
    """Their own pages, as names and addresses."""
    if seen.person is None:
        return ()
    silences = (("Silences", "/silences"),) if may(seen.person.role, Act.GOVERN) else ()
    return (("Me", "/me"), ("Calendar feeds", "/subscribe"), *silences, *_logs(seen.person.role))


def _logs(role: Role) -> tuple[tuple[str, str], ...]:
    """What those may read who do not administer, and so have no entry of their own on top."""
    if may(role, Act.ADMINISTER) or not may(role, Act.READ_LOG):
        return ()
    return (("Message log", "/admin/outbox"), ("Event log", "/admin/log"))


def navigation(seen: Visit) -> tuple[Place, ...]:
    """The entries for whoever looks; none for a visitor."""
    if seen.person is None:
        return ()
    here = f"{seen.path.partition('?')[0]}/"
    places = [*_PLACES]
    if may(seen.person.role, Act.ADMINISTER):
        places.append(("Admin", "/admin", "s"))
    return tuple(Place(name, path, key, _is_below(here, path)) for name, path, key in places)


def _is_below(here: str, path: str) -> bool:
    return any(here.startswith(f"{one}/") for one in (path, *_BELOW.get(path, ())))
