"""What an import made of assets, noted with the deed; of evidence, the days by which pages ask for it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STRIPS: Final = {
    "soc2-type-2": "SOC 2",
    "bridge-letter": "SOC 2",
    "iso-27001": "ISO 27001",
    "penetration-test": "Penetration test",
    "dpa-questionnaire": "Data protection",
}
_OVER: Final = ("accepted", "withdrawn")


def upgrade() -> None:
    """Make the table, the columns and their indexes; fill them from the documents."""
    bind = op.get_bind()
    _of_imports(bind)
    _of_evidence(bind)


def _of_imports(bind: sa.Connection) -> None:
    op.create_table(
        "import_assets",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_import_assets_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_assets_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("batch_id", "asset_id", name=op.f("pk_import_assets")),
    )
    known = bind.execute(sa.text("SELECT id, doc FROM import_batches")).all()
    _write(
        bind,
        "INSERT INTO import_assets (batch_id, asset_id, before, after) VALUES (:batch_id, :asset_id, :before, :after)",
        [
            {"batch_id": batch.id, "asset_id": asset_id, "before": told["before"], "after": told["after"]}
            for batch in known
            for asset_id, told in json.loads(batch.doc).get("assets", {}).items()
        ],
    )


def _of_evidence(bind: sa.Connection) -> None:
    for name, kind in (
        ("due_on", sa.Date()),
        ("accepted_on", sa.Date()),
        ("strip", sa.String(length=24)),
        ("covered_until", sa.Date()),
    ):
        op.add_column("evidence_requests", sa.Column(name, kind, nullable=True))
    known = bind.execute(sa.text("SELECT id, doc FROM evidence_requests")).all()
    change = (
        "UPDATE evidence_requests SET due_on = :due_on, accepted_on = :accepted_on, strip = :strip, "
        "covered_until = :covered_until WHERE id = :wanted"
    )
    _write(bind, change, [{"wanted": row.id, **_columns(json.loads(row.doc))} for row in known])
    _partial("ix_evidence_requests_due_on", ["due_on", "id"], "due_on IS NOT NULL")
    _partial("ix_evidence_requests_accepted_on", ["accepted_on", "id"], "accepted_on IS NOT NULL")
    _partial("ix_evidence_requests_strip", ["agreement_id", "strip", "covered_until"], "strip IS NOT NULL")


def _columns(doc: dict[str, Any]) -> dict[str, Any]:
    is_told = (
        doc.get("documents") and doc.get("covers_from") and doc.get("covers_until") and doc["state"] != "withdrawn"
    )
    strip = _STRIPS.get(doc["kind"]) if is_told else None
    return {
        "due_on": None if doc["state"] in _OVER else _day(doc["due_on"]),
        "accepted_on": _day(doc.get("accepted_on")),
        "strip": strip,
        "covered_until": _day(doc.get("covers_until")) if strip else None,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write(bind: sa.Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        days = [sa.bindparam(name, type_=sa.Date()) for name in ("due_on", "accepted_on", "covered_until")]
        known = [one for one in days if f":{one.key}" in statement]
        bind.execute(sa.text(statement).bindparams(*known), rows)


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "evidence_requests", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
