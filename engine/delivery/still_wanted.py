"""Whether anybody still wants a message that has waited: what is over is not told as beginning.

Asked at every gate, and of what is held when its digest leaves. Whatever it waited for, a message is withdrawn

1. about a step: when its deadline has ended, has moved, was answered or changed; when somebody outside would read it
   who has sent what was asked for;
2. that says whose a deadline is: when it has ended, is somebody else's by now, or asked its reader meanwhile; that it
   was put off until today: when it has ended, has moved or was answered since;
3. that says that a day has moved, or that it is due again: when its deadline has ended, or the day is another one
   again. Those whom it would have corrected hear of it if the deadline is opened again (``engine.delivery.changes``);
4. that says that nothing is due: when it is due again;
5. that announces what can wait for its reader's hour: when that is over;
6. that is a digest: when all that it tells is over. What is over in part is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.delivery.announcing import no_longer_so
from engine.delivery.asking import no_longer_asked
from engine.delivery.recipients import is_kept_from
from engine.delivery.told import is_outwards
from engine.delivery.upload_links import has_sent
from lifecycle.delivery import ARRIVED, DAY_MOVED, Change, DeliveryKind, over
from lifecycle.milestones.milestone import LIVE, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.glance import Glance
    from lifecycle.milestones.milestone import Milestone


def unwanted(work: Work, one: Delivery) -> str:
    """Why nobody wants a message any more; "" while it is wanted."""
    match one.kind:
        case DeliveryKind.STEP if one.milestone_id is not None:
            return _step_over(work.milestones.glance(one.milestone_id), one) or _sent_already(work, one)
        case DeliveryKind.CHANGED:
            return _kept_from(work, one) or _over(work, work.milestones.get(one.tells_of or ""), one)
        case DeliveryKind.REQUEST:
            return no_longer_asked(work, one)
        case DeliveryKind.DIGEST:
            return _digest_over(work, one)
        case DeliveryKind.INCIDENT:
            return no_longer_so(work, one)
        case _:
            return ""


def members_of(work: Work, digest: Delivery) -> list[Delivery]:
    """What a digest tells: the members that are still wanted."""
    return wanted(work, work.deliveries.bundled(digest.id))


def wanted(work: Work, messages: Iterable[Delivery]) -> list[Delivery]:
    """Those among messages about steps, and about what has changed, that still say what holds."""
    given = [one for one in messages if one.tells_of is not None and not _kept_from(work, one)]
    rows = work.milestones.many({one.tells_of for one in given if one.tells_of})
    return [one for one in given if not _over(work, rows[one.tells_of or ""], one)]


def _digest_over(work: Work, digest: Delivery) -> str:
    """One without members says something else than what is due, and was composed at once."""
    members = work.deliveries.bundled(digest.id)
    if not members and work.deliveries.body(digest.id) is not None:
        return ""
    return "" if wanted(work, members) else "all of it is over"


def _kept_from(work: Work, one: Delivery) -> str:
    return "the agreement is restricted by now" if is_kept_from(work, one) else ""


def _over(work: Work, milestone: Milestone, one: Delivery) -> str:
    match one.change:
        case None:
            return _step_over(milestone, one)
        case Change.WITHDRAWN:
            return "" if milestone.state is MilestoneState.WITHDRAWN else "it is due again"
        case Change.MOVED | Change.RESTORED:
            return _ended(milestone) or _moved(milestone, one)
        case Change.ASSIGNED | Change.OWNER:
            return _ended(milestone) or _handed_on(work, milestone, one) or _said_since(work, one)
        case Change.RESUMED:
            is_open = milestone.state is MilestoneState.OPEN
            return _ended(milestone) or _moved(milestone, one) or ("" if is_open else "it was answered since")


def _step_over(milestone: Milestone | Glance, one: Delivery) -> str:
    is_same = milestone.generation == one.generation
    return _ended(milestone) or _moved(milestone, one) or ("" if is_same else "it was answered or changed")


def _sent_already(work: Work, one: Delivery) -> str:
    if not is_outwards(one) or not has_sent(work, one.address, work.milestones.get(one.milestone_id or "")):
        return ""
    return "they have sent what was asked for"


def _ended(milestone: Milestone | Glance) -> str:
    return "" if milestone.state in LIVE else over(milestone.state)


def _moved(milestone: Milestone | Glance, one: Delivery) -> str:
    return "" if milestone.safe_on == one.safe_on else DAY_MOVED


def _handed_on(work: Work, milestone: Milestone, one: Delivery) -> str:
    """What is told to be somebody's may by now be somebody else's."""
    owner_id = milestone.owner_id or work.agreements.get(milestone.key.holder).owner_id
    return "" if owner_id == one.recipient_id else "it is somebody else's by now"


def _said_since(work: Work, one: Delivery) -> str:
    """Whoever was asked for a deadline since then knows of it; a silence may hold one message longer than another."""
    later = (
        step
        for step in work.deliveries.of_milestone(one.tells_of or "")
        if step.kind is DeliveryKind.STEP and step.state in ARRIVED and step.created_at >= one.created_at
    )
    is_said = any((step.channel, step.address) == (one.channel, one.address) for step in later)
    return "a later message says it" if is_said else ""
