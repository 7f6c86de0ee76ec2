"""Silences: which one covers a milestone, and what stands at a message that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.delivery import Held
from lifecycle.playbooks.quiet import SilenceMode
from store.queries.search import fits, parse_search, with_owners

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.quiet import Silence
    from store.queries.search import Search


def is_any(work: Work) -> bool:
    """Whether a silence is in force; only then is asked what it covers."""
    return any(one.holds(work.now) for one in work.silences.open())


def over(work: Work, agreement: Agreement, milestone: Milestone) -> Silence | None:
    """The silence that covers a milestone now; of several the one that says least: drop, then hold, then digest."""
    found = [one for one in work.silences.open() if one.holds(work.now)]
    if not found:
        return None
    today = work.today(agreement)
    found = [one for one in found if fits(_meant(work, one), milestone, agreement, today)]
    order = (SilenceMode.DROP, SilenceMode.HOLD, SilenceMode.DIGEST)
    return min(found, key=lambda one: (order.index(one.mode), -one.ends_at.timestamp(), one.id), default=None)


def why(silence: Silence) -> str:
    """What stands at a message that a silence holds."""
    return f"{Held.SILENCED} by {silence.id}"


def _meant(work: Work, silence: Silence) -> Search:
    """What a silence searches; ``owner:me`` is whoever has set it."""
    search = parse_search(silence.search)
    if not search.says("owner"):
        return search
    me = work.people.get(silence.author_id) if silence.author_id else None
    return with_owners(search, work.people.all(), me=me)
