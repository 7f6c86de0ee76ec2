"""Nothing but what is critical is told of some deadlines for a while; and the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine import silences
from lifecycle.errors import LifecycleError
from lifecycle.events import SilenceSet
from store.queries.search import parse_search

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.playbooks.quiet import Silence

LONGEST: Final = timedelta(days=92)  # a quarter of a year; who wants quiet for longer changes the playbook


class SilenceRefused(LifecycleError):
    """A silence that cannot be."""

    code = "silence-refused"


def silence(work: Work, wanted: Silence) -> Silence:
    """Keep a silence; what is held at its gate meanwhile leaves at its end.

    Raises SilenceRefused without a reason, an end ahead and within LONGEST; SearchRefused for a search that nobody
    understands.
    """
    parse_search(wanted.search)
    if not wanted.reason.strip():
        raise SilenceRefused("A silence needs a reason.", remedy="Say why.", command="--because TEXT")
    if not work.now < wanted.ends_at <= wanted.starts_at + LONGEST or wanted.ends_at <= wanted.starts_at:
        raise SilenceRefused(
            f"A silence cannot end at {wanted.ends_at:%Y-%m-%d %H:%M} UTC.",
            remedy=f"Its end lies ahead, {LONGEST.days} days after its beginning at most.",
        )
    kept = replace(wanted, id=work.new_id())
    work.silences.add(kept)
    work.record(SilenceSet(silence_id=kept.id, mode=kept.mode.value, ends_at=kept.ends_at))
    return kept


def end_silence(work: Work, silence_id: str) -> Silence:
    """Call a silence off: what it holds leaves now. One that is over already stays as it is. Raises NotFound."""
    found = work.silences.get(silence_id)
    if found.ended_at is not None:
        return found
    silences.end(work, found)
    return work.silences.get(silence_id)
