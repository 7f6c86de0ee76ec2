"""The ladder of a deadline as its page shows it: who is asked, when, through what, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from lifecycle.milestones.milestone import Cursor
from lifecycle.playbooks.ladder import steps
from notifiers.wording import asked_words, capital, channel_words, stage_words
from web.deadlines.rows import TOLD, Reached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.ladder import PlannedStep

_LONGEST: Final = 60  # steps of a ladder that are shown
_NEAR: Final = 3  # of them that a small page shows first
_FEW: Final = _NEAR + 1  # are shown at once: a fold would be as long as what it hides
_AHEAD: Final = frozenset({"next", "planned", "quiet"})
_VIAS: Final = {"best": "first channel", "all": "every channel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder: when, what, whom, through what, and what became of it; *is_near*: first on a small page."""

    at: datetime
    stage: str
    step: str
    people: str
    channels: str
    state: str
    tone: str
    reached: tuple[Reached, ...]
    is_near: bool = True


def rungs(work: Work, agreement: Agreement, milestone: Milestone, messages: list[Delivery]) -> tuple[Rung, ...]:
    """Every step: those that were raised with what became of them in *messages*, and those to come."""
    return _nearest(tuple(islice(_rungs(work, agreement, milestone, messages), _LONGEST)))


def goes_on(shown: tuple[Rung, ...], milestone: Milestone) -> str:
    """What follows the last rung that is shown."""
    if not milestone.is_live or not milestone.is_deadline:
        return ""
    return "After that they are asked every 5 business days until there is an outcome." if shown else ""


def _rungs(work: Work, agreement: Agreement, milestone: Milestone, messages: list[Delivery]) -> Iterator[Rung]:
    frame = work.planner.frame(agreement, milestone)
    said = {Cursor(one.stage, one.step, one.repeat): one for one in work.milestones.raised_of(milestone.id)
            if one.safe_on == milestone.safe_on}  # fmt: skip
    keys = [rung.key for rung in frame.rungs(milestone)]
    ahead = list(islice(takewhile(lambda step: not step.is_final, steps(milestone, frame)), _LONGEST))
    is_next = milestone.is_live
    for step in ahead:
        raised = said.get(step.cursor)
        if raised is None and not milestone.is_live:
            continue
        about = [one for one in messages if one.place == step.place and one.safe_on == milestone.safe_on]
        state, tint = _state(work, milestone, step, is_raised=raised is not None, is_next=is_next)
        is_next = is_next and state != "next"
        meant = [one.kind.value for one in step.audience]
        yield Rung(
            at=raised.at if raised else step.at,
            stage=f"{keys.index(step.stage) + 1} of {len(keys)}: {stage_words(step.stage)}",
            step=_step_words(step),
            people=capital(asked_words(recipients.words(work, step.audience, agreement, milestone), meant)),
            channels=_VIAS.get(step.channels, "") if isinstance(step.channels, str) else ", ".join(step.channels),
            state=state,
            tone=tint,
            reached=tuple(sorted(_reached(about))),
        )


def _nearest(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """What was done last and the two that come next are near; of a short ladder all."""
    if len(rungs) <= _FEW:
        return rungs
    ahead = next((place for place, one in enumerate(rungs) if one.state in _AHEAD), len(rungs))
    first = min(max(ahead - 1, 0), len(rungs) - _NEAR)
    return tuple(replace(one, is_near=first <= place < first + _NEAR) for place, one in enumerate(rungs))


def _state(work: Work, milestone: Milestone, step: PlannedStep, *, is_raised: bool, is_next: bool) -> tuple[str, str]:
    if is_raised:
        return "said", "green"
    quiet_until_at = milestone.acknowledged_until_at or milestone.snoozed_until_at
    if step.at <= work.now:
        return "passed over", "grey"
    if quiet_until_at is not None and step.at < quiet_until_at:
        return "quiet", "grey"
    return ("next", "blue") if is_next else ("planned", "grey")


def _step_words(step: PlannedStep) -> str:
    if step.repeat:
        return f"asked again ({step.repeat})"
    return "first message" if step.step == 0 else f"escalation {step.step}"


def _reached(messages: list[Delivery]) -> Iterator[Reached]:
    for one in messages:
        if one.state in TOLD:
            name = f"{one.recipient_name or one.address} by {channel_words(one.channel)}"
            yield Reached(name, TOLD[one.state], TOLD[one.state] in {"not delivered", "not certain"})
