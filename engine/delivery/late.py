"""What is composed only when it leaves: messages that waited, digests, and that owners have left.

So a message speaks of the day on which it leaves, and a digest leaves out what has ended while it waited. From its
first offer on it is frozen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.announcing import left_sheet, says_left
from engine.delivery.changes import moved_from
from engine.delivery.composing import StepSheets, changed_sheet, digest_sheet, facts_of, frozen, is_inside
from engine.delivery.enqueueing import StepMessage
from engine.delivery.linking import linked
from engine.delivery.mending import new_findings
from engine.delivery.still_wanted import members_of
from engine.delivery.upload_links import reminding
from engine.zones import zone
from lifecycle.delivery import Change, DeliveryKind, Held
from lifecycle.playbooks.due import LATE
from notifiers.wording import no_longer_line, outsider_line, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from notifiers.sheet import Deadline, FactSheet
    from store.deliveries import Body

NEW: Final = "New in your register"
AHEAD: Final = "Your deadlines ahead"
TOGETHER: Final = "Several deadlines need you"
YOURS: Final = "Yours now"
_MOST_NAMED: Final = 3  # agreements in a heading


def composed(work: Work, delivery: Delivery) -> Body:
    """The bytes of a message that nothing was composed of yet; kept from now on."""
    told = recipients.told_before(work, delivery)
    match delivery.kind:
        case DeliveryKind.DIGEST:
            sheet = _digest(work, told, delivery)
        case DeliveryKind.CHANGED:
            sheet = _changed(work, told, delivery)
        case DeliveryKind.INCIDENT if says_left(delivery):
            sheet = left_sheet(work, told, delivery)
        case _:
            sheet = step_sheet(work, told, delivery)
    body = frozen(work, delivery.channel, sheet)
    work.deliveries.keep_body(delivery.id, body)
    return body


def step_sheet(work: Work, told: Told, delivery: Delivery) -> FactSheet:
    """As it would have been composed when it was raised, but for the day and for whom it is now."""
    milestone = work.milestones.get(delivery.milestone_id or "")
    agreement = work.agreements.get(milestone.key.holder)
    step = work.planner.step_at(agreement, milestone, delivery.place)
    if step is None:
        return changed_sheet(work, agreement, milestone, told, delivery, moved_from_on=None)
    raised = [
        one
        for one in work.milestones.raised_of(milestone.id)
        if one.safe_on == milestone.safe_on and one.stage == step.stage
    ]
    mine = next((one for one in raised if (one.step, one.repeat) == (step.step, step.repeat)), None)
    home = zone(agreement.time_zone)
    asked_on = raised[0].at.astimezone(home).date() if raised else None
    message = StepMessage(
        agreement=agreement,
        milestone=milestone,
        step=step,
        is_late=mine is not None and mine.at - step.at > LATE and mine.at.astimezone(home).date() > milestone.armed_on,
        skipped=mine.skipped if mine else 0,
        silent_since_on=asked_on if step.step and raised and raised[0] is not mine else None,
    )
    sheet, moved_from_on = StepSheets(work, message).sheet(told, delivery), moved_from(work, milestone, told, delivery)
    if moved_from_on is not None:
        sheet = replace(sheet, moved_from_on=moved_from_on)
    return reminding(work, sheet, told, milestone)


def is_stale(work: Work, delivery: Delivery) -> bool:
    """Whether what was composed may say what no longer holds, and was never offered: then it is composed anew (E2).

    A step's message is composed for a day. A digest, or that owners have left, is composed before it leaves in shadow
    mode alone, and may have waited there for long.
    """
    if not (_is_of_another_day(work, delivery) or _has_waited_in_shadow(work, delivery) or says_left(delivery)):
        return False
    was_offered = any(one.action == "send" for one in work.deliveries.attempts_of(delivery.id))
    if was_offered or delivery.in_doubt_since is not None:  # in doubt without an attempt: restored from a backup
        return False
    work.deliveries.forget_body(delivery.id)
    return True


def _is_of_another_day(work: Work, delivery: Delivery) -> bool:
    if delivery.kind is not DeliveryKind.STEP or delivery.fallback_of is not None:
        return False
    home = zone(work.milestones.glance(delivery.milestone_id or "").time_zone)
    return delivery.created_at.astimezone(home).date() != work.now.astimezone(home).date()


def _has_waited_in_shadow(work: Work, delivery: Delivery) -> bool:
    return delivery.kind is DeliveryKind.DIGEST and bool(work.deliveries.bundled(delivery.id))


def lines(work: Work, told: Told, rows: Iterable[Milestone]) -> list[Deadline]:
    """One line per milestone, the earliest last safe day first; of restricted ones outsiders hear by ``outside``."""
    return [
        linked(work, facts_of(work, about, row, with_why=False), told, about)
        for about, row in _sorted(work, rows)
        if not _is_outside(told, about)
    ]


def outside(work: Work, told: Told, rows: Iterable[Milestone]) -> str:
    """What an outsider is told of restricted agreements: reference and day of each. No ladder is silent (R4)."""
    unseen = [pair for pair in _sorted(work, rows) if _is_outside(told, pair[0])]
    return "\n".join(outsider_line(facts_of(work, about, row, with_why=False)) for about, row in unseen)


def no_longer(work: Work, told: Told, rows: Iterable[Milestone]) -> str:
    """A line for each by which nothing is to be done any more."""
    facts = [
        (facts_of(work, about, row, with_why=False), _is_outside(told, about)) for about, row in _sorted(work, rows)
    ]
    return "\n".join(no_longer_line(one, is_outsider=is_outside) for one, is_outside in facts)


def _told(work: Work, messages: Iterable[Delivery]) -> Mapping[str, Milestone]:
    return work.milestones.many({one.tells_of for one in messages if one.tells_of})


def _sorted(work: Work, rows: Iterable[Milestone]) -> list[tuple[Agreement, Milestone]]:
    """Each row once with its agreement, the earliest last safe day first."""
    found = {row.id: row for row in rows}
    agreements = work.agreements.many({row.key.holder for row in found.values()})
    pairs = [(agreements[row.key.holder], row) for row in found.values()]
    return sorted(pairs, key=lambda pair: (pair[1].safe_on, pair[0].reference, pair[1].id))


def _is_outside(told: Told, agreement: Agreement) -> bool:
    return agreement.is_restricted and not is_inside(told, agreement)


def _digest(work: Work, told: Told, delivery: Delivery) -> FactSheet:
    members = members_of(work, delivery)
    gone = _gone(work, (one for one in members if one.change is Change.WITHDRAWN))
    here = [one for one in members if one.change is not Change.WITHDRAWN]
    rows = _told(work, here)
    heading = _heading(here) if here else _over_heading(work, gone)
    sheet = digest_sheet(work, told, delivery, lines(work, told, rows.values()), heading=heading)
    said = (outside(work, told, rows.values()), no_longer(work, told, gone))
    sheet = replace(sheet, text="\n".join(one for one in said if one))
    if heading is TOGETHER:
        return sheet
    person = told.person if heading is AHEAD else None
    gaps = new_findings(work, person) if person else ()
    return replace(sheet, gaps=gaps, unsubscribe_url=_way_out(work, told, rows.values()))


def _heading(members: Iterable[Delivery]) -> str:
    """What a digest is called, by what its deadlines have waited for."""
    waited = {YOURS if one.change is Change.OWNER else one.why for one in members}
    if waited <= {YOURS, Held.NEW}:
        return YOURS if YOURS in waited else NEW
    waited.discard(YOURS)
    return NEW if waited == {Held.NEW} else AHEAD if waited <= {Held.NEW, Held.DIGEST} else TOGETHER


def _changed(work: Work, told: Told, delivery: Delivery) -> FactSheet:
    """A change that its digest could not say, or that others may see now than when it was composed."""
    if delivery.change is not Change.WITHDRAWN:
        (milestone,) = _told(work, [delivery]).values()
        about = work.agreements.get(milestone.key.holder)
        was_on = moved_from(work, milestone, told, delivery) if delivery.change is Change.MOVED else None
        return changed_sheet(work, about, milestone, told, delivery, moved_from_on=was_on)
    gone = _gone(work, [delivery])
    sheet = digest_sheet(work, told, delivery, (), heading=_over_heading(work, gone))
    return replace(sheet, text=no_longer(work, told, gone))


def _gone(work: Work, lines_of: Iterable[Delivery]) -> list[Milestone]:
    """What is due no longer, on the day that its reader knows."""
    told = list(lines_of)
    rows = _told(work, told)
    pairs = [(rows[one.tells_of or ""], one) for one in told]
    return [replace(row, safe_on=one.safe_on or row.safe_on) for row, one in pairs]


def _over_heading(work: Work, rows: Iterable[Milestone]) -> str:
    """``No longer due: MSA-9, SOW-9B``."""
    names = {about.reference for about, _ in _sorted(work, rows)}
    return f"No longer due: {some(sorted(names), _MOST_NAMED)}"


def _way_out(work: Work, told: Told, rows: Iterable[Milestone]) -> str:
    """The link that switches digests off; none where this is the last channel of somebody who answers for them (E3)."""
    links, person = work.monitor.links, told.person
    if links is None or person is None:
        return ""
    if any(one.channel != told.channel for one in recipients.addresses(work, person, "all")):
        return links.digests_url(person.id)
    agreements = work.agreements.many({row.key.holder for row in rows})
    both = ((recipients.owner_of(work, agreements[row.key.holder], row),
             recipients.backup_of(work, agreements[row.key.holder], row)) for row in rows)  # fmt: skip
    answers = any(person in pair for pair in both)
    return "" if answers else links.digests_url(person.id)
