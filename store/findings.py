"""Findings that were told or accepted, or stand in the register since the last look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from store.rows import insert_new
from store.schema import agreements, findings
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_OPEN: Final = findings.c.is_found & findings.c.accepted_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """A finding as it is kept; *about* are the ids of the agreements that it speaks of, the one to mend first."""

    id: str
    code: str
    about: tuple[str, ...]
    matters_on: date | None
    text: str
    is_found: bool = True
    first_seen_at: datetime
    told_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""
    because: str = ""


class Findings:
    """All kept findings, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def many(self, ids: Iterable[str]) -> dict[str, KeptFinding]:
        """Those of *ids* that are kept."""
        found: dict[str, KeptFinding] = {}
        for chunk in chunks(list(dict.fromkeys(ids))):
            rows = self._session.execute(select(findings).where(findings.c.id.in_(chunk)))
            found.update({row.id: _kept(row) for row in rows})
        return found

    def untold_owners(self) -> list[str | None]:
        """Who owns agreements in which something stands that was neither accepted nor told yet; None for nobody."""
        statement = (
            select(agreements.c.owner_id)
            .join(findings, agreements.c.id == findings.c.agreement_id)
            .where(_OPEN, findings.c.told_at.is_(None))
            .distinct()
        )
        return sorted(self._session.execute(statement).scalars(), key=lambda one: one or "")

    def untold_of(self, owner_id: str | None) -> list[KeptFinding]:
        """What stands in the agreements of an owner and was neither accepted nor told yet, the oldest first."""
        statement = (
            select(findings)
            .join(agreements, agreements.c.id == findings.c.agreement_id)
            .where(agreements.c.owner_id == owner_id, _OPEN, findings.c.told_at.is_(None))
            .order_by(findings.c.first_seen_at, findings.c.id)
        )
        return [_kept(row) for row in self._session.execute(statement)]

    def standing(self) -> list[KeptFinding]:
        """What stood at the last look and was accepted by nobody, what matters first."""
        rows = self._session.execute(select(findings).where(_OPEN).order_by(findings.c.code, findings.c.id))
        return sorted((_kept(row) for row in rows), key=lambda one: one.matters_on or date.max)

    def accepted(self) -> list[KeptFinding]:
        """What somebody lives with, the last at the head; also what is found no more."""
        statement = select(findings).where(findings.c.accepted_at.is_not(None))
        ordered = statement.order_by(findings.c.accepted_at.desc(), findings.c.id)
        return [_kept(row) for row in self._session.execute(ordered)]

    def add(self, new: KeptFinding) -> bool:
        """Keep one; False where it is kept already."""
        return insert_new(self._session, findings, _row(new))

    def renew(self, agreement_ids: Sequence[str], found: Sequence[KeptFinding]) -> int:
        """What stands about these agreements is *found* and nothing else; how many were not known before.

        What was accepted is kept when it is found no more: the same facts are still accepted when they come again.
        """
        wanted = {one.id for one in found}
        known = self.many(wanted)
        for chunk in chunks(agreement_ids):
            mine = select(findings.c.id, findings.c.accepted_at).where(findings.c.agreement_id.in_(chunk))
            gone = [row for row in self._session.execute(mine) if row.id not in wanted]
            self._forget([row.id for row in gone if row.accepted_at is None])
            self._mark([row.id for row in gone if row.accepted_at is not None], is_found=False)
        self._mark([one.id for one in known.values() if not one.is_found], is_found=True)
        new = [one for one in found if one.id not in known]
        if new:
            self._session.execute(insert(findings), [_row(one) for one in new])
        return len(new)

    def tell(self, ids: Sequence[str], at: datetime) -> None:
        """They were told."""
        for chunk in chunks(list(ids)):
            self._session.execute(update(findings).where(findings.c.id.in_(chunk)).values(told_at=at))

    def accept(self, finding_id: str, *, by: str, because: str, at: datetime) -> None:
        """Somebody lives with it from now on."""
        values = {"accepted_at": at, "accepted_by": by, "because": because}
        self._session.execute(update(findings).where(findings.c.id == finding_id).values(values))

    def reopen(self, finding_id: str) -> None:
        """Nobody lives with it any more, and nobody was told of it."""
        values = {"accepted_at": None, "accepted_by": "", "because": "", "told_at": None}
        self._session.execute(update(findings).where(findings.c.id == finding_id).values(values))

    def _forget(self, ids: Sequence[str]) -> None:
        for chunk in chunks(ids):
            self._session.execute(delete(findings).where(findings.c.id.in_(chunk)))

    def _mark(self, ids: Sequence[str], *, is_found: bool) -> None:
        for chunk in chunks(ids):
            self._session.execute(update(findings).where(findings.c.id.in_(chunk)).values(is_found=is_found))


def _row(one: KeptFinding) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in KeptFinding.__slots__ if name != "about"}
    return {**row, "agreement_id": one.about[0], "about": json.dumps(one.about)}


def _kept(row: Row[Any]) -> KeptFinding:
    values = {name: row._mapping[name] for name in KeptFinding.__slots__ if name != "about"}  # noqa: SLF001 - public
    return KeptFinding(**values, about=tuple(json.loads(row.about)))
