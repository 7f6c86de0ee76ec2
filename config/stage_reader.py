"""From YAML nodes to the stages of a ladder and their steps (DELIVERY.md P1 to P4).

Found here: ``at`` (E2), ``after`` (E3), ``repeat`` (E5), audiences (E6).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.playbook_words import (
    BUSINESS_DAYS,
    MOST_REPEATS,
    MOST_STAGES,
    MOST_STEPS,
    NAME,
    REPEAT_KEYS,
    STAGE_KEYS,
    STAGE_NAME,
    STEP_KEYS,
)
from config.yaml_source import Source, is_a
from lifecycle.audience import Audience, UnknownAudience, parse_audience
from lifecycle.playbooks.playbook import (
    ALL,
    BEST,
    Offset,
    OffsetError,
    Repeat,
    Require,
    Stage,
    Step,
    Urgency,
    Via,
    parse_offset,
)
from lifecycle.words import shown

if TYPE_CHECKING:
    from yaml.nodes import Node


def read_stages(source: Source, node: Node, items: list[Node]) -> tuple[Stage, ...]:
    if not 1 <= len(items) <= MOST_STAGES:
        source.complain(node, "E0", "A ladder has no stages, or too many.", f"Write 1 to {MOST_STAGES} stages.")
        return ()
    stages: list[Stage] = []
    for item in items:
        stage = _stage(source, item)
        if stage is None:
            continue
        if stages and stage.at.days <= stages[-1].at.days:
            source.complain(
                item, "E2", f"{stage.at} does not come after {stages[-1].at}.", "Put the stages in the order of days."
            )
        if stage.key in {other.key for other in stages}:
            source.complain(item, "E2", f"Two stages are called {shown(stage.key)}.", "Give each a name of its own.")
        stages.append(stage)
    return tuple(stages)


def _stage(source: Source, node: Node) -> Stage | None:
    keys = source.mapping(node, STAGE_KEYS)
    at = _at(source, keys.get("at"))
    urgency = source.choice(keys["urgency"], Urgency) if "urgency" in keys else Urgency.INTERRUPT
    require = source.choice(keys["require"], Require) if "require" in keys else Require.ACKNOWLEDGEMENT
    name = source.pattern(keys.get("name"), STAGE_NAME, "a name of letters, figures and blanks") or ""
    steps = _steps(source, keys["steps"]) if "steps" in keys else ()
    if at is None or urgency is None or require is None:
        return None
    return Stage(at, steps, name, Urgency(urgency), Require(require))


def _at(source: Source, node: Node | None) -> Offset | None:
    if node is None:
        return None
    try:
        return parse_offset(source.text(node))
    except OffsetError as refused:
        source.complain(node, "E2", refused.sentence, refused.remedy)
        return None


def step_nodes(source: Source, stage: Node) -> list[Node]:
    return next((source.items(value) for key, value in stage.value if key.value == "steps"), [])


def _steps(source: Source, node: Node) -> tuple[Step, ...]:
    items = source.items(node)
    if not 1 <= len(items) <= MOST_STEPS:
        source.complain(node, "E0", "A stage has no steps, or too many.", f"Write 1 to {MOST_STEPS} steps.")
        return ()
    steps: list[Step] = []
    for number, item in enumerate(items):
        keys = source.mapping(item, STEP_KEYS)
        after = _after(source, item, keys.get("after"), steps[-1].after if number else None)
        if "repeat" in keys and number + 1 < len(items):
            source.complain(keys["repeat"], "E5", "Only the last step of a stage repeats.", "Move it to the last step.")
        steps.append(
            Step(
                ask=_ask(source, keys["ask"]) if "ask" in keys else (),
                after=after,
                via=_via(source, keys.get("via")),
                repeat=_repeat(source, keys["repeat"]) if "repeat" in keys else None,
            )
        )
    return tuple(steps)


def _after(source: Source, step: Node, node: Node | None, previous: int | None) -> int:
    """Business days from the stage's day; *previous* is None for the first step, which stands on that day."""
    said = source.text(node) if node is not None else None
    if previous is None:
        if node is not None:
            source.complain(node, "E3", "The first step stands on the stage's day.", "Leave its after out.")
        return 0
    if said is None or not re.fullmatch(BUSINESS_DAYS, said):
        wrong = f"{shown(said)} is no number of business days." if said else "A later step needs after."
        source.complain(node or step, "E3", wrong, "Write after: 3bd, counted from the day of the stage.")
        return previous
    after = int(said.removesuffix("bd"))
    if after <= previous:
        source.complain(node or step, "E3", f"{said} does not come after {previous}bd.", "Let after grow step by step.")
    return after


def _ask(source: Source, node: Node) -> tuple[Audience, ...]:
    asked: list[Audience] = []
    for item, text in source.texts(node):
        try:
            asked.append(parse_audience(text))
        except UnknownAudience as refused:
            source.complain(item, "E6", refused.sentence, refused.remedy)
    if not source.items(node):
        source.complain(node, "E6", "Nobody is asked.", "Name at least one audience, such as owner.")
    return tuple(dict.fromkeys(asked))


def _via(source: Source, node: Node | None) -> Via:
    if node is None:
        return BEST
    channels = tuple(text.strip().lower() for _, text in source.texts(node))
    if is_a(node, "scalar") and channels[0] in {BEST, ALL}:
        return channels[0]
    if not channels or not all(re.fullmatch(NAME, channel) for channel in channels):
        source.complain(node, "E1", "via names no channel.", "Write best, all or a list such as [slack, email].")
    return channels


def _repeat(source: Source, node: Node) -> Repeat | None:
    keys = source.mapping(node, REPEAT_KEYS)
    if len(keys) < len(REPEAT_KEYS):
        return None
    every, times = source.text(keys["every"]), source.text(keys["times"])
    if not re.fullmatch(BUSINESS_DAYS, every):
        source.complain(keys["every"], "E5", f"{shown(every)} is no distance for a repeat.", "Write every: 2bd.")
        return None
    if not re.fullmatch(r"[0-9]{1,3}", times) or not 1 <= int(times) <= MOST_REPEATS:
        source.complain(
            keys["times"], "E5", f"{shown(times)} is no number of repeats.", f"Write 1 to {MOST_REPEATS}."
        )  # fmt: skip
        return None
    return Repeat(int(every.removesuffix("bd")), int(times))
