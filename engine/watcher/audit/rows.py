"""What rows tell: the rules that they break, when something is too late, and what to do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.watcher.watching import Finding
from store.queries.audit import Limits, Violation, violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engine.monitor import Work

NEAR: Final = timedelta(days=14)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_SENTENCES: Final = {
    "deadline_without_instant": "{n} live deadlines have no instant at which anybody looks at them again",
    "step_late": "{n} steps are more than 5 minutes late",
    "pending_late": "{n} messages have been due for more than 10 minutes",
    "doubt_too_long": "Of {n} messages nobody knows for more than an hour whether they arrived",
    "lease_over": "{n} messages are in the hands of a sender that is gone",
    "raised_without_message": "{n} steps were raised and nobody was told",
    "nobody_reached": "{n} deadlines within 14 days have reached nobody since their stage began",
    "inbox_late": "{n} answers that came in could not be done for a minute",
    "posted_behind": "{n} messages in Slack have shown what no longer holds for 15 minutes",
    "dead_contact": "{n} addresses of people who own live deadlines are dead",
    "held_late": "{n} held messages were not looked at in their time",
    "held_by_person": "{n} messages about deadlines within 14 days are held by a person",
}
_REMEDIES: Final = {
    "nobody_reached": "See Admin, Outbox, or `longstop outbox list`, and tell the owners yourself until it is mended.",
    "dead_contact": "Give them another address, or the deadlines another owner.",
    "held_by_person": "Release them in Admin, Outbox, or with `longstop outbox release`.",
    "doubt_too_long": "See Admin, Outbox, or `longstop outbox list --state in_doubt`.",
    "posted_behind": "See whether Slack answers: Admin, Channels, or `longstop doctor`.",
    "inbox_late": "See the log of `longstop serve`.",
}
_REMEDY: Final = "See `longstop doctor` and the log of `longstop serve`."


def broken_rules(work: Work) -> list[Finding]:
    """Every rule that rows break now."""
    return [_finding(one) for one in violations(work.connection, limits(work))]


def limits(work: Work) -> Limits:
    """From when on something is late, reckoned from the instant of *work*."""
    now, timings, today = work.now, work.house.timings, work.now.date()
    return Limits(
        step_at=now - 5 * _MINUTE,
        pending_at=now - 10 * _MINUTE,
        doubt_at=now - timedelta(seconds=timings.doubt) - 10 * _MINUTE,
        lease_at=now - timedelta(seconds=timings.quarantine) - 5 * _MINUTE,
        raised_from_at=now - 2 * _DAY,
        raised_until_at=now,
        unheard_at=now - _DAY,
        inbox_at=now - _MINUTE,
        posted_at=now - 15 * _MINUTE,
        held_at=now - 5 * _MINUTE,
        near_from_on=today - NEAR,
        near_until_on=today + NEAR,
        is_shadow=work.house.shadow_mode,
    )


def calendars_differ(work: Work) -> Iterator[Finding]:
    """Calendars that are newer than the plan: their days were not derived anew."""
    kept = work.keeping.current_calendars()
    used = work.agreements.calendars_in_use()
    differ = [code for code in used if code in kept and kept[code] != work.calendar(code).digest]
    if differ:
        told = f"Deadlines were planned by an older version of {', '.join(differ)}."
        yield Finding("calendar_newer", len(differ), f"{told} Restart `longstop serve`, which plans them anew.")


def too_long_in_shadow(work: Work, since_at: datetime | None) -> Iterator[Finding]:
    """Shadow mode is for a week; after that nobody remembers that nothing leaves."""
    if since_at is not None and since_at <= work.now - _WEEK:
        told = f"Nothing has left since {since_at:%Y-%m-%d}: shadow mode is on."
        yield Finding("shadow_too_long", 1, f"{told} Set LONGSTOP_SHADOW_MODE=false.")


def _finding(one: Violation) -> Finding:
    told = _SENTENCES[one.check].format(n=one.number)
    return Finding(one.check, one.number, f"{told} (one is {one.sample}). {_REMEDIES.get(one.check, _REMEDY)}")
