"""Agreements and their counterparties: the newest facts in one row, every earlier version beside it."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from lifecycle.agreements.agreement import Agreement
from store.codec import dumps, loads
from store.errors import NotFound
from store.lacking import lacks
from store.prepared import Prepared, PreparedAmong
from store.schema import agreement_versions, agreements, counterparties, obligations
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from store.session import Session

_BY_ID: Final = Prepared(select(agreements.c.doc).where(agreements.c.id == bindparam("wanted")))
_BY_REFERENCE: Final = select(agreements.c.doc).where(agreements.c.reference_key == bindparam("wanted"))
_ID_OF_NAME: Final = select(counterparties.c.id).where(counterparties.c.name_key == bindparam("wanted"))
_TO_FETCH: Final = PreparedAmong(
    select(
        agreements.c.id, agreements.c.doc, agreements.c.owner_id, agreements.c.backup_id, agreements.c.counterparty_id
    ),
    agreements.c.id,
)
_UPDATE: Final = update(agreements).where(agreements.c.id == bindparam("b_id"))
_SCHEDULE: Final = _UPDATE.values(next_passage_at=bindparam("at"))
_DUE: Final = (
    select(agreements.c.id)
    .where(agreements.c.next_passage_at <= bindparam("now"))
    .order_by(agreements.c.next_passage_at, agreements.c.id)
    .limit(bindparam("most"))
)
_NEXT: Final = Prepared(
    select(agreements.c.next_passage_at)
    .where(agreements.c.next_passage_at.is_not(None))
    .order_by(agreements.c.next_passage_at)
    .limit(1)
    .offset(bindparam("behind"))
)


class Parties(NamedTuple):
    """Whose agreements are, by their ids: our people who answer for them, and the other sides."""

    people: set[str]
    counterparties: set[str]


def key_of(text: str) -> str:
    """The form under which names are compared: case, width and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def search_key(agreement: Agreement) -> str:
    """What plain search words look in: its names, from what it was drawn up, what it is for, and its tags."""
    names = (agreement.reference, agreement.title, agreement.counterparty, agreement.template, agreement.project)
    return key_of(" ".join((*names, *agreement.tags))).replace("\0", "")  # which PostgreSQL takes in no text


class Agreements:
    """All agreements, inside one transaction. What was read once is not read again."""

    def __init__(self, session: Session, now: datetime) -> None:
        """Speak on *session*; versions count from *now*."""
        self._session = session
        self._now = now
        self._seen: dict[str, Agreement] = {}
        self._unread: dict[str, str] = {}  # documents that were fetched with others, until somebody asks

    def get(self, agreement_id: str) -> Agreement:
        """The agreement with this id. Raises NotFound."""
        if agreement_id not in self._seen:
            doc = self._unread.pop(agreement_id, None)
            doc = doc or self._session.find(_BY_ID, {"wanted": agreement_id}).scalar()
            if doc is None:
                raise NotFound("agreement", agreement_id)
            self._seen[agreement_id] = loads(doc, Agreement)
        return self._seen[agreement_id]

    def fetch(self, ids: Iterable[str]) -> Parties:
        """Have these agreements at hand, in one question; whose they are.

        Each is read when somebody asks for it, because one that cannot be read must not stop the others.
        """
        parties = Parties(set(), set())
        for chunk in chunks([one for one in dict.fromkeys(ids) if one not in self._seen]):
            rows = list(self._session.among(_TO_FETCH, chunk))
            self._unread.update({row.id: row.doc for row in rows})
            parties.people.update(someone for row in rows for someone in (row.owner_id, row.backup_id) if someone)
            parties.counterparties.update(row.counterparty_id for row in rows)
        return parties

    def many(self, ids: Iterable[str]) -> dict[str, Agreement]:
        """The agreements with these ids, in one question."""
        wanted = list(dict.fromkeys(ids))
        missing = [one for one in wanted if one not in self._seen]
        for chunk in chunks(missing):
            rows = self._session.execute(select(agreements.c.id, agreements.c.doc).where(agreements.c.id.in_(chunk)))
            self._seen.update({row.id: loads(row.doc, Agreement) for row in rows})
        return {one: self._seen[one] for one in wanted if one in self._seen}

    def find(self, reference: str) -> Agreement | None:
        """The agreement with this reference, ignoring case; None if there is none."""
        doc = self._session.execute(_BY_REFERENCE, {"wanted": key_of(reference)}).scalar()
        if doc is None:
            return None
        agreement = loads(doc, Agreement)
        return self._seen.setdefault(agreement.id, agreement)

    def by_references(self, references: Sequence[str]) -> dict[str, Agreement]:
        """Those of *references* that are there, by the form of ``key_of``, in few questions."""
        found: dict[str, Agreement] = {}
        for chunk in chunks([key_of(one) for one in references]):
            statement = select(agreements.c.reference_key, agreements.c.doc).where(
                agreements.c.reference_key.in_(chunk)
            )
            found.update({row.reference_key: loads(row.doc, Agreement) for row in self._session.execute(statement)})
        self._seen.update({agreement.id: agreement for agreement in found.values()})
        return found

    def ids(self) -> list[str]:
        """Every agreement, archived ones too, by reference."""
        return list(self._session.execute(select(agreements.c.id).order_by(agreements.c.reference_key)).scalars())

    def all(self) -> Iterable[Agreement]:
        """Every agreement, by reference, read as it is asked for."""
        statement = select(agreements.c.doc).order_by(agreements.c.reference_key)
        with self._session.stream(statement) as rows:
            for row in rows:
                yield loads(row.doc, Agreement)

    def due(self, now: datetime, most: int) -> list[str]:
        """Ids of agreements that time may change, the longest due first."""
        return list(self._session.execute(_DUE, {"now": now, "most": most}).scalars())

    def passages(self, until: datetime) -> dict[str, datetime]:
        """When time next changes the agreements that it changes by *until*."""
        where = agreements.c.next_passage_at <= until
        rows = self._session.execute(select(agreements.c.id, agreements.c.next_passage_at).where(where))
        return {row.id: row.next_passage_at for row in rows}

    def next_due_at(self, *, behind: int = 0) -> datetime | None:
        """When time next changes an agreement; the one *behind* so many others."""
        return self._session.find(_NEXT, {"behind": behind}).scalar()

    def with_calendar(self, code: str) -> list[str]:
        """Ids of the agreements that count by a calendar."""
        return list(self._session.execute(select(agreements.c.id).where(agreements.c.calendar == code)).scalars())

    def owned_by(self, person_id: str) -> list[str]:
        """Ids of the agreements that somebody owns, by reference."""
        owned = select(agreements.c.id).where(agreements.c.owner_id == person_id)
        return list(self._session.execute(owned.order_by(agreements.c.reference_key)).scalars())

    def with_counterparty(self, counterparty_id: str) -> list[str]:
        """The ids of all agreements with a counterparty, by reference."""
        theirs = select(agreements.c.id).where(agreements.c.counterparty_id == counterparty_id)
        return list(self._session.execute(theirs.order_by(agreements.c.reference_key)).scalars())

    def calendars_in_use(self) -> list[str]:
        """The codes of all calendars that agreements count by."""
        return list(self._session.execute(select(agreements.c.calendar).distinct()).scalars())

    def add(self, agreement: Agreement) -> None:
        """Keep a new agreement and its first version."""
        doc = dumps(agreement)
        self._session.insert(agreements, [{**_row(agreement, doc), "next_passage_at": None}])
        self._keep_version(agreement, doc)
        self._keep_obligations(agreement)
        self._seen[agreement.id] = agreement

    def save(self, agreement: Agreement) -> None:
        """Keep new facts of a known agreement; a new version is kept for good."""
        before = self.get(agreement.id)
        doc = dumps(agreement)
        row = _row(agreement, doc)
        # To set the id to itself makes SQLite look for all that refers to it, in every message that was ever written.
        self._session.execute(_UPDATE, row | {"b_id": row.pop("id")})
        if agreement.version != before.version:
            self._keep_version(agreement, doc)
        if agreement.obligations != before.obligations:
            self._session.execute(delete(obligations).where(obligations.c.agreement_id == agreement.id))
            self._keep_obligations(agreement)
        self._seen[agreement.id] = agreement

    def schedule(self, agreement_id: str, next_passage_at: datetime | None) -> None:
        """Say when time next changes the agreement."""
        self._session.change(_SCHEDULE, [{"b_id": agreement_id, "at": next_passage_at}])

    def version(self, agreement_id: str, version: int) -> Agreement:
        """An agreement as it was known in one version. Raises NotFound."""
        where = (agreement_versions.c.agreement_id == agreement_id) & (agreement_versions.c.version == version)
        doc = self._session.execute(select(agreement_versions.c.doc).where(where)).scalar()
        if doc is None:
            raise NotFound("version", f"{agreement_id}/{version}")
        return loads(doc, Agreement)

    def as_of(self, agreement_id: str, at: datetime) -> Agreement | None:
        """What was known of an agreement at an instant; None before it was registered."""
        statement = (
            select(agreement_versions.c.doc)
            .where(agreement_versions.c.agreement_id == agreement_id, agreement_versions.c.since_at <= at)
            .order_by(agreement_versions.c.version.desc())
            .limit(1)
        )
        doc = self._session.execute(statement).scalar()
        return None if doc is None else loads(doc, Agreement)

    def forget_seen(self) -> None:
        """What was read is no longer to be trusted (a savepoint was rolled back)."""
        self._seen.clear()

    def _keep_version(self, agreement: Agreement, doc: str) -> None:
        row = {"agreement_id": agreement.id, "version": agreement.version, "since_at": self._now, "doc": doc}
        self._session.insert(agreement_versions, [row])

    def _keep_obligations(self, agreement: Agreement) -> None:
        rows = [
            {"agreement_id": agreement.id, "id": one.id, "kind": one.kind, "name": one.name, "owner_id": one.owner_id,
             "ended_on": one.ended_on}
            for one in agreement.obligations
        ]  # fmt: skip
        if rows:
            self._session.insert(obligations, rows)


class Counterparties:
    """The other sides, one row per name."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._ids: dict[str, str | None] = {}  # None: looked for, and not there yet

    def id_of(self, name: str) -> str | None:
        """The id under which a name is known; None if it is not."""
        key = key_of(name)
        if key not in self._ids:  # what waits to be sent is known by its name already
            self._ids[key] = self._session.ask(_ID_OF_NAME, {"wanted": key}).scalar()
        return self._ids[key]

    def learn(self, names: Iterable[str]) -> None:
        """Look for all of *names* in few questions; for bulk work."""
        wanted = list({key_of(name) for name in names} - self._ids.keys())
        for chunk in chunks(wanted):
            known = select(counterparties.c.name_key, counterparties.c.id).where(counterparties.c.name_key.in_(chunk))
            found = {row.name_key: row.id for row in self._session.ask(known)}
            self._ids.update({key: found.get(key) for key in chunk})

    def add(self, counterparty_id: str, name: str) -> None:
        """Keep a new name."""
        row = {"id": counterparty_id, "name": name, "name_key": key_of(name)}
        self._session.insert(counterparties, [row])
        self._ids[row["name_key"]] = counterparty_id

    def forget_seen(self) -> None:
        """What was read is no longer to be trusted."""
        self._ids.clear()


def _row(agreement: Agreement, doc: str) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "reference": agreement.reference,
        "reference_key": key_of(agreement.reference),
        "kind": agreement.kind,
        "counterparty_id": agreement.counterparty_id,
        "status": agreement.status,
        "is_archived": agreement.is_archived,
        "owner_id": agreement.owner_id,
        "backup_id": agreement.backup_id,
        "parent": agreement.parent,
        "calendar": agreement.calendar,
        "time_zone": agreement.time_zone,
        "version": agreement.version,
        "doc": doc,
        "search_key": search_key(agreement),
        "lacks": lacks(agreement),
        "has_exit_plan": agreement.exit is not None,
        "restricted_to": json.dumps(agreement.restricted_to) if agreement.restricted_to else "",
    }
