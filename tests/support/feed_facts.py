"""The golden feed of the design: a notice that moved once, and the last day of its term, not verified."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from lifecycle.milestones.milestone import MilestoneKind
from notifiers.calendar import FeedEntry, FeedView, FeedWindow

INSTANCE = UUID("5b0a9a52-3c1f-4d0e-9a77-0c6f2a1e8d34")
BASE_URL = "https://longstop.example"


def view(**changes: Any) -> FeedView:
    facts: dict[str, Any] = {
        "instance": INSTANCE,
        "feed_id": "7",
        "name": "My deadlines",
        "base_url": BASE_URL,
        "window": FeedWindow(date(2026, 8, 1), date(2028, 11, 30)),
        "refresh": timedelta(hours=6),
        "created_on": date(2026, 9, 1),
        "changed_at": datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    }
    return FeedView(**(facts | changes))


def notice(**changes: Any) -> FeedEntry:
    facts: dict[str, Any] = {
        "holder": "h7m2x4",
        "subject": "n1",
        "kind": MilestoneKind.NOTICE,
        "cycle": "0",
        "milestone_id": "k3v9q2",
        "is_deadline": True,
        "safe_on": date(2026, 12, 1),
        "revision": 1,
        "changed_at": datetime(2026, 11, 3, 14, 5, 9, tzinfo=UTC),
        "reference": "MSA-0042",
        "title": "Hosting MSA",
        "counterparty": "Acme Labs GmbH, Düsseldorf",
        "action": "send non-renewal notice",
        "consequence": "it renews for 12 months",
        "why": (
            "31 Jan 2027: last day of term 0 (cl. 2.1).",
            "2 Dec 2026: minus 60 days (cl. 12.3).",
            "1 Dec 2026: by courier (cl. 18.2).",
        ),
        "readings": "Readings: safe 1, nominal 2, latest 2 Dec 2026.",
        "owner": "Dana Krüger",
        "is_verified": True,
    }
    return FeedEntry(**(facts | changes))


def term_end(**changes: Any) -> FeedEntry:
    facts: dict[str, Any] = {
        "subject": "term",
        "kind": MilestoneKind.TERM_END,
        "milestone_id": "p8d1z6",
        "is_deadline": False,
        "safe_on": date(2027, 1, 31),
        "revision": 0,
        "changed_at": datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
        "action": "last day in force",
        "consequence": "",
        "why": ("31 Jan 2027: last day of term 0 (cl. 2.1).",),
        "readings": "",
        "is_verified": False,
    }
    return notice(**(facts | changes))
