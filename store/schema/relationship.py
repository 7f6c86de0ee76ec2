"""What a relationship is about, and what proves it: assets, the agreements that cover them, documents, evidence."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from store.schema.base import ID, metadata
from store.types import Instant


def _among(name: str, *columns: str, where: str) -> Index:
    """An index of those rows alone for which *where* holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


assets = Table(
    "assets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("ownership", String(16), nullable=False),
    Column("doc", Text, nullable=False),
)
asset_agreements = Table(
    "asset_agreements",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), primary_key=True),
    Index("ix_asset_agreements_agreement_id", "agreement_id"),
)
counterparty_contacts = Table(
    "counterparty_contacts",
    metadata,
    Column("counterparty_id", ForeignKey("counterparties.id"), primary_key=True),
    Column("name_key", String(100), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("email", String(320), nullable=False),
    Column("person", String(100), nullable=False, default=""),
)
documents = Table(
    "documents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),
    Column("milestone_id", ForeignKey("milestones.id")),  # what it is evidence for
    Column("purpose", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64)),  # of a file that is kept; None: kept elsewhere, at ``link``
    Column("size", Integer),
    Column("media_type", String(100), nullable=False, default=""),
    Column("link", Text, nullable=False, default=""),
    Column("held_by", Text, nullable=False, default=""),  # who has the paper
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(320), nullable=False),
    CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name="file"),
    CheckConstraint("purpose IN ('original','evidence','report','other')", name="purpose"),
    Index("ix_documents_agreement_id", "agreement_id", "added_at"),
    _among("ix_documents_milestone_id", "milestone_id", where="milestone_id IS NOT NULL"),
)
evidence_requests = Table(
    "evidence_requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("link_sha256", String(64), unique=True),  # of the token of its upload link
    Column("doc", Text, nullable=False),
    Column("due_on", Date),  # None: nothing is to come of it any more
    Column("accepted_on", Date),
    Column("strip", String(24)),  # on which what it covers is shown, and until when; None: on none
    Column("covered_until", Date),
    Column("listed_on", Date),  # the day by which it was wanted, whatever came of it: where it stands in a list
    CheckConstraint(
        "state IN ('asked','received','under_review','findings','accepted','withdrawn')",
        name="state",
    ),
    Index("ix_evidence_requests_agreement_id", "agreement_id"),
    Index("ix_evidence_requests_listed_on", "listed_on", "id"),
    _among("ix_evidence_requests_due_on", "due_on", "id", where="due_on IS NOT NULL"),
    _among("ix_evidence_requests_accepted_on", "accepted_on", "id", where="accepted_on IS NOT NULL"),
    _among("ix_evidence_requests_strip", "agreement_id", "strip", "covered_until", where="strip IS NOT NULL"),
)
findings = Table(
    "findings",
    metadata,
    Column("id", String(32), primary_key=True),  # made of all that it says: another fact is another finding
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),  # the one to mend
    Column("code", String(32), nullable=False),
    Column("about", Text, nullable=False),  # the ids of all agreements that it speaks of, as a JSON list
    Column("matters_on", Date),
    Column("text", Text, nullable=False),
    Column("is_found", Boolean, nullable=False),  # at the last look; what was accepted is kept beyond it
    Column("first_seen_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("accepted_at", Instant),
    Column("accepted_by", String(320), nullable=False, default=""),
    Column("because", Text, nullable=False, default=""),
    CheckConstraint("(accepted_at IS NULL) = (because = '')", name="accepted_because"),
    Index("ix_findings_agreement_id", "agreement_id"),
)
