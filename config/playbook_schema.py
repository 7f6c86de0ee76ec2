"""The JSON Schema of playbook files, for editors that complete and check while one types.

It is made of the tables by which the reader reads, and ``docs/schemas/playbook.schema.json`` is its copy. What a
schema cannot say (the order of stages, playbooks that match equally) is told by ``playbook check``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.playbook_words import (
    BUFFER,
    BUSINESS_DAYS,
    HOURS,
    MATCH_KEYS,
    MOST_REPEATS,
    MOST_STAGES,
    MOST_STEPS,
    NAME,
    PLAYBOOK_KEYS,
    QUIET_KEYS,
    REPEAT_KEYS,
    STAGE_KEYS,
    STAGE_NAME,
    STEP_KEYS,
    TAG_KEYS,
    VALUE,
)
from lifecycle.audience import ROLES
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.playbooks.playbook import ALL, AT_PATTERN, BEST, Require, Urgency

Schema = dict[str, Any]
_AUDIENCE = "|".join(
    ("owner", "backup", "manager", r"team:.+", f"role:({'|'.join(ROLES)})", r"address:[^:]+:.+", r"counterparty:.+")
)


def playbook_schema() -> Schema:
    """The schema of one document of a playbook file (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Longstop playbook",
        **_mapping(
            PLAYBOOK_KEYS,
            {
                "playbook": _text(NAME),
                "match": _match(),
                "buffer": _text(BUFFER),
                "quiet": _mapping(
                    QUIET_KEYS,
                    {"hours": _text(HOURS), "weekends": {"type": "boolean"}, "holidays": {"type": "boolean"}},
                ),
                "priority": {"type": "integer", "minimum": -1000, "maximum": 1000},
                "ladder": {"type": "array", "items": _stage(), "minItems": 1, "maxItems": MOST_STAGES},
            },
        ),
    }


def _match() -> Schema:
    words = _one_or_more({"type": "string", "minLength": 1})
    tags = {"anyOf": [words, _mapping(TAG_KEYS, dict.fromkeys(TAG_KEYS, words))]}
    return _mapping(
        MATCH_KEYS,
        {
            "kind": words,
            "milestone": _one_or_more({"enum": [kind.value for kind in MilestoneKind]}),
            "tags": tags,
            "counterparty_tags": tags,
            "jurisdiction": words,
            "team": words,
            "value": _text(VALUE),
        },
    )


def _stage() -> Schema:
    return _mapping(
        STAGE_KEYS,
        {
            "name": _text(STAGE_NAME),
            "at": _text(AT_PATTERN),
            "urgency": {"enum": [urgency.value for urgency in Urgency]},
            "require": {"enum": [require.value for require in Require]},
            "steps": {"type": "array", "items": _step(), "minItems": 1, "maxItems": MOST_STEPS},
        },
    )


def _step() -> Schema:
    times = {"type": "integer", "minimum": 1, "maximum": MOST_REPEATS}
    return _mapping(
        STEP_KEYS,
        {
            "ask": _one_or_more(_text(_AUDIENCE)),
            "after": _text(BUSINESS_DAYS),
            "via": {"anyOf": [{"enum": [BEST, ALL]}, _one_or_more(_text(NAME))]},
            "repeat": _mapping(REPEAT_KEYS, {"every": _text(BUSINESS_DAYS), "times": times}),
        },
    )


def _mapping(keys: Mapping[str, bool], values: Mapping[str, Schema]) -> Schema:
    """An object with just these keys, of which some must be there."""
    needed = [key for key, is_needed in keys.items() if is_needed]
    shape: Schema = {"type": "object", "additionalProperties": False, "properties": {key: values[key] for key in keys}}
    return shape | {"required": needed} if needed else shape


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}
