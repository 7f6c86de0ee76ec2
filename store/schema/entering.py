"""Those who come in: passwords, sessions, tokens; and what pages and the API keep for them.

Secrets are kept as digests alone: whoever reads the database can be nobody with what stands there.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from store.schema.base import ID, metadata
from store.types import Instant

#: SHA-256 as hex.
DIGEST = String(64)

credentials = Table(
    "credentials",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),  # Argon2id with its parameters
    Column("changed_at", Instant, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("digest", DIGEST, primary_key=True),  # of the random token that the browser has
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("via", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Index("ix_sessions_person_id", "person_id"),
    Index("ix_sessions_ends_at", "ends_at"),
)
tokens = Table(
    "tokens",
    metadata,
    Column("id", ID, primary_key=True),
    Column("digest", DIGEST, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("used_on", Date),  # the day of its last use: a counter, written once a day
    Column("revoked_at", Instant),
    UniqueConstraint("digest"),
    Index("ix_tokens_person_id", "person_id"),
)
preferences = Table(
    "preferences",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("doc", Text, nullable=False),
)
saved_views = Table(
    "saved_views",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("page", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("person_id", "page", "name"),
)
kept_forms = Table(
    "kept_forms",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    Index("ix_kept_forms_person_id", "person_id", "kind"),
    Index("ix_kept_forms_until_at", "until_at"),
)
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", DIGEST, nullable=False),
    Column("is_over", Boolean, nullable=False, default=False),
    Column("status", Integer, nullable=False, default=0),
    Column("answer", Text, nullable=False, default=""),
    Column("until_at", Instant, nullable=False),
    Index("ix_idempotency_keys_until_at", "until_at"),
)
