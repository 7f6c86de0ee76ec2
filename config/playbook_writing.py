"""Playbooks as the YAML in which people change them: what is as usual is left out, so that what is said stands out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecycle.playbooks.canonical import canonical
from lifecycle.playbooks.playbook import BEST, DEFAULT_BUFFER, Playbook, Require, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

Document = dict[str, Any]


def written(playbook: Playbook) -> str:
    """The playbook as YAML; reading it again gives the same playbook."""
    return _text(_said(json.loads(canonical(playbook))))


def redrafted(playbook: Playbook, ladder: Sequence[Document]) -> str:
    """The playbook with the ladder of a form, right or not: reading it says what is wrong, and where."""
    return _text(_said(json.loads(canonical(playbook))) | {"ladder": list(ladder)})


def _text(document: Document) -> str:
    import yaml

    text = yaml.safe_dump(document, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True)
    return str(text)


def _said(kept: Document) -> Document:
    quiet = kept["quiet"]
    hours = {"hours": "-".join(quiet["hours"])} if quiet["hours"] else {}
    days = {name: True for name in ("weekends", "holidays") if quiet[name]}
    return _without_nothing({
        "playbook": kept["playbook"],
        "match": _without_nothing(kept["match"]),
        "buffer": kept["buffer"] if kept["buffer"] != DEFAULT_BUFFER.code else None,
        "quiet": hours | days,
        "priority": kept["priority"],
        "ladder": [_stage(stage) for stage in kept["ladder"]],
    })  # fmt: skip


def _stage(kept: Document) -> Document:
    return _without_nothing({
        "name": kept["name"],
        "at": kept["at"],
        "urgency": kept["urgency"] if kept["urgency"] != Urgency.INTERRUPT else None,
        "require": kept["require"] if kept["require"] != Require.ACKNOWLEDGEMENT else None,
        "steps": [_step(step) for step in kept["steps"]],
    })  # fmt: skip


def _step(kept: Document) -> Document:
    repeat = kept["repeat"]
    return _without_nothing({
        "after": f"{kept['after']}bd" if kept["after"] else None,
        "ask": kept["ask"][0] if len(kept["ask"]) == 1 else kept["ask"],
        "via": kept["via"] if kept["via"] != BEST else None,
        "repeat": repeat and {"every": f"{repeat['every']}bd", "times": repeat["times"]},
    })  # fmt: skip


def _without_nothing(said: Document) -> Document:
    """A mapping without the keys that say nothing; of tags also within."""
    pruned = {key: _without_nothing(value) if isinstance(value, dict) else value for key, value in said.items()}
    return {key: value for key, value in pruned.items() if value}
