"""What the house keeps for itself: facts of its first start, playbooks, calendars, incidents, leases, imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.errors import NotFound
from store.prepared import Prepared
from store.rows import insert_new, upsert
from store.schema import (
    calendar_snapshots,
    import_assets,
    import_batches,
    import_rows,
    incidents,
    job_runs,
    leases,
    meta,
    playbook_versions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_LATEST: Final = (
    select(playbook_versions.c.playbook, func.max(playbook_versions.c.version).label("version"))
    .group_by(playbook_versions.c.playbook)
    .subquery()
)
_NEWEST: Final = Prepared(
    select(playbook_versions)
    .join(
        _LATEST,
        (_LATEST.c.playbook == playbook_versions.c.playbook) & (_LATEST.c.version == playbook_versions.c.version),
    )
    .order_by(playbook_versions.c.playbook)
)
_INCIDENTS: Final = select(incidents).order_by(incidents.c.opened_at, incidents.c.id)
_INCIDENT: Final = Prepared(select(incidents).where(incidents.c.id == bindparam("id")))
_FACT: Final = Prepared(select(meta.c.value).where(meta.c.name == bindparam("fact")))
_OPEN_INCIDENTS: Final = Prepared(_INCIDENTS.where(incidents.c.closed_at.is_(None)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookVersion:
    """One version of a playbook: canonical JSON, never changed."""

    playbook: str
    version: int
    sha256: str
    applied_at: datetime
    doc: str


class Keeping:
    """The house's own small tables, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._open_incidents: list[Row[Any]] | None = None

    def forget_seen(self) -> None:
        """What was read is no longer to be trusted."""
        self._open_incidents = None

    # -- facts of the first start ------------------------------------------------------------------------------------

    def fact(self, name: str) -> str | None:
        """A fact about this database; None if it was never set."""
        return self._session.find(_FACT, {"fact": name}).scalar()

    def set_fact(self, name: str, value: str) -> None:
        """Keep a fact about this database."""
        upsert(self._session, meta, {"name": name, "value": value}, key=["name"])

    # -- playbooks ---------------------------------------------------------------------------------------------------

    def playbooks(self) -> list[PlaybookVersion]:
        """The newest version of each playbook, by name."""
        return [_version(row) for row in self._session.ask(_NEWEST)]

    def playbook(self, name: str, version: int) -> PlaybookVersion:
        """One version of a playbook. Raises NotFound."""
        where = (playbook_versions.c.playbook == name) & (playbook_versions.c.version == version)
        row = self._session.execute(select(playbook_versions).where(where)).one_or_none()
        if row is None:
            raise NotFound(
                "playbook version", f"{name} {version}", remedy="List them.", command="longstop playbook list"
            )
        return _version(row)

    def add_playbook(self, new: PlaybookVersion) -> None:
        """Keep a version for good."""
        row = {name: getattr(new, name) for name in ("playbook", "version", "sha256", "applied_at", "doc")}
        self._session.execute(insert(playbook_versions), [row])

    # -- calendars ---------------------------------------------------------------------------------------------------

    def current_calendars(self) -> dict[str, str]:
        """The digest of the snapshot that holds, by calendar code."""
        statement = select(calendar_snapshots.c.code, calendar_snapshots.c.digest).where(
            calendar_snapshots.c.is_current
        )
        return {row.code: row.digest for row in self._session.execute(statement)}

    def keep_calendar(self, *, code: str, digest: str, seen_at: datetime, doc: str) -> None:
        """Let a snapshot hold from now on; earlier ones stay."""
        same = calendar_snapshots.c.code == code
        self._session.execute(update(calendar_snapshots).where(same).values(is_current=False))
        row = {"digest": digest, "code": code, "seen_at": seen_at, "is_current": True, "doc": doc}
        upsert(self._session, calendar_snapshots, row, key=["digest"])

    def calendar(self, digest: str) -> str | None:
        """The snapshot with this digest, as a document."""
        return self._session.execute(
            select(calendar_snapshots.c.doc).where(calendar_snapshots.c.digest == digest)
        ).scalar()

    # -- incidents ---------------------------------------------------------------------------------------------------

    def open_incident(self, row: dict[str, Any]) -> bool:
        """Open an incident; False when the same is open already."""
        self._open_incidents = None
        return insert_new(self._session, incidents, row)

    def close_incident(self, kind: str, subject: str, at: datetime) -> str | None:
        """Close an incident; its id, or None when none was open."""
        self._open_incidents = None
        same = (incidents.c.kind == kind) & (incidents.c.subject == subject) & incidents.c.closed_at.is_(None)
        statement = update(incidents).where(same).values(closed_at=at).returning(incidents.c.id)
        return self._session.execute(statement).scalar()

    def have_none(self) -> None:
        """It was asked already: no incident is open."""
        self._open_incidents = []

    def incidents(self, *, only_open: bool = True) -> list[Row[Any]]:
        """Incidents, oldest first."""
        if not only_open:
            return list(self._session.execute(_INCIDENTS))
        if self._open_incidents is None:
            self._open_incidents = list(self._session.ask(_OPEN_INCIDENTS))
        return self._open_incidents

    def open_about(self, kind: str, subjects: AbstractSet[str]) -> set[str]:
        """Those among *subjects* about which an incident of this kind is open."""
        return {one.subject for one in self.incidents() if one.kind == kind and one.subject in subjects}

    def incident(self, incident_id: str) -> Any:  # noqa: ANN401 - a row
        """One incident, open or closed. Raises NoResultFound for an id that nobody gave."""
        return self._session.find(_INCIDENT, {"id": incident_id}).one()

    # -- leases and runs ---------------------------------------------------------------------------------------------

    def take_lease(self, name: str, *, holder: str, now: datetime, until: datetime) -> int | None:
        """Take or keep a lease; its fence, or None while somebody else holds it.

        One that reaches beyond twice its length was taken before the clock was set back, and nobody keeps it.
        """
        row = self._session.execute(select(leases).where(leases.c.name == name).with_for_update()).one_or_none()
        if row is None:
            self._session.execute(insert(leases), [{"name": name, "holder": holder, "until_at": until, "fence": 1}])
            return 1
        if row.holder != holder and now < row.until_at <= until + (until - now):
            return None
        fence = row.fence if row.holder == holder else row.fence + 1
        values = {"holder": holder, "until_at": until, "fence": fence}
        self._session.execute(update(leases).where(leases.c.name == name).values(values))
        return int(fence)

    def lease(self, name: str) -> Row[Any] | None:
        """Who holds a lease, and until when."""
        return self._session.execute(select(leases).where(leases.c.name == name)).one_or_none()

    def give_back_lease(self, name: str, *, holder: str, now: datetime) -> None:
        """Let somebody else have it at once."""
        mine = (leases.c.name == name) & (leases.c.holder == holder)
        self._session.execute(update(leases).where(mine).values(until_at=now))

    def note_run(self, row: dict[str, Any]) -> None:
        """Remember a job's last run."""
        upsert(self._session, job_runs, row, key=["job"])

    def runs(self) -> list[Row[Any]]:
        """The last run of each job, by name."""
        return list(self._session.execute(select(job_runs).order_by(job_runs.c.job)))

    # -- imports -----------------------------------------------------------------------------------------------------

    def add_batch(self, batch: dict[str, Any]) -> None:
        """Remember that an import has begun."""
        self._session.execute(insert(import_batches), [batch])

    def note_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Remember what an import did to agreements."""
        if rows:
            self._session.execute(insert(import_rows), list(rows))

    def note_assets(self, rows: Sequence[dict[str, Any]]) -> None:
        """Remember what an import made of assets; what one was before the first change stays."""
        if not rows:
            return
        maker = sqlite.insert if self._session.is_sqlite else postgresql.insert
        statement = maker(import_assets)
        same = [import_assets.c.batch_id, import_assets.c.asset_id]
        self._session.execute(
            statement.on_conflict_do_update(index_elements=same, set_={"after": statement.excluded.after}), list(rows)
        )

    def finish_batch(self, batch_id: str, doc: str) -> None:
        """Remember what came of an import."""
        self._session.execute(update(import_batches).where(import_batches.c.id == batch_id).values(doc=doc))

    def batch(self, batch_id: str) -> Row[Any]:
        """One import. Raises NotFound."""
        row = self._session.execute(select(import_batches).where(import_batches.c.id == batch_id)).one_or_none()
        if row is None:
            raise NotFound("import", batch_id, remedy="List them.", command="longstop import --list")
        return row

    def batches(self) -> list[Row[Any]]:
        """Every import, newest first."""
        return list(
            self._session.execute(select(import_batches).order_by(import_batches.c.at.desc(), import_batches.c.id))
        )

    def batch_rows(self, batch_id: str) -> list[Row[Any]]:
        """What an import did, agreement by agreement."""
        statement = select(import_rows).where(import_rows.c.batch_id == batch_id)
        return list(self._session.execute(statement.order_by(import_rows.c.agreement_id)))

    def batch_assets(self, batch_id: str) -> list[Row[Any]]:
        """What an import did, asset by asset."""
        statement = select(import_assets).where(import_assets.c.batch_id == batch_id)
        return list(self._session.execute(statement.order_by(import_assets.c.asset_id)))

    def mark_undone(self, batch_id: str, at: datetime) -> None:
        """Remember that an import was taken back."""
        self._session.execute(update(import_batches).where(import_batches.c.id == batch_id).values(undone_at=at))


def _version(row: Row[Any]) -> PlaybookVersion:
    return PlaybookVersion(
        playbook=row.playbook, version=row.version, sha256=row.sha256, applied_at=row.applied_at, doc=row.doc
    )
