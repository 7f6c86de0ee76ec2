"""Nothing but what is critical is told of some deadlines for a while; and the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine import silences
from engine.delivery.quiet import hour_of_day
from engine.zones import day_at
from lifecycle.errors import LifecycleError
from lifecycle.events import SilenceSet
from lifecycle.words import spoken
from notifiers.wording import instant
from store.queries.search import typed_search

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.playbooks.quiet import Silence

LONGEST: Final = timedelta(days=92)  # a quarter of a year; who wants quiet for longer changes the playbook
_DAY: Final = timedelta(days=1)


class SilenceRefused(LifecycleError):
    """A silence that cannot be."""

    code = "silence-refused"


def ends_after(work: Work, until_on: date) -> datetime:
    """When a silence ends whose last day is *until_on*: at the sending hour of the day after, where the house lives.

    Raises SilenceRefused for a day that is over, or more than LONGEST ahead.
    """
    today = day_at(work.now, work.house.time_zone)
    if not today <= until_on <= today + LONGEST:
        raise SilenceRefused(
            f"A silence cannot hold until {spoken(until_on)}.",
            remedy=f"Its last day is one from today to {spoken(today + LONGEST)}.",
        )
    return hour_of_day(work, until_on + _DAY)


def silence(work: Work, wanted: Silence) -> Silence:
    """Keep a silence; what is held at its gate meanwhile leaves at its end.

    Raises SilenceRefused without a reason, or an end ahead and within LONGEST; SearchRefused for a search that nobody
    understands.
    """
    typed_search(wanted.search)
    if not wanted.reason.strip():
        raise SilenceRefused("A silence needs a reason.", remedy="Say why.", command="--because TEXT")
    latest_at = wanted.starts_at + LONGEST + 2 * _DAY  # its last day counts whole, and it ends on the day after
    if not max(work.now, wanted.starts_at) < wanted.ends_at <= latest_at:
        raise SilenceRefused(
            f"A silence cannot end at {instant(wanted.ends_at, work.house.time_zone)}.",
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
