"""What lists find: templates and projects by plain words, evidence by the day it was wanted; and ends never seen.

An agreement that survived its end was looked at a day before nothing of it bound any more, and never again: each is
looked at once more.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AT_ONCE: Final = 0  # microseconds since 1970: the next look at what time has brought comes after it


def upgrade() -> None:
    """Fill the search words anew where they are more, add the column of evidence, have survivors looked at."""
    bind = op.get_bind()
    _of_agreements(bind)
    _of_evidence(bind)
    again = "UPDATE agreements SET next_passage_at = :at WHERE status = 'surviving'"
    bind.execute(sa.text(again), {"at": _AT_ONCE})


def _of_agreements(bind: sa.Connection) -> None:
    told = "SELECT id, doc FROM agreements WHERE doc LIKE :template OR doc LIKE :project"
    known = bind.execute(sa.text(told), {"template": '%"template":"%', "project": '%"project":"%'})
    rows = [{"wanted": row.id, "search_key": _search_key(json.loads(row.doc))} for row in known.all()]
    _write(bind, "UPDATE agreements SET search_key = :search_key WHERE id = :wanted", rows)


def _search_key(doc: dict[str, Any]) -> str:
    names = [doc.get(name, "") for name in ("reference", "title", "counterparty", "template", "project")]
    told = unicodedata.normalize("NFKC", " ".join((*names, *doc.get("tags", ())))).casefold()
    return " ".join(told.split()).replace("\0", "")


def _of_evidence(bind: sa.Connection) -> None:
    op.add_column("evidence_requests", sa.Column("listed_on", sa.Date(), nullable=True))
    known = bind.execute(sa.text("SELECT id, doc FROM evidence_requests")).all()
    rows = [{"wanted": row.id, "listed_on": date.fromisoformat(json.loads(row.doc)["due_on"])} for row in known]
    _write(bind, "UPDATE evidence_requests SET listed_on = :listed_on WHERE id = :wanted", rows)
    op.create_index("ix_evidence_requests_listed_on", "evidence_requests", ["listed_on", "id"])


def _write(bind: sa.Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    days = [sa.bindparam("listed_on", type_=sa.Date())] if ":listed_on" in statement else []
    if rows:
        bind.execute(sa.text(statement).bindparams(*days), rows)
