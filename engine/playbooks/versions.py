"""Versions of playbooks: the shipped ones at the first start, a plan of what another would change, and applying it.

A milestone names its version, and only ``apply`` changes it; what was raised stays raised.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.looking import looked_at_anew
from engine.planning import Planner
from engine.playbooks.approval import is_approved
from engine.replanning import replan
from lifecycle.errors import LifecycleError
from lifecycle.events import PlaybookApplied
from lifecycle.milestones.reconciling import Cause
from lifecycle.playbooks import plan as playbook_plan
from lifecycle.playbooks.canonical import canonical, sha256
from lifecycle.playbooks.plan import Replanned
from store.keeping import PlaybookVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.plan import PlaybookPlan
    from lifecycle.playbooks.playbook import Playbook


class OtherPlan(LifecycleError):
    """The register has changed since the plan was looked at."""

    code = "other-plan"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"The plan is {found[:12]} now, not {expected[:12]}: the register has changed since you looked.",
            remedy="Look at the plan again, then apply that one.",
            command="longstop playbook plan",
        )


def ensure_shipped(work: Work, playbooks: Iterable[Playbook]) -> int:
    """Take in playbooks that the register does not know by name; how many. Known ones change by ``apply`` alone."""
    known = {one.playbook for one in work.keeping.playbooks()}
    new = [playbook for playbook in playbooks if playbook.name not in known]
    for playbook in new:
        _add_version(work, playbook, version=1)
    return len(new)


def plan(work: Work, new: Playbook) -> PlaybookPlan:
    """What applying *new* would change: steps added, removed, moved, per live milestone. Nothing is written."""
    under = _under(work, new)
    return playbook_plan.plan(
        (
            Replanned(
                reference=agreement.reference,
                before=row,
                after=_retargeted(under, agreement, row),
                old=work.planner.frame(agreement, row),
                new=under.frame(agreement, _retargeted(under, agreement, row)),
            )
            for agreement, row in _affected(work, under)
        ),
        work.now,
    )


def apply(work: Work, new: Playbook, *, expect: str = "", known: PlaybookPlan | None = None) -> PlaybookPlan:
    """Let *new* hold from now on, for every live milestone that it matches. The same content is no new version.

    *known* is its plan, where it was made in this transaction.

    Where it concerns more agreements than the house lets one person change, it is only proposed
    (``approval``). Raises OtherPlan where *expect* is given and the plan is another one by now; nothing
    is changed then.
    """
    intended = known or plan(work, new)
    if expect and intended.digest != expect:
        raise OtherPlan(expect, intended.digest)
    newest = {one.playbook: one for one in work.keeping.playbooks()}.get(new.name)
    if newest is not None and newest.sha256 == sha256(new):
        return intended
    concerned = list(affected(work, new))
    if not is_approved(work, new, len({agreement.id for agreement, _ in concerned})):
        return replace(intended, is_proposed=True)
    _add_version(work, new, version=newest.version + 1 if newest else 1)
    work.playbooks_changed()
    for agreement, rows in _by_agreement(concerned):
        with work.alone(agreement.id):
            take_over(work, agreement, rows, name=new.name)
            work.settle()
            work.session.flush()  # a row that the database refuses fails here, alone, and not the whole change
    return intended


def affected(work: Work, new: Playbook) -> Iterator[tuple[Agreement, Milestone]]:
    """The live milestones that *new* would be for, or no longer be for."""
    return _affected(work, _under(work, new))


def next_version(work: Work, new: Playbook) -> int:
    """The version that *new* would be."""
    return max((version for name, version in work.playbooks if name == new.name), default=0) + 1


def take_over(work: Work, agreement: Agreement, rows: Iterable[Milestone], *, name: str) -> None:
    """Put *rows* of an agreement under the playbooks that hold now; *name* is the one that changed."""
    work.milestones.save([_under_newest(work, agreement, row) for row in rows])
    replan(work, agreement, because=f"playbook {name}", cause=Cause.PLAYBOOK)


def _add_version(work: Work, playbook: Playbook, *, version: int) -> None:
    digest = sha256(playbook)
    work.keeping.add_playbook(
        PlaybookVersion(
            playbook=playbook.name, version=version, sha256=digest, applied_at=work.now, doc=canonical(playbook)
        )
    )
    work.record(PlaybookApplied(playbook=playbook.name, version=version, sha256=digest))


def _under(work: Work, new: Playbook) -> Planner:
    """The choice of playbooks as it would be with *new* among them."""
    others = {place: playbook for place, playbook in work.playbooks.items() if place[0] != new.name}
    return Planner(work, {**others, (new.name, next_version(work, new)): new})


def _affected(work: Work, under: Planner) -> Iterator[tuple[Agreement, Milestone]]:
    """The live milestones that have another playbook, or another version of theirs, under the new choice."""
    rows = list(work.milestones.live())
    agreements = work.agreements.many(row.key.holder for row in rows)
    for row in rows:
        agreement = agreements[row.key.holder]
        playbook, version = under.playbook(agreement, row.key.kind)
        if (playbook.name, version) != (row.playbook, row.playbook_version):
            yield agreement, row


def _retargeted(under: Planner, agreement: Agreement, row: Milestone) -> Milestone:
    playbook, version = under.playbook(agreement, row.key.kind)
    target_on = under.target(agreement, row) if row.is_deadline else row.target_on
    return replace(row, playbook=playbook.name, playbook_version=version, target_on=target_on)


def _under_newest(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """The row under the playbook that holds now."""
    return looked_at_anew(work, agreement, _retargeted(work.planner, agreement, row))


def _by_agreement(affected: Iterable[tuple[Agreement, Milestone]]) -> Iterator[tuple[Agreement, list[Milestone]]]:
    grouped: dict[str, tuple[Agreement, list[Milestone]]] = {}
    for agreement, row in affected:
        grouped.setdefault(agreement.id, (agreement, []))[1].append(row)
    yield from grouped.values()
