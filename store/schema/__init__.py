"""The tables. Columns hold what is queried, one JSON document the rest.

What must never be is forbidden here as well as in code: the constraints are those of DELIVERY.md D2, the events table
refuses change by trigger (``store.migrations``). Every question that a job asks has a partial index.
"""

from __future__ import annotations

from typing import Final

from store.schema.base import NAMING, metadata
from store.schema.delivering import attempts, bodies, buckets, deliveries, endpoints, inbox, posted, whereabouts
from store.schema.entering import (
    credentials,
    idempotency_keys,
    kept_forms,
    preferences,
    saved_views,
    sessions,
    tokens,
)
from store.schema.following import milestones, playbook_versions, raised, silences
from store.schema.records import (
    calendar_snapshots,
    chain,
    events,
    import_assets,
    import_batches,
    import_rows,
    incidents,
    instances,
    job_runs,
    leases,
    meta,
)
from store.schema.register import (
    absences,
    agreement_versions,
    agreements,
    contact_points,
    counterparties,
    obligations,
    people,
    team_members,
)
from store.schema.relationship import (
    asset_agreements,
    assets,
    counterparty_contacts,
    documents,
    evidence_requests,
    findings,
)
from store.schema.subscribing import feed_tokens, feeds

__all__ = [
    "APPEND_ONLY",
    "NAMING",
    "absences",
    "agreement_versions",
    "agreements",
    "asset_agreements",
    "assets",
    "attempts",
    "bodies",
    "buckets",
    "calendar_snapshots",
    "chain",
    "contact_points",
    "counterparties",
    "counterparty_contacts",
    "credentials",
    "deliveries",
    "documents",
    "endpoints",
    "events",
    "evidence_requests",
    "feed_tokens",
    "feeds",
    "findings",
    "idempotency_keys",
    "import_assets",
    "import_batches",
    "import_rows",
    "inbox",
    "incidents",
    "instances",
    "job_runs",
    "kept_forms",
    "leases",
    "meta",
    "metadata",
    "milestones",
    "obligations",
    "people",
    "playbook_versions",
    "posted",
    "preferences",
    "raised",
    "saved_views",
    "sessions",
    "silences",
    "team_members",
    "tokens",
    "whereabouts",
]

#: Rows of these tables are never changed and never deleted; triggers hold it (``store.migrations``).
APPEND_ONLY: Final = ("events", "agreement_versions", "attempts", "playbook_versions")
