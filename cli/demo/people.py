"""The people of the demo: those who own, stand in, manage, judge, look on, and one who has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifecycle.people import Person, Role

DOMAIN: Final = "hallingdal.example"
ORGANISATION: Final = "Hallingdal Instruments"


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    role: Role
    manager: str = ""
    teams: tuple[str, ...] = ()
    time_zone: str = "Europe/Berlin"


_MEMBERS: Final = (
    _Member("Henrik Lund", Role.ADMIN, teams=("it",)),
    _Member("Amara Okafor", Role.VIEWER, teams=("board",), time_zone="Europe/London"),
    _Member("Jonas Keller", Role.CONTRIBUTOR, "Amara", ("procurement",)),
    _Member("Mei Tanaka", Role.LEGAL, "Amara", ("legal",)),
    _Member("Olga Brandt", Role.CONTRIBUTOR, "Jonas", ("procurement",)),
    _Member("Dana Whitfield", Role.CONTRIBUTOR, "Amara", ("sales",), "America/New_York"),
    _Member("Priya Nair", Role.CONTRIBUTOR, "Jonas", ("research",), "Europe/London"),
    _Member("Tomas Rivera", Role.CONTRIBUTOR, "Jonas", ("facilities",)),
    _Member("Sofia Rossi", Role.AUDITOR, "Amara", ("compliance",)),
    _Member("Lars Vik", Role.CONTRIBUTOR, "Jonas", ("procurement",)),
)
LEFT: Final = "Lars"  # disabled once his agreements are registered
BY_MAIL: Final = frozenset({"Henrik", "Amara", "Jonas", "Mei", "Tomas"})  # who wants mail; the others are in Slack
PASSWORD: Final = "a long-stop demo"  # noqa: S105 - everybody's, in a house that is invented


def first_name(person: Person) -> str:
    """How the shelves call them."""
    return person.name.split()[0]


def newcomers() -> tuple[tuple[Person, str], ...]:
    """Everybody, managers before those whom they manage, with the first name of the manager."""
    return tuple(
        (
            Person(
                id="",
                email=f"{one.name.split()[0].lower()}@{DOMAIN}",
                name=one.name,
                role=one.role,
                teams=one.teams,
                time_zone=one.time_zone,
            ),
            one.manager,
        )
        for one in _MEMBERS
    )


def accounts() -> tuple[tuple[str, str, bool], ...]:
    """Everybody's account in Slack: address, name, and whether they have left."""
    return tuple((one.email, one.name, first_name(one) == LEFT) for one, _ in newcomers())
