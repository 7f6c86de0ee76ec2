"""``people`` and ``teams``: who is here, and who is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Response
from pydantic import AfterValidator

from engine import operations as ops
from engine.access.password_links import HOLDS, link_for
from engine.access.tokens import SCOPES
from engine.documents.people import person_changed, person_row
from engine.documents.silences import absence_changed, absence_row
from engine.operations.leaving import leave, standing_with
from engine.operations.people import keep_an_admin
from engine.zones import zone
from lifecycle.people import Absence, AbsenceMode, Person, Role, is_address
from lifecycle.rights import Act, Forbidden
from store.queries import visible
from web.agreements.missing import Missing
from web.agreements.said import FormRefused, at, somebody
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Day, Nothing, Said, Text
from web.api.caller import Acts, Administers, Caller, Reads
from web.api.routing import get, post
from web.operating.entering import password_address

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from engine.operations.leaving import Counts

_ALL_THAT_PEOPLE_DO: Final = frozenset(SCOPES) - {"metrics"}


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError("write it like olga@example.com")
    return text


def _zone(text: str) -> str:
    try:
        return str(zone(text)) if text else ""
    except (KeyError, ValueError, OSError):
        raise ValueError("write it like Europe/Berlin") from None


Zone = Annotated[Text, AfterValidator(_zone)]  # its name, or nothing


class Amend(Body):
    """What is left out stays as it is; "" as manager is nobody."""

    name: Text | None = None
    role: Role | None = None
    manager: Text | None = None
    teams: tuple[Said, ...] | None = None
    time_zone: Zone | None = None
    send_at: time | None = None
    digests: bool | None = None
    invitations: bool | None = None


class Create(Amend):
    email: Annotated[Said, AfterValidator(_address)]


class End(Body):
    """To whom goes all that stands with them; to nobody where it is left out."""

    to: Text = ""


class Away(Body):
    person: Said
    delegate: Said
    mode: AbsenceMode = AbsenceMode.INSTEAD
    from_on: Day
    until_on: Day


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/people", _listed, "Person", many=True)
    get(made, "/people/{person_id}", _one, "Person")
    post(made, "/people", _create, "PersonChanged", status=201)
    post(made, "/people/{person_id}/amend", _amend, "PersonChanged")
    post(made, "/people/{person_id}/end", _end, "PersonChanged")
    post(made, "/people/{person_id}/return", _return, "PersonChanged")
    post(made, "/people/{person_id}/password-link", _password_link, "PasswordLink", status=201)
    get(made, "/teams", _teams, "Team", many=True)
    get(made, "/teams/{name}", _team, "Team")
    get(made, "/absences", _absences, "Absence", many=True)
    post(made, "/absences", _go_away, "AbsenceChanged", status=201)
    post(made, "/absences/{absence_id}/end", _come_back, "AbsenceChanged")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By address."""
    with caller.look() as work:
        page, following = some(work.people.all(), lambda one: f"{one.email.casefold()} {one.id}", asked)
        return items(caller, "people", [person_row(work, one) for one in page], following)


def _one(caller: Reads, person_id: str) -> Response:
    """Somebody."""
    with caller.look() as work:
        return item(caller, "people", person_row(work, work.people.get(person_id)))


def _create(caller: Administers, said: Create) -> Response:
    """Take somebody in."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        person = Person(id="", email=said.email, **_said(work, said))
        return _told(caller, work, ops.add_person(work, person), "added")

    return changed(caller, "person-changed", change, status=201)


def _amend(caller: Administers, person_id: str, said: Amend) -> Response:
    """Change what is known of somebody."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        known = work.people.get(person_id)
        if said.role not in {None, Role.ADMIN}:
            keep_an_admin(work, known)
        new = replace(known, **_said(work, said))
        if new.manager_id == known.id:
            raise FormRefused({"manager": "Nobody is their own manager."})
        return _told(caller, work, ops.change_person(work, new), "changed")

    return changed(caller, "person-changed", change)


def _end(caller: Administers, person_id: str, said: End | None = None) -> Response:
    """Somebody left: nothing is sent to them any more, backup and manager take over; *to* takes over all of theirs."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        known = work.people.get(person_id)
        to = somebody(work, "to", said.to) if said and said.to else None
        handed = leave(work, known, standing=standing_with(work, known, visible(caller.person)), to=to)
        return _told(caller, work, work.people.get(person_id), "disabled", handed)

    return changed(caller, "person-changed", change)


def _return(caller: Administers, person_id: str, said: Nothing | None = None) -> Response:
    """They are here again; what others own by now is not given back."""
    del said

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        person = replace(work.people.get(person_id), is_disabled=False)
        return _told(caller, work, ops.change_person(work, person), "changed")

    return changed(caller, "person-changed", change)


def _password_link(caller: Administers, person_id: str, said: Nothing | None = None) -> Response:
    """Where they choose a password of their own: good once, for a day, told once. It opens all that they may do."""
    del said

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        if missing := sorted(_ALL_THAT_PEOPLE_DO - caller.scopes):
            raise Forbidden(
                f"This token is not for {missing[0]}.", remedy="A link opens all: use one with every scope."
            )
        person = work.people.get(person_id)
        address = password_address(caller, link_for(work, person, caller.site.key))
        about = {"person_id": person.id, "email": person.email, "ends_at": work.now + HOLDS}
        return {**about, "link": None if caller.is_dry_run else address, "is_dry_run": caller.is_dry_run}

    return changed(caller, "password-link", change, status=201, once=("link",))


def _said(work: Work, said: Amend) -> dict[str, Any]:
    found = said.model_dump(exclude_none=True, exclude={"email", "manager"})
    if said.send_at is not None:
        found["send_at"] = said.send_at.replace(tzinfo=None)
    if said.manager is not None:
        found["manager_id"] = somebody(work, "manager", said.manager).id if said.manager else None
    return found


def _told(caller: Caller, work: Work, person: Person, result: str, handed: Counts | None = None) -> dict[str, Any]:
    return {**person_changed(work, person, result, handed), "is_dry_run": caller.is_dry_run}


def _teams(caller: Reads, asked: Pages) -> Response:
    """By name, each with the addresses of its people."""
    with caller.look() as work:
        page, following = some(_all_teams(work), lambda one: str(one["name"]), asked)
    return items(caller, "teams", page, following)


def _team(caller: Reads, name: str) -> Response:
    """One team."""
    with caller.look() as work:
        for one in _all_teams(work):
            if one["name"] == name:
                return item(caller, "teams", one)
    raise Missing("such team", "List them.")


def _all_teams(work: Work) -> list[dict[str, Any]]:
    there = [one for one in work.people.all() if not one.is_disabled]
    names = sorted({team for one in there for team in one.teams})
    return [{"name": name, "people": [one.email for one in there if name in one.teams]} for name in names]


def _absences(caller: Reads, asked: Pages) -> Response:
    """Who is away, or will be."""
    with caller.look() as work:
        page, following = some(work.absences.open(), lambda one: f"{one.from_on} {one.id}", asked)
        return items(caller, "absences", [absence_row(work, one) for one in page], following)


def _go_away(caller: Acts, said: Away) -> Response:
    """Whoever stands in is asked; everybody says it for themselves, an admin for all."""

    def change(work: Work) -> dict[str, Any]:
        with at("person"):
            person = work.people.by_email(said.person)
        _own(caller, person.id)
        wanted = Absence(
            id="",
            person_id=person.id,
            delegate_id=somebody(work, "delegate", said.delegate).id,
            mode=said.mode,
            from_on=said.from_on,
            until_on=said.until_on,
        )
        kept = ops.set_absence(work, wanted)
        return {**absence_changed(work, person, [kept], "away"), "is_dry_run": caller.is_dry_run}

    return changed(caller, "absence-changed", change, status=201)


def _come_back(caller: Acts, absence_id: str, said: Nothing | None = None) -> Response:
    """They are back early, or do not go: every absence of theirs is over."""
    del said

    def change(work: Work) -> dict[str, Any]:
        known = work.absences.get(absence_id)
        _own(caller, known.person_id)
        ended = ops.end_absences(work, known.person_id)
        found = absence_changed(work, work.people.get(known.person_id), ended, "back" if ended else "here already")
        return {**found, **absence_row(work, known), "is_dry_run": caller.is_dry_run}

    return changed(caller, "absence-changed", change)


def _own(caller: Caller, person_id: str) -> None:
    if caller.person.id != person_id:
        caller.require(Act.ADMINISTER)
