"""The canonical JSON of a playbook: what is kept of a version, and what its SHA-256 is taken of.

Equal playbooks give equal bytes, different ones different bytes; all that a playbook holds is in it, defaults too, so
that a version means the same whatever the defaults are later (DELIVERY.md P7).
"""

from __future__ import annotations

import hashlib
import json
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lifecycle.audience import parse_audience
from lifecycle.days.periods import Period
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.playbooks.matching import Comparison, Match, TagRule, Worth
from lifecycle.playbooks.playbook import Playbook, Quiet, Repeat, Require, Stage, Step, Urgency, parse_offset

Document = dict[str, Any]


def canonical(playbook: Playbook) -> str:
    """All of the playbook as one line of JSON with sorted keys."""
    return json.dumps(_document(playbook), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=256)
def sha256(playbook: Playbook) -> str:
    """The name of the playbook's content: hexadecimal SHA-256 of its canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(playbook).encode()).hexdigest()


@lru_cache(maxsize=256)  # versions never change, and every transaction asks for the newest
def from_canonical(text: str) -> Playbook:
    """The playbook whose canonical JSON is *text*."""
    kept = json.loads(text)
    return Playbook(
        name=kept["playbook"],
        stages=tuple(_stage(stage) for stage in kept["ladder"]),
        match=_match(kept["match"]),
        buffer=Period.from_code(kept["buffer"]),
        quiet=_quiet(kept["quiet"]),
        priority=kept["priority"],
    )


def _document(playbook: Playbook) -> Document:
    quiet = playbook.quiet
    return {
        "playbook": playbook.name,
        "priority": playbook.priority,
        "match": _match_document(playbook.match),
        "buffer": playbook.buffer.code,
        "quiet": {
            "hours": [hour.isoformat("minutes") for hour in quiet.hours] if quiet.hours else None,
            "weekends": quiet.weekends,
            "holidays": quiet.holidays,
        },
        "ladder": [_stage_document(stage) for stage in playbook.stages],
    }


def _match_document(match: Match) -> Document:
    return {
        "kind": sorted(match.kind),
        "milestone": sorted(match.milestone),
        "tags": _tags_document(match.tags),
        "counterparty_tags": _tags_document(match.counterparty_tags),
        "jurisdiction": sorted(match.jurisdiction),
        "team": sorted(match.team),
        "value": str(match.value) if match.value else None,
    }


def _tags_document(rule: TagRule | None) -> Document | None:
    return {"any": sorted(rule.any), "all": sorted(rule.all), "none": sorted(rule.none)} if rule else None


def _stage_document(stage: Stage) -> Document:
    return {
        "name": stage.name,
        "at": str(stage.at),
        "urgency": stage.urgency.value,
        "require": stage.require.value,
        "steps": [_step_document(step) for step in stage.steps],
    }


def _step_document(step: Step) -> Document:
    return {
        "ask": [str(audience) for audience in step.ask],
        "after": step.after,
        "via": step.via if isinstance(step.via, str) else list(step.via),
        "repeat": {"every": step.repeat.every, "times": step.repeat.times} if step.repeat else None,
    }


def _match(kept: Document) -> Match:
    return Match(
        kind=frozenset(kept["kind"]),
        milestone=frozenset(MilestoneKind(kind) for kind in kept["milestone"]),
        tags=_tags(kept["tags"]),
        counterparty_tags=_tags(kept["counterparty_tags"]),
        jurisdiction=frozenset(kept["jurisdiction"]),
        team=frozenset(kept["team"]),
        value=_worth(kept["value"]),
    )


def _tags(kept: Document | None) -> TagRule | None:
    return TagRule(*(frozenset(kept[key]) for key in ("any", "all", "none"))) if kept else None


def _worth(kept: str | None) -> Worth | None:
    if kept is None:
        return None
    comparison, amount, currency = kept.split()
    return Worth(Comparison(comparison), Decimal(amount), currency)


def _quiet(kept: Document) -> Quiet:
    hours = kept["hours"]
    return Quiet(
        hours=(time.fromisoformat(hours[0]), time.fromisoformat(hours[1])) if hours else None,
        weekends=kept["weekends"],
        holidays=kept["holidays"],
    )


def _stage(kept: Document) -> Stage:
    return Stage(
        at=parse_offset(kept["at"]),
        steps=tuple(_step(step) for step in kept["steps"]),
        name=kept["name"],
        urgency=Urgency(kept["urgency"]),
        require=Require(kept["require"]),
    )


def _step(kept: Document) -> Step:
    return Step(
        ask=tuple(parse_audience(audience) for audience in kept["ask"]),
        after=kept["after"],
        via=kept["via"] if isinstance(kept["via"], str) else tuple(kept["via"]),
        repeat=Repeat(**kept["repeat"]) if kept["repeat"] else None,
    )
