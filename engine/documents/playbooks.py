"""Playbooks as scripts read them: those in force, with their steps in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecycle.playbooks.matching import TagRule
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.playbooks.matching import Match
    from lifecycle.playbooks.plan import PlaybookPlan, StepChange
    from lifecycle.playbooks.playbook import Playbook


def in_force(work: Work) -> list[dict[str, Any]]:
    """The newest version of each, and how many live deadlines follow it."""
    followed = Counter(row.playbook for row in work.milestones.live() if row.is_deadline)
    return [
        {
            "name": playbook.name,
            "version": version,
            "milestones": followed[playbook.name],
            "matches": _matches(playbook.match),
            "stages": [stage.key for stage in playbook.stages],
        }
        for (_, version), playbook in work.playbooks.items()
    ]


def one_in_force(work: Work, name: str) -> dict[str, Any]:
    """One of them with its steps in words. Raises NotFound."""
    for document in in_force(work):
        if document["name"] == name:
            playbook = work.playbook(name, document["version"])
            return {**document, "steps": _steps(playbook)}
    raise NotFound("playbook", name, remedy="List them.", command="longstop playbook list")


def plan_document(plan: PlaybookPlan) -> dict[str, Any]:
    """What a playbook would change, or has changed, step by step."""
    return {
        "digest": plan.digest,
        "raises_within_a_day": plan.raises_within_a_day,
        "is_proposed": plan.is_proposed,
        "changes": [_change(one) for one in plan.changes],
    }


def _change(one: StepChange) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "milestone_id": one.milestone.id,
        "kind": one.milestone.key.kind,
        "safe_on": one.milestone.safe_on,
        "change": one.change,
        "place": one.step.place,
        "at": one.step.at,
        "was_at": one.was_at,
        "audience": [str(audience) for audience in one.step.audience],
        "text": str(one),
    }


def _matches(match: Match) -> str:
    told = []
    for name in match.__slots__:
        value = getattr(match, name)
        if value:
            told.append(f"{name} {_words(value)}")
    return ", ".join(told) or "everything"


def _words(value: object) -> str:
    if isinstance(value, TagRule):
        rules = (("any of", value.any), ("all of", value.all), ("none of", value.none))
        return ", ".join(f"{how} {_words(tags)}" for how, tags in rules if tags)
    if isinstance(value, frozenset | set | tuple | list):
        return " or ".join(sorted(str(getattr(one, "value", one)) for one in value))
    return str(value)


def _steps(playbook: Playbook) -> list[str]:
    told = []
    for stage in playbook.stages:
        for step in stage.steps:
            after = f" after {step.after} business days" if step.after else ""
            asked = ", ".join(str(audience) for audience in step.ask)
            told.append(f"{stage.key}{after}: {asked} ({stage.urgency.value}, asks for {stage.require.value})")
    return told
