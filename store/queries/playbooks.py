"""Playbooks as pages list them: whom each is for, and its versions with who applied them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select, text

from store.hints import by_index
from store.queries import hidden
from store.schema import events, milestones, playbook_versions
from store.schema.following import OWED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


_INDEX: Final = "ix_milestones_followed"  # says all that is counted


class Followed(NamedTuple):
    """How many open deadlines follow a playbook, and of how many agreements."""

    deadlines: int = 0
    agreements: int = 0


class Version(NamedTuple):
    """One version; *by* is "" where it came with the first start. *doc* is its canonical JSON."""

    version: int
    applied_at: datetime
    by: str
    doc: str


def followed(work: UnitOfWork, person: Person | None) -> Mapping[str, Followed]:
    """By the names of playbooks, as far as *person* may see."""
    unseen = sorted(hidden(work.session, person))
    seen = (milestones.c.agreement_id.not_in(unseen),) if unseen else ()
    held = (
        select(milestones.c.playbook, func.count().label("number"))
        .where(text(OWED), *seen)
        .group_by(milestones.c.playbook, milestones.c.agreement_id)
    )
    of_each = by_index(held, milestones, _INDEX).subquery()
    statement = select(
        of_each.c.playbook, func.sum(of_each.c.number).label("deadlines"), func.count().label("held")
    ).group_by(of_each.c.playbook)
    return {row.playbook: Followed(int(row.deadlines), row.held) for row in work.session.execute(statement)}


def versions_of(work: UnitOfWork, name: str) -> list[Version]:
    """The newest first; empty for a name that no playbook has."""
    of_none = events.c.agreement_id.is_(None)
    applied = select(events.c.actor, events.c.payload).where(of_none, events.c.type == "PlaybookApplied")
    by: dict[int, str] = {}
    for row in work.session.execute(applied):
        said = json.loads(row.payload)
        if said["playbook"] == name:
            by[said["version"]] = row.actor
    statement = select(playbook_versions).where(playbook_versions.c.playbook == name)
    rows = work.session.execute(statement.order_by(playbook_versions.c.version.desc()))
    return [Version(row.version, row.applied_at, by.get(row.version, ""), row.doc) for row in rows]
