"""From YAML nodes to a playbook: what each word of a playbook file means (DELIVERY.md P1 to P5).

Found here is what is wrong in itself: unknown keys (E1), ``at`` (E2), ``after`` (E3), ``repeat`` (E5), audiences (E6),
plain times (E10). What is wrong only beside something else is found by ``config.playbook_checks``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

from config.playbook_words import BUFFER, HOURS, MATCH_KEYS, NAME, PLAYBOOK_KEYS, QUIET_KEYS, TAG_KEYS, VALUE
from config.stage_reader import read_stages, step_nodes
from config.yaml_source import Place, Source, is_a
from lifecycle.days.periods import Period
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.playbooks.matching import DEFAULT, Comparison, Match, TagRule, Worth
from lifecycle.playbooks.playbook import DEFAULT_BUFFER, MOST_DAYS, Playbook, Quiet

if TYPE_CHECKING:
    from yaml.nodes import Node


@dataclass(frozen=True, slots=True)
class ReadPlaybook:
    """A playbook and where its parts stand; ``quiet`` is where its hours are, else the playbook."""

    playbook: Playbook
    place: Place
    stages: tuple[Place, ...]
    steps: tuple[tuple[Place, ...], ...]
    quiet: Place


def read_playbook(source: Source, node: Node) -> ReadPlaybook | None:
    """The playbook of one document, None where *source* has found an error in it."""
    before = len(source.findings)
    keys = source.mapping(node, PLAYBOOK_KEYS)
    name = source.pattern(keys.get("playbook"), NAME, "a name such as nda or msa-2") or ""
    match = _match(source, keys["match"]) if "match" in keys else Match()
    if name == DEFAULT and match.keys:
        source.complain(keys["match"], "E1", "The playbook default is for everything.", "Leave its match out.")
    quiet = _quiet(source, keys["quiet"]) if "quiet" in keys else Quiet()
    buffer = _buffer(source, keys["buffer"]) if "buffer" in keys else DEFAULT_BUFFER
    priority = source.number(keys["priority"], -1000, 1000) if "priority" in keys else 0
    stage_nodes = source.items(keys["ladder"]) if "ladder" in keys else []
    stages = read_stages(source, keys["ladder"], stage_nodes) if "ladder" in keys else ()
    if len(source.findings) > before:
        return None
    return ReadPlaybook(
        Playbook(name, stages, match, buffer, quiet, priority or 0),
        source.place(node),
        tuple(source.place(stage) for stage in stage_nodes),
        tuple(tuple(source.place(step) for step in step_nodes(source, stage)) for stage in stage_nodes),
        source.place(keys.get("quiet", node)),
    )


def _match(source: Source, node: Node) -> Match:
    keys = source.mapping(node, MATCH_KEYS)
    return Match(
        kind=_words(source, keys.get("kind")),
        milestone=_milestones(source, keys.get("milestone")),
        tags=_tags(source, keys.get("tags")),
        counterparty_tags=_tags(source, keys.get("counterparty_tags")),
        jurisdiction=_words(source, keys.get("jurisdiction")),
        team=_words(source, keys.get("team")),
        value=_worth(source, keys.get("value")),
    )


def _words(source: Source, node: Node | None) -> frozenset[str]:
    if node is None:
        return frozenset()
    words = frozenset(text.strip().lower() for _, text in source.texts(node) if text.strip())
    if not words:
        source.complain(node, "E1", "An empty list matches nothing.", "Name something, or leave the key out.")
    return words


def _milestones(source: Source, node: Node | None) -> frozenset[MilestoneKind]:
    named = (source.choice(item, MilestoneKind) for item in (source.items(node) if node else ()))
    return frozenset(MilestoneKind(kind) for kind in named if kind)


def _tags(source: Source, node: Node | None) -> TagRule | None:
    """A list of tags says: any of them."""
    if node is None:
        return None
    if not is_a(node, "mapping"):
        return TagRule(any=_words(source, node))
    keys = source.mapping(node, TAG_KEYS)
    if not keys:
        source.complain(node, "E1", "An empty rule for tags asks nothing.", "Write any, all or none.")
    return TagRule(**{key: _words(source, value) for key, value in keys.items()})


def _worth(source: Source, node: Node | None) -> Worth | None:
    said = source.pattern(node, VALUE, 'a bound such as ">= 100000 EUR"')
    found = re.fullmatch(VALUE, said) if said else None
    return Worth(Comparison(found[1]), Decimal(found[2]), found[3]) if found else None


def _quiet(source: Source, node: Node) -> Quiet:
    keys = source.mapping(node, QUIET_KEYS)
    said = source.pattern(keys.get("hours"), HOURS, 'two times in quotes, such as "18:00-08:00"')
    first, _, last = (said or "").partition("-")
    return Quiet(
        hours=(time.fromisoformat(first), time.fromisoformat(last)) if said else None,
        weekends=source.flag(keys["weekends"]) if "weekends" in keys else False,
        holidays=source.flag(keys["holidays"]) if "holidays" in keys else False,
    )


def _buffer(source: Source, node: Node) -> Period:
    said = source.pattern(node, BUFFER, f'a length such as "3bd" or "10d", {MOST_DAYS} at most')
    return Period.from_code(said) if said else DEFAULT_BUFFER
