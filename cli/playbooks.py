"""Playbooks at the command line: those in force, and files that might be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cli.errors import UsageRefused
from cli.playbook_facts import register_facts
from config.playbooks import YamlRefused, check, parse_playbooks
from lifecycle.matching import TagRule
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.playbooks import RegisterFacts, YamlFinding
    from engine.monitor import Work
    from lifecycle.matching import Match
    from lifecycle.playbook import Playbook


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
    raise NotFound("playbook", name, remedy="List them with `longstop playbook list`.")


def read(work: Work, file: Path) -> tuple[Playbook, ...]:
    """The playbooks of a file, beside those in force. Raises YamlRefused with all errors."""
    text = _text(file)
    errors = [one for one in _findings(work, file, text, None) if not one.is_warning]
    if errors:
        raise YamlRefused(errors)
    return parse_playbooks(text, str(file))


def unreached(work: Work, new: Sequence[Playbook]) -> list[dict[str, Any]]:
    """Audiences that mean nobody, and for how many agreements."""
    found = sorted(register_facts(work, new).unreached.items())
    return [{"playbook": name, "audience": asked, "agreements": number} for (name, asked), number in found]


def checked(work: Work, file: Path) -> list[dict[str, Any]]:
    """Everything that is wrong with a file, beside the playbooks in force and for the agreements that there are."""
    text = _text(file)
    try:
        facts = register_facts(work, parse_playbooks(text, str(file)))
    except YamlRefused:  # nobody knows what it would match; its errors are told below
        facts = None
    findings = _findings(work, file, text, facts)
    return [
        {
            "place": str(one.place),
            "code": one.code,
            "message": one.sentence,
            "remedy": one.remedy,
            "is_warning": one.is_warning,
        }
        for one in findings
    ]


def _findings(work: Work, file: Path, text: str, facts: RegisterFacts | None) -> tuple[YamlFinding, ...]:
    others, channels = tuple(work.playbooks.values()), work.monitor.notifiers
    return check(text, str(file), others=others, channels=channels, facts=facts)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageRefused(f"{file} is no text in UTF-8.", remedy="Save it as UTF-8.") from None


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
