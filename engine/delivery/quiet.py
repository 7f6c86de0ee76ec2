"""Whether a message may leave now, and what it waits for if not.

Asked when a message is put into the outbox, and once more at its gate, because a silence or a holiday may have come in
between. The first that holds: what is critical leaves at once; a silence drops, holds or defers it; what is new in the
register and what can wait joins a digest; the rest leaves at the recipient's hour, outside of quiet hours and days off
(``lifecycle.playbooks.quiet``).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery import recipients, silencing
from engine.zones import instant, midnight, zone
from lifecycle.days.calendars import SAT_SUN
from lifecycle.delivery import DeliveryKind, DeliveryState, Held
from lifecycle.errors import UnknownCalendar
from lifecycle.milestones.glance import Glance
from lifecycle.playbooks.ladder import SOON
from lifecycle.playbooks.playbook import Quiet, Urgency
from lifecycle.playbooks.quiet import Hours, Leaving, Silence, SilenceMode, next_open, not_before

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.delivery.recipients import Told
    from engine.delivery.settling import Claimed
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

UNTOLD: Final = "they want no digests"
_NEVER_QUIET: Final = Quiet()
_DAYS_OFF: Final = Quiet(weekends=True, holidays=True)


class Wait(NamedTuple):
    """What becomes of a message: pending, held or cancelled; looked at again *at*; *why* it waits."""

    state: DeliveryState
    at: datetime
    why: str = ""


class About(NamedTuple):
    """What a message says, as far as its leaving hangs on it. *next_at* is the next planned step's instant."""

    agreement: Agreement | Glance
    milestone: Milestone | Glance
    urgency: Urgency = Urgency.INTERRUPT
    next_at: datetime | None = None
    is_new: bool = False
    is_planned: bool = True  # just raised; else it has waited for the recipient's hour before


def wait(work: Work, told: Told, about: About) -> Wait:
    """See the module."""
    if recipients.is_critical(work, about.agreement, about.milestone, about.urgency):
        return Wait(DeliveryState.PENDING, work.now)
    target_at = hour_of(work, about.agreement, about.milestone.target_on) if about.milestone.is_deadline else work.now
    silence = _silence(work, about)
    if silence is not None and silence.mode is not SilenceMode.DIGEST:
        return _silenced(work, silence, target_at)
    if goes_untold(work, told.person, about):
        return Wait(DeliveryState.CANCELLED, work.now, UNTOLD)
    if about.is_new and (told.person is None or told.person.digests):
        return Wait(DeliveryState.HELD, _leaving(work, told, about, target_at).at, Held.NEW)
    if about.urgency is Urgency.DIGEST or silence is not None:
        window_at = next_window(work, _home(work, told, about.agreement), work.now)
        is_wanted = told.person is None or told.person.digests or about.urgency is not Urgency.DIGEST
        if is_wanted and not work.now < target_at < window_at:
            return Wait(DeliveryState.HELD, window_at, Held.DIGEST)
    leaving = _leaving(work, told, about, target_at)
    return Wait(DeliveryState.PENDING, leaving.at, leaving.because)


def _silence(work: Work, about: About) -> Silence | None:
    """The silence over what a message is about; a glance does not say what silences search."""
    if not silencing.is_any(work):
        return None
    agreement, milestone = about.agreement, about.milestone
    if isinstance(milestone, Glance):
        milestone = work.milestones.get(milestone.id)
    if isinstance(agreement, Glance):
        agreement = work.agreements.get(milestone.key.holder)
    return silencing.over(work, agreement, milestone)


def _silenced(work: Work, silence: Silence, target_at: datetime) -> Wait:
    if silence.mode is SilenceMode.DROP:
        return Wait(DeliveryState.CANCELLED, work.now, f"dropped by silence {silence.id}")
    # From the target day on it is critical, and passes.
    until_at = min(silence.ends_at, target_at) if target_at > work.now else silence.ends_at
    return Wait(DeliveryState.HELD, until_at, silencing.why(silence))


def goes_untold(work: Work, person: Person | None, about: About) -> bool:
    """Whether somebody who wants no digests is spared what can wait: the next stage that interrupts tells them.

    In the last fortnight it leaves alone instead: no deadline loses its interrupts, nor its last words.
    """
    can_wait = about.urgency is Urgency.DIGEST and about.milestone.safe_on - work.today(about.agreement) > SOON
    return can_wait and person is not None and not person.digests


def hold_back(work: Work, claimed: Claimed) -> bool:
    """At the gate: put a step's message back where it waits, if it may not leave now.

    What may have left before is not held: its recipient may have it already.
    """
    one = claimed.delivery
    if one.kind is not DeliveryKind.STEP or one.milestone_id is None or one.in_doubt_since is not None:
        return False
    found = wait(work, _told(work, one), about(work, one))
    if found.state is DeliveryState.PENDING and found.at <= work.now:
        return False
    again_at = None if found.state is DeliveryState.CANCELLED else found.at
    work.deliveries.settle(one.id, claimed.token, state=found.state, next_attempt_at=again_at, why=found.why)
    return True


def resume(work: Work, one: Delivery) -> bool:
    """A held message goes on: at once (True), or where it waits now."""
    found = Wait(DeliveryState.PENDING, work.now)
    if one.kind is DeliveryKind.STEP:
        found = wait(work, _told(work, one), about(work, one))
    work.deliveries.change(
        [one.id],
        [DeliveryState.HELD],
        state=found.state,
        next_attempt_at=None if found.state is DeliveryState.CANCELLED else found.at,
        why=found.why,
    )
    work.made_due = True
    return found.state is DeliveryState.PENDING and found.at <= work.now


def about(work: Work, one: Delivery) -> About:
    """What a step's message says. What leaves alone after all waits for no digest."""
    milestone = work.milestones.glance(one.milestone_id or "")
    urgency = Urgency(one.urgency)
    return About(
        agreement=milestone,
        milestone=milestone,
        urgency=Urgency.INTERRUPT if urgency is Urgency.DIGEST else urgency,
        next_at=milestone.next_step_at,
        is_planned=False,
    )


def hours_of(work: Work, told: Told, agreement: Agreement | Glance, quiet: Quiet) -> Hours:
    """The day of whoever is told about an agreement; their calendar only where *quiet* asks for days off."""
    code = (told.person.calendar or work.house.calendar) if told.person else agreement.calendar
    calendar = work.calendar(code) if quiet.weekends or quiet.holidays else SAT_SUN
    return Hours(zone(_home(work, told, agreement)), _hour(work, told.person), calendar)


def their_hour(work: Work, told: Told) -> datetime:
    """When a message that is about no ladder may leave: the recipient's hour of today, or now if that is over."""
    hours = Hours(zone(_home(work, told, None)), _hour(work, told.person), SAT_SUN)
    return not_before(work.now, hours, _NEVER_QUIET).at


def next_hour(work: Work, person: Person, after_at: datetime) -> datetime:
    """Somebody's own hour of their next business day, behind *after_at*: when they are told what can wait."""
    hours = Hours(zone(person.time_zone or work.house.time_zone), _hour(work, person), _days_of(work, person))
    day = after_at.astimezone(hours.zone).date()
    own = hour_of_person(work, person, day)
    if own <= after_at:
        own = hour_of_person(work, person, day + timedelta(days=1))
    return next_open(own, hours, _DAYS_OFF).at


def hour_of(work: Work, agreement: Agreement | Glance, day: date) -> datetime:
    """The hour of a day at which messages about an agreement are planned."""
    return instant(day, work.house.send_at, agreement.time_zone)


def hour_of_day(work: Work, day: date) -> datetime:
    """The hour of a day at which the organisation is told what waits."""
    return instant(day, work.house.send_at, work.house.time_zone)


def hour_of_person(work: Work, person: Person, day: date) -> datetime:
    """The hour of a day at which somebody is told what waits."""
    return instant(day, _hour(work, person), person.time_zone or work.house.time_zone)


def midnight_of(work: Work, person: Person | None, day: date) -> datetime:
    """The first instant of a day where somebody lives."""
    return midnight(day, (person.time_zone if person else "") or work.house.time_zone)


def next_window(work: Work, zone_name: str, after_at: datetime) -> datetime:
    """The next digest window: the organisation's weekday and hour, in the recipient's zone."""
    day = after_at.astimezone(zone(zone_name)).date()
    ahead = (work.house.digest_weekday - day.weekday()) % 7
    windows = (
        instant(day + timedelta(days=days), work.house.digest_at, zone_name) for days in (ahead, ahead + 7)
    )  # fmt: skip
    return next(at for at in windows if at > after_at)


def next_window_of(work: Work, told: Told) -> datetime:
    """The next digest window of somebody."""
    return next_window(work, _home(work, told, None), work.now)


def _leaving(work: Work, told: Told, about: About, target_at: datetime) -> Leaving:
    agreement, milestone = about.agreement, about.milestone
    quiet = work.playbook(milestone.playbook, milestone.playbook_version).quiet
    limits: Iterable[datetime | None] = (about.next_at, target_at, hour_of(work, agreement, milestone.safe_on))
    hours = hours_of(work, told, agreement, quiet)
    known = [limit for limit in limits if limit is not None]
    return not_before(work.now, hours, quiet, until_at=known, is_planned=about.is_planned)


def _days_of(work: Work, person: Person) -> BusinessCalendar:
    """The business days of where somebody is; Monday to Friday where nobody knows their calendar any more."""
    try:
        return work.calendar(person.calendar or work.house.calendar)
    except UnknownCalendar:
        return SAT_SUN


def _hour(work: Work, person: Person | None) -> time:
    """From when on somebody is told, where they live."""
    return (person.send_at if person else None) or work.house.send_at


def _home(work: Work, told: Told, agreement: Agreement | Glance | None) -> str:
    if told.person is not None:
        return told.person.time_zone or work.house.time_zone
    return agreement.time_zone if agreement else work.house.time_zone


def _told(work: Work, one: Delivery) -> Told:
    return recipients.told_before(work, one)
