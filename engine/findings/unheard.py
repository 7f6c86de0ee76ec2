"""Whom nobody would hear: people who have left, and steps of ladders that would reach nobody today.

A step is looked at for the nearest deadline that follows each playbook of an agreement. That an agreement has no owner
or no backup is the one thing to mend then: steps that ask only them are not told one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from lifecycle.audience import AudienceKind
from lifecycle.errors import LifecycleError
from lifecycle.findings.of_silence import UnheardStep
from lifecycle.words import listed
from store.queries.finding_grounds import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.playbook import Step

_OURS: Final = frozenset({AudienceKind.OWNER, AudienceKind.BACKUP})


def left(work: Work) -> frozenset[str]:
    """The ids of people who have left."""
    return frozenset(one.id for one in work.people.all() if one.is_disabled)


def unheard_steps(work: Work, agreements: Sequence[Agreement]) -> list[UnheardStep]:
    """The steps of the ladders of these agreements that would reach nobody, each once for an agreement."""
    by_id = {one.id: one for one in agreements}
    work.people.have(work.people.all())
    work.contacts.read(one.counterparty_id for one in agreements)
    found: dict[UnheardStep, None] = {}
    for row in nearest(work, list(by_id)):
        found.update(dict.fromkeys(_unheard(work, by_id[row.key.holder], row)))
    return list(found)


def _unheard(work: Work, agreement: Agreement, row: Milestone) -> Iterator[UnheardStep]:
    if recipients.owner_of(work, agreement, row) is None:
        return
    for stage in work.playbook(row.playbook, row.playbook_version).stages:
        for step in stage.steps:
            if not _asks_only(step, _OURS) and not _reaches(work, agreement, row, step):
                yield UnheardStep(agreement.reference, stage.key, listed([str(one) for one in step.ask]))


def _asks_only(step: Step, kinds: Collection[AudienceKind]) -> bool:
    return all(one.kind in kinds for one in step.ask)


def _reaches(work: Work, agreement: Agreement, row: Milestone, step: Step) -> bool:
    try:
        return bool(recipients.resolve(work, step.ask, step.via, agreement=agreement, milestone=row))
    except LifecycleError:
        return False
