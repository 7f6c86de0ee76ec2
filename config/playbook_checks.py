"""What is wrong with a playbook although every word of it is right (DELIVERY.md P6).

Whether a step can be reached is tried, not argued: the ladder is computed for a last safe day on each weekday of a
week without holidays. A step that always falls together with a later one is never said by itself (E4); one that does
so on some weekdays is worth a warning (N1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Final

from config.playbook_reader import ReadPlaybook
from config.yaml_source import Place, YamlFinding
from lifecycle.audience import OWNER, Audience, AudienceKind
from lifecycle.days.calendars import SAT_SUN
from lifecycle.milestones.milestone import MARKERS, Milestone, MilestoneKey, MilestoneKind, MilestoneState
from lifecycle.playbooks.ladder import PlannedStep, ladder
from lifecycle.playbooks.matching import DEFAULT, may_both_match
from lifecycle.playbooks.playbook import DAYS_A_BUSINESS_DAY, Playbook, Quiet, Require, Urgency
from lifecycle.words import listed

LEAST_OPEN_MINUTES: Final = 4 * 60
MINUTES_A_DAY: Final = 24 * 60
_MONDAY: Final = date(2035, 3, 5)  # any Monday: the calendar of the trial has weekends and no holidays
_WORKING_WEEK: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What only the register knows of a playbook that is checked, by its name."""

    unreached: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (playbook, audience): agreements
    past: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (playbook, stage): milestones


def alone(read: ReadPlaybook, channels: frozenset[str] | None, facts: RegisterFacts | None) -> Iterator[YamlFinding]:
    """What is wrong with one playbook; *channels* are those configured, None if that is not known here."""
    yield from _steps_that_merge(read)
    yield from _channels(read, channels)
    yield from _only_digests(read)
    yield from _outcome_of_marker(read)
    yield from _hardly_open(read)
    yield from _only_owner(read.playbook, read.place)
    if facts is not None:
        yield from _register_says(read, facts)


def together(read: Sequence[ReadPlaybook], others: Sequence[Playbook]) -> Iterator[YamlFinding]:
    """Playbooks between which nobody could choose (E8); *others* are in force beside those that were read."""
    ahead = list(others)
    for one in read:
        if rival := next((other for other in ahead if _match_equally(one.playbook, other)), None):
            yield YamlFinding(
                one.place,
                "E8",
                f"The playbooks {one.playbook.name} and {rival.name} match the same milestones equally well.",
                "Give one of them a priority, or match more closely.",
            )
        ahead.append(one.playbook)


def _match_equally(one: Playbook, other: Playbook) -> bool:
    if one.name == other.name:
        return True
    if DEFAULT in {one.name, other.name}:
        return False
    same = (one.priority, one.match.keys) == (other.priority, other.match.keys)
    return same and may_both_match(one.match, other.match)


def _steps_that_merge(read: ReadPlaybook) -> Iterator[YamlFinding]:
    """E4, N1: steps at the same instant are raised as one, the latest (L6)."""
    merged: Counter[tuple[str, int]] = Counter()
    for weekday in range(_WORKING_WEEK):
        whole = _trial(read.playbook, _MONDAY + timedelta(weekday))
        merged.update((one.stage, one.step) for one, later in pairwise(whole) if one.at == later.at and not one.repeat)
    for stage, places in zip(read.playbook.stages, read.steps, strict=True):
        for number, place in enumerate(places):
            times = merged[stage.key, number]
            if times == _WORKING_WEEK:
                yield YamlFinding(
                    place,
                    "E4",
                    f"Step {number} of {stage.key} is never reached: the next stage is always there first.",
                    "Let it come earlier, or leave it out.",
                )
            elif times:
                yield YamlFinding(
                    place,
                    "N1",
                    f"Step {number} of {stage.key} is reached only in some weeks.",
                    "Leave a few more days before the next stage.",
                )


def _trial(playbook: Playbook, safe_on: date) -> tuple[PlannedStep, ...]:
    trial = Milestone(
        id="trial",
        key=MilestoneKey("trial", "trial", MilestoneKind.DUTY, "0"),
        is_deadline=True,
        state=MilestoneState.OPEN,
        safe_on=safe_on,
        target_on=safe_on,
        nominal_on=safe_on,
        latest_on=safe_on,
        revision=1,
        generation=1,
        armed_on=safe_on.replace(year=safe_on.year - 5),
        playbook=playbook.name,
        playbook_version=1,
        next_step_at=None,
        cursor=None,
    )
    return ladder(trial, playbook, SAT_SUN, UTC)


def _channels(read: ReadPlaybook, channels: frozenset[str] | None) -> Iterator[YamlFinding]:
    if channels is None:
        return
    for stage, places in zip(read.playbook.stages, read.steps, strict=True):
        for step, place in zip(stage.steps, places, strict=True):
            named = [*(step.via if not isinstance(step.via, str) else ())]
            named += [audience.channel for audience in step.ask if audience.channel]
            for channel in sorted(set(named) - channels):
                yield YamlFinding(
                    place, "E7", f"The channel {channel} is not configured.", f"Configured: {listed(sorted(channels))}."
                )


def _only_digests(read: ReadPlaybook) -> Iterator[YamlFinding]:
    """E9: somebody must be interrupted in time; from the target day on every step is critical anyway."""
    playbook = read.playbook
    if playbook.match.milestone and playbook.match.milestone <= MARKERS:
        return
    buffer = playbook.buffer.total_days + playbook.buffer.business_days * DAYS_A_BUSINESS_DAY
    until_day = [stage for stage in playbook.stages if stage.at.number <= 0]
    early = [stage for stage in until_day if stage.at.days < -buffer]
    is_quiet = bool(early) and all(stage.urgency is Urgency.DIGEST for stage in early)
    if is_quiet or not until_day:
        what = "only digests stand before the target day" if is_quiet else "no stage stands before the last safe day"
        yield YamlFinding(
            read.stages[0], "E9", f"In {playbook.name} {what}.", "Add a stage with urgency interrupt before it."
        )


def _outcome_of_marker(read: ReadPlaybook) -> Iterator[YamlFinding]:
    markers = sorted(read.playbook.match.milestone & MARKERS)
    if not markers:
        return
    for stage, place in zip(read.playbook.stages, read.stages, strict=True):
        if stage.require is Require.OUTCOME:
            yield YamlFinding(
                place,
                "E11",
                f"Nobody owes an outcome for {listed(markers)}: time passes it.",
                "Leave require out, or match deadlines only.",
            )


def _hardly_open(read: ReadPlaybook) -> Iterator[YamlFinding]:
    quiet = read.playbook.quiet
    if open_minutes(quiet) < LEAST_OPEN_MINUTES:
        yield YamlFinding(
            read.quiet,
            "E12",
            f"Messages could leave in {open_minutes(quiet) // 60} hours a day only.",
            "Leave at least 4 open hours a day.",
        )


def open_minutes(quiet: Quiet) -> int:
    """How many minutes of a day are not quiet; equal times mean the whole day is."""
    if quiet.hours is None:
        return MINUTES_A_DAY
    first, last = (hour.hour * 60 + hour.minute for hour in quiet.hours)
    return (first - last) % MINUTES_A_DAY


def _only_owner(playbook: Playbook, place: Place) -> Iterator[YamlFinding]:
    asked: set[Audience] = {audience for stage in playbook.stages for step in stage.steps for audience in step.ask}
    if asked == {OWNER}:
        yield YamlFinding(
            place, "N3", f"{playbook.name} asks only the owner.", "Ask the backup or the manager too, later."
        )


def _register_says(read: ReadPlaybook, facts: RegisterFacts) -> Iterator[YamlFinding]:
    name = read.playbook.name
    for stage, stage_place, places in zip(read.playbook.stages, read.stages, read.steps, strict=True):
        for step, place in zip(stage.steps, places, strict=True):
            for audience in step.ask:
                if count := facts.unreached.get((name, str(audience)), 0):
                    remedy = "Set it in the register." if audience.kind in _OF_AGREEMENT else "Add its people."
                    yield YamlFinding(place, "N2", f"{audience} reaches nobody for {count} agreements.", remedy)
        if count := facts.past.get((name, stage.key), 0):
            yield YamlFinding(
                stage_place, "N4", f"{stage.key} is past for {count} milestones.", "They begin with a later stage."
            )


_OF_AGREEMENT: Final = {AudienceKind.OWNER, AudienceKind.BACKUP, AudienceKind.COUNTERPARTY}
