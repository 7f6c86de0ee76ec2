"""What gaps and playbooks are counted by: what documents do not say as a column, and an index for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LISTED = ["reference_key", "status", "owner_id", "backup_id", "lacks", "id"]
_OWED = sa.text("state IN ('open','acknowledged','snoozed') AND is_deadline")


def upgrade() -> None:
    """Add the column, fill it from the documents, make the indexes."""
    op.add_column("agreements", sa.Column("lacks", sa.String(64), server_default="", nullable=False))
    _fill(op.get_bind())
    sqlite, postgres = sa.text("is_archived = 0"), sa.text("NOT is_archived")
    op.create_index("ix_agreements_listed", "agreements", _LISTED, sqlite_where=sqlite, postgresql_where=postgres)
    of_playbook = ["playbook", "agreement_id"]
    op.create_index("ix_milestones_followed", "milestones", of_playbook, sqlite_where=_OWED, postgresql_where=_OWED)


def _fill(bind: sa.Connection) -> None:
    known = bind.execute(sa.text("SELECT id, doc FROM agreements")).all()
    rows = [{"wanted": row.id, "lacks": " ".join(_lacks(json.loads(row.doc)))} for row in known]
    if rows:
        bind.execute(sa.text("UPDATE agreements SET lacks = :lacks WHERE id = :wanted"), rows)


def _lacks(doc: dict[str, Any]) -> Iterator[str]:
    provisions = doc["provisions"]
    has_a_way_out = provisions.get("notices") or provisions.get("for_convenience")
    if not has_a_way_out and provisions.get("renewal", {}).get("kind") in {"automatic", "by-option"}:
        yield "no-notice-rule"
    if not {"renewal", "end"}.isdisjoint(doc.get("assumed", ())):
        yield "no-renewal-rule"
    if doc.get("exit") is None and "critical" in {tag.casefold() for tag in doc.get("tags", ())}:
        yield "no-exit-plan"
