"""A ladder as sentences and as the fields of a form; what a form says as the ladder of a playbook file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lifecycle.agreements.agreement import AgreementKind, Money
from lifecycle.audience import Audience, AudienceKind
from lifecycle.playbooks.matching import Comparison
from lifecycle.playbooks.playbook import ALL, BEST, Require, Urgency
from notifiers.wording import amount, capital, counted, joined, stage_words
from web.frame.forms import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.playbooks.matching import Worth
    from lifecycle.playbooks.playbook import Playbook, Stage, Step
    from web.frame.forms import Form

_ASKS = {Require.ACKNOWLEDGEMENT: "an acknowledgement", Require.DECISION: "a decision", Require.OUTCOME: "an outcome"}
_LOUD = {
    Urgency.DIGEST: "with others in a digest",
    Urgency.INTERRUPT: "",
    Urgency.CRITICAL: "whatever the hour",
}
_KINDS: Final = {one.value.casefold(): one.value for one in AgreementKind}  # as a rule has them -> as people do
_HELD: Final = {
    Comparison.AT_LEAST: "at least",
    Comparison.MORE: "more than",
    Comparison.AT_MOST: "at most",
    Comparison.LESS: "less than",
    Comparison.EQUAL: "exactly",
}
URGENCIES = (("digest", "with others, in a digest"), ("interrupt", "at once"), ("critical", "whatever the hour"))
REQUIRES = (("acknowledgement", "an acknowledgement"), ("decision", "a decision"), ("outcome", "an outcome"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFields:
    """A step as it stands in a form; *number* counts from 0 in its stage."""

    number: int
    after: str = ""
    ask: str = ""
    via: str = ""
    every: str = ""
    times: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFields:
    """A stage as it stands in a form, and as a sentence; the last step is empty, to be filled in."""

    number: int
    steps: tuple[StepFields, ...]
    at: str = ""
    name: str = ""
    urgency: str = Urgency.INTERRUPT.value
    require: str = Require.ACKNOWLEDGEMENT.value


def sentences(playbook: Playbook) -> list[tuple[str, str]]:
    """Of each stage when it is, and what happens."""
    return [(capital(stage_words(str(stage.at))), _sentence(stage)) for stage in playbook.stages]


def matches(playbook: Playbook) -> str:
    """Which deadlines it is for, in words."""
    match = playbook.match
    told = [
        f"{label} {' or '.join(sorted(values))}"
        for label, values in (
            ("agreements of kind", [_KINDS.get(one, one) for one in match.kind]),
            ("deadlines of kind", [one.value.replace("-", " ") for one in match.milestone]),
            ("jurisdiction", match.jurisdiction),
            ("team", match.team),
        )
        if values
    ]
    for whose, rule in (("", match.tags), ("counterparty ", match.counterparty_tags)):
        if rule:
            told += [
                f"{whose}{how} {f' {link} '.join(sorted(tags))}"
                for how, link, tags in (
                    ("tagged", "or", rule.any), ("tagged", "and", rule.all), ("not tagged", "or", rule.none)
                )
                if tags
            ]  # fmt: skip
    return ", ".join([*told, *([_worth(match.value)] if match.value else [])]) or "everything that no other is for"


def _worth(bound: Worth) -> str:
    return f"worth {_HELD[bound.comparison]} {amount(Money(bound.amount, bound.currency))}"


def fields(playbook: Playbook) -> list[StageFields]:
    """The ladder as a form holds it, with an empty stage behind it."""
    made = [_stage_fields(number, stage) for number, stage in enumerate(playbook.stages)]
    return [*made, StageFields(number=len(made), steps=(StepFields(number=0),))]


def ladder_of(form: Form) -> list[dict[str, Any]]:
    """What a form says, as a playbook file says it; stages without a day and steps that ask nobody are left out."""
    found = (whole(name[3:]) for name in form.fields if name.startswith("at-"))
    numbers = sorted(one for one in found if one is not None)
    return [_stage_said(form, number) for number in numbers if form.get(f"at-{number}")]


def audience_words(audience: Audience) -> str:
    """``the owner``, ``everybody in team procurement``."""
    match audience.kind:
        case AudienceKind.TEAM:
            return f"everybody in team {audience.name}"
        case AudienceKind.ROLE:
            return f"everybody whose role is {audience.name}"
        case AudienceKind.ADDRESS:
            return f"{audience.name} by {audience.channel}"
        case AudienceKind.COUNTERPARTY:
            return f"the counterparty's {audience.name}"
        case _:
            return f"the {audience.kind.value}"


def _sentence(stage: Stage) -> str:
    first, *rest = stage.steps
    loud = f", {_LOUD[stage.urgency]}" if _LOUD[stage.urgency] else ""
    told = [f"tell {_whom(first)}{loud}", *(f"{counted(one.after, 'business day')} later {_whom(one)}" for one in rest)]
    return f"{capital('; if nobody answers, '.join(told))}. What quiets it: {_ASKS[stage.require]}."


def _whom(step: Step) -> str:
    asked = joined(tuple(audience_words(one) for one in step.ask))
    through = {BEST: "", ALL: " through every channel"}.get(step.via) if isinstance(step.via, str) else None
    if through is None:
        through = f" by {step.via if isinstance(step.via, str) else ' and '.join(step.via)}"
    again = step.repeat
    more = f", and again every {counted(again.every, 'business day')}, {counted(again.times, 'time')}" if again else ""
    return asked + through + more


def _stage_fields(number: int, stage: Stage) -> StageFields:
    steps = tuple(_step_fields(place, step) for place, step in enumerate(stage.steps))
    return StageFields(
        number=number,
        steps=(*steps, StepFields(number=len(steps))),
        at=str(stage.at),
        name=stage.name,
        urgency=stage.urgency.value,
        require=stage.require.value,
    )


def _step_fields(number: int, step: Step) -> StepFields:
    via = step.via if isinstance(step.via, str) else ", ".join(step.via)
    return StepFields(
        number=number,
        after=str(step.after) if step.after else "",
        ask=", ".join(str(one) for one in step.ask),
        via="" if via == BEST else via,
        every=str(step.repeat.every) if step.repeat else "",
        times=str(step.repeat.times) if step.repeat else "",
    )


def _stage_said(form: Form, number: int) -> dict[str, Any]:
    said: dict[str, Any] = {"name": form.get(f"name-{number}"), "at": form.get(f"at-{number}")}
    for key, usual in (("urgency", Urgency.INTERRUPT), ("require", Require.ACKNOWLEDGEMENT)):
        chosen = form.get(f"{key}-{number}")
        said[key] = "" if chosen == usual else chosen
    said["steps"] = list(_steps_said(form, number))
    return {key: value for key, value in said.items() if value != ""}


def _steps_said(form: Form, stage: int) -> Iterator[dict[str, Any]]:
    place = 0
    while f"ask-{stage}-{place}" in form.fields:
        texts = {key: form.get(f"{key}-{stage}-{place}") for key in ("after", "ask", "via", "every", "times")}
        place += 1
        if texts["ask"]:
            yield _step_said(texts)


def _step_said(texts: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"after": _business_days(texts["after"]), "ask": _several(texts["ask"])}
    said["via"] = _several(texts["via"])
    if texts["every"] or texts["times"]:
        number = whole(texts["times"])
        times = texts["times"] if number is None else number
        said["repeat"] = {"every": _business_days(texts["every"]), "times": times}
    return {key: value for key, value in said.items() if value}


def _business_days(text: str) -> str:
    return f"{text}bd" if text.isdecimal() and text != "0" else text.removeprefix("0")


def _several(text: str) -> str | list[str]:
    found = [one.strip() for one in text.split(",") if one.strip()]
    return found[0] if len(found) == 1 else found
