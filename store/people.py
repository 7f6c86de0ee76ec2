"""Our own people, their teams, and who can be reached for a role."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from lifecycle.people import Person, Role
from store.agreements import key_of
from store.codec import dumps, loads
from store.errors import NotFound
from store.prepared import Prepared, PreparedAmong
from store.schema import people, team_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Row

    from store.session import Session


@dataclass(frozen=True, slots=True)
class _Doc:
    teams: tuple[str, ...] = ()
    time_zone: str = ""
    calendar: str = ""
    send_at: time | None = None
    channels: tuple[str, ...] = ()
    digests: bool = True
    invitations: bool = True


class _Columns(NamedTuple):
    """A row of the whole table, in the table's order."""

    id: str
    email: str
    email_key: str
    name: str
    role: str
    manager_id: str | None
    is_disabled: bool
    doc: str


_EVERYBODY: Final = Prepared(select(people).order_by(people.c.email_key))
_ALL: Final = (_EVERYBODY, "")  # the group of everybody
_BY_ID: Final = PreparedAmong(select(people), people.c.id)
_ENABLED: Final = select(people).where(~people.c.is_disabled).order_by(people.c.email_key)
_WITH_ROLE: Final = Prepared(_ENABLED.where(people.c.role == bindparam("wanted")))
_IN_TEAM: Final = Prepared(
    _ENABLED.where(people.c.id.in_(select(team_members.c.person_id).where(team_members.c.team == bindparam("wanted"))))
)


class People:
    """Everybody we know, inside one transaction. Small enough to be read at once where many are asked for."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._seen: dict[str, Person] = {}
        self._groups: dict[tuple[Prepared, str], list[Person]] = {}

    def get(self, person_id: str) -> Person:
        """The person with this id. Raises NotFound."""
        found = self.find(person_id)
        if found is None:
            raise NotFound("person", person_id)
        return found

    def find(self, person_id: str | None) -> Person | None:
        """The person with this id; None where nobody has it, or there is none."""
        if person_id is None:
            return None
        found = self._seen.get(person_id)
        if found is None:
            row = next(iter(self._session.ask_among(_BY_ID, [person_id])), None)
            if row is not None:
                found = self._seen[person_id] = _person(row)
        return found

    def read(self, ids: Iterable[str | None]) -> None:
        """Read the people with these ids in one question, for bulk work that will ask for each.

        A row that makes no sense is not read: whoever asks for it, alone, hears of it.
        """
        wanted = {one for one in ids if one is not None}.difference(self._seen)
        self._seen.update({one.id: one for one in _readable(self._session.ask_among(_BY_ID, sorted(wanted)))})

    def have(self, known: Iterable[Person]) -> None:
        """These were read already."""
        for one in known:
            self._seen.setdefault(one.id, one)

    def by_email(self, email: str) -> Person:
        """The person with this address, ignoring case. Raises NotFound."""
        row = self._session.execute(select(people).where(people.c.email_key == email.casefold())).one_or_none()
        if row is None:
            raise NotFound("person", email, remedy="Add them first.", command="longstop person add EMAIL --name NAME")
        return _person(row)

    def all(self) -> list[Person]:
        """Everybody, by address."""
        if _ALL not in self._groups:
            self._groups[_ALL] = [_person(row) for row in self._session.ask(_EVERYBODY)]
        return list(self._groups[_ALL])

    def with_role(self, role: Role) -> list[Person]:
        """The enabled bearers of a rights role, by address."""
        return self._group(_WITH_ROLE, role.value)

    def in_team(self, team: str) -> list[Person]:
        """The enabled members of a team, by address."""
        return self._group(_IN_TEAM, key_of(team))

    def add(self, person: Person) -> None:
        """Keep a new person."""
        self._session.execute(insert(people), [_row(person)])
        self._keep_teams(person)
        self._groups.clear()
        self._seen[person.id] = person

    def save(self, person: Person) -> None:
        """Keep what has changed about a person."""
        row = _row(person)
        del row["id"]  # set to itself it makes SQLite look for all that refers to it
        self._session.execute(update(people).where(people.c.id == person.id).values(row))
        self._session.execute(delete(team_members).where(team_members.c.person_id == person.id))
        self._keep_teams(person)
        self._groups.clear()
        self._seen[person.id] = person

    def forget_seen(self) -> None:
        """What was read is no longer to be trusted."""
        self._seen.clear()
        self._groups.clear()

    def _group(self, question: Prepared, name: str) -> list[Person]:
        """Those that *question* finds under *name*; asked once per transaction.

        A row that makes no sense is left out: the others of a group are told all the same.
        """
        if (question, name) not in self._groups:
            self._groups[question, name] = list(_readable(self._session.ask(question, {"wanted": name})))
        return self._groups[question, name]

    def _keep_teams(self, person: Person) -> None:
        rows = [{"team": key_of(team), "person_id": person.id} for team in dict.fromkeys(person.teams)]
        if rows:
            self._session.execute(insert(team_members), rows)


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "email_key": person.email.casefold(),
        "name": person.name,
        "role": person.role,
        "manager_id": person.manager_id,
        "is_disabled": person.is_disabled,
        "doc": dumps(_doc(person)),
    }


def _doc(person: Person) -> _Doc:
    return _Doc(
        teams=person.teams,
        time_zone=person.time_zone,
        calendar=person.calendar,
        send_at=person.send_at,
        channels=person.channels,
        digests=person.digests,
        invitations=person.invitations,
    )


def _readable(rows: Iterable[Row[Any] | _Columns]) -> Iterator[Person]:
    for row in rows:
        with suppress(ValueError):  # of the codec, or of a role that nobody knows
            yield _person(row)


def read_person(values: Sequence[Any]) -> Person | None:
    """The person of a row of the whole table, by its values; None where it makes no sense."""
    return next(_readable([_Columns(*values)]), None)


@lru_cache(maxsize=1024)
def _person(row: Row[Any] | _Columns) -> Person:
    """The same row makes the same person, and the same few are asked for with every message."""
    doc = loads(row.doc, _Doc)
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        manager_id=row.manager_id,
        is_disabled=row.is_disabled,
        teams=doc.teams,
        time_zone=doc.time_zone,
        calendar=doc.calendar,
        send_at=doc.send_at,
        channels=doc.channels,
        digests=doc.digests,
        invitations=doc.invitations,
    )
