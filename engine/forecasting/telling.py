"""From a row of the outbox and the facts that were told to the item that scripts read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.quiet import hours_of
from engine.forecasting.items import About, Item, Told
from lifecycle.delivery import DeliveryKind
from lifecycle.playbooks.playbook import AFTER_THE_DAY
from lifecycle.playbooks.quiet import not_before

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.playbooks.playbook import Playbook
    from notifiers.sheet import FactSheet

_HELD: Final = "it was held"
_ACTS: Final = {"acknowledgement": "acknowledges", "decision": "decides", "outcome": "brings an outcome"}
_OF_ONE = frozenset({DeliveryKind.STEP, DeliveryKind.CHANGED})


def item_of(  # noqa: PLR0913 - all that is known of a message
    work: Work,
    row: Delivery,
    facts: FactSheet | None,
    *,
    at: datetime,
    subject: str,
    unborn: Container[str] | None = None,
) -> Item:
    """A message that leaves at *at*; *facts* are None for one that was composed before anybody looked.

    One that was not sent but is foretold says if what it leaves; *unborn* are the ids of milestones on paper only.
    """
    stage, step, repeat = row.place.rsplit(".", 2) if row.place else (None, None, None)
    is_step, again = row.kind is DeliveryKind.STEP, (step or "0", repeat or "0") != ("0", "0")
    about = _abouts(work, row, facts, unborn or ())
    return Item(
        send_at=at,
        time_zone=_zone(row, facts) or work.house.time_zone,
        message=row.kind,
        about=about,
        reference=work.agreements.get(row.agreement_id).reference if row.agreement_id else None,
        stage=stage,
        step=int(step) if step else None,
        repeat=int(repeat) if repeat else None,
        audience=_asked(work, row, stage or "", int(step or 0)) if is_step else (),
        channel=row.channel,
        urgency=row.urgency,
        recipient=Told(id=row.recipient_id, name=row.recipient_name, address=row.address),
        subject=subject,
        is_late=bool(facts and facts.is_late),
        shifted=_shifted(work, row, at) if is_step else None,
        only_if=f"nobody {_ACTS[facts.require]}" if unborn is not None and facts and again else None,
        dedupe_key=row.dedupe_key if all(one.milestone_id is not None for one in about) else "",
    )


@lru_cache(maxsize=1 << 10)  # there are few steps, and many messages
def asks(playbook: Playbook, stage: str, step: int) -> tuple[str, ...]:
    """Whom a step asks; a stage that the playbook does not have asks as the one that follows every deadline does."""
    found = playbook.stage(stage) or AFTER_THE_DAY
    return tuple(str(one) for one in found.steps[step].ask) if step < len(found.steps) else ()


def _shifted(work: Work, row: Delivery, at: datetime) -> tuple[datetime, str] | None:
    """From when to *at* a step's message waited, and for what first; a rehearsal's row says no more than a forecast's.

    What waited for nothing of the recipient's was held: by a silence, by hand, by a channel that took nothing.
    """
    if at <= row.created_at or row.milestone_id is None:
        return None
    milestone = work.milestones.get(row.milestone_id)
    agreement = work.agreements.get(milestone.key.holder)
    quiet = work.planner.frame(agreement, milestone).playbook.quiet
    told = recipients.Told(recipients.enabled(work, row.recipient_id), row.channel, row.address)
    first = not_before(row.created_at, hours_of(work, told, agreement, quiet), quiet)
    return row.created_at, first.because or _HELD


def _asked(work: Work, row: Delivery, stage: str, step: int) -> tuple[str, ...]:
    if row.milestone_id is None:
        return ()
    milestone = work.milestones.get(row.milestone_id)
    return asks(work.playbook(milestone.playbook, milestone.playbook_version), stage, step)


def _abouts(work: Work, row: Delivery, facts: FactSheet | None, unborn: Container[str]) -> tuple[About, ...]:
    if facts is None:
        return _remembered(work, row, unborn)
    return tuple([
        About(
            milestone_id=None if each.milestone_id in unborn else each.milestone_id,
            reference=each.reference,
            kind=each.kind.value,
            cycle=each.cycle,
            safe_on=each.safe_on,
        )
        for each in facts.deadlines
    ])  # fmt: skip


def _remembered(work: Work, row: Delivery, unborn: Container[str]) -> tuple[About, ...]:
    """What an older message is about, from the rows."""
    if row.milestone_id is None:
        return ()
    one = work.milestones.get(row.milestone_id)
    told = About(
        milestone_id=None if one.id in unborn else one.id,
        reference=work.agreements.get(one.key.holder).reference,
        kind=one.key.kind.value,
        cycle=one.key.cycle,
        safe_on=row.safe_on or one.safe_on,
    )
    return (told,)


def _zone(row: Delivery, facts: FactSheet | None) -> str:
    """The agreement's, of a message about one milestone; else the recipient's."""
    if facts is None:
        return ""
    is_single = row.kind in _OF_ONE and facts.deadlines
    return facts.deadlines[0].time_zone if is_single else facts.recipient.time_zone
