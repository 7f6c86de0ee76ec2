"""What a form about a person says, read into values; what cannot be is said at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from engine.zones import zone
from lifecycle.days.dates import parse_day
from lifecycle.people import Person, Role, is_address
from store.queries.entering import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.forms import Form


class Wrong(Exception):
    """A field that cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def filled(work: Work, known: Person, form: Form) -> Person:
    """*known* as the form describes them. Raises Wrong."""
    try:
        role = Role(form.get("role", known.role.value))
    except ValueError:
        raise Wrong("role", "There is no such role.") from None
    manager = somebody(work, "manager", form.get("manager")) if form.get("manager") else None
    if manager is not None and manager.id == known.id:
        raise Wrong("manager", "Nobody is their own manager.")
    teams = tuple(dict.fromkeys(one.strip() for one in form.get("teams").split(",") if one.strip()))
    return replace(
        known,
        name=form.get("name")[:200],
        role=role,
        manager_id=manager.id if manager else None,
        teams=teams,
        time_zone=zone_name(form.get("time_zone", known.time_zone)),
    )


def email_of(form: Form) -> str:
    if not is_address(form.get("email")):
        raise Wrong("email", "That is no mail address. Write it like olga@example.com.")
    return form.get("email")


def somebody(work: Work, field: str, email: str) -> Person:
    try:
        return work.people.by_email(email)
    except NotFound:
        raise Wrong(field, "Nobody here has that address.") from None


def zone_name(name: str) -> str:
    try:
        return str(zone(name)) if name else ""
    except (KeyError, ValueError, OSError):
        raise Wrong("time_zone", "There is no such time zone. Write it like Europe/Berlin.") from None


def day_of(form: Form, name: str) -> date:
    try:
        return parse_day(form.get(name))
    except ValueError:
        raise Wrong(name, "Say the days, such as 2026-12-24.") from None
