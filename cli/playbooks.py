"""Playbooks at the command line: those in force, and files that might be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.playbook_facts import register_facts
from cli.texts import text_of
from config.playbooks import YamlRefused, check, parse_playbooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from config.playbooks import RegisterFacts, YamlFinding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.playbooks.playbook import Playbook


def read(work: Work, file: Path) -> tuple[Playbook, ...]:
    """The playbooks of a file, beside those in force. Raises YamlRefused with all errors."""
    text = text_of(file)
    errors = [one for one in _findings(work, file, text, None) if not one.is_warning]
    if errors:
        raise YamlRefused(errors)
    return parse_playbooks(text, str(file))


def unreached(
    work: Work, new: Sequence[Playbook], *, sees: Callable[[Agreement], bool] = lambda _: True
) -> list[dict[str, Any]]:
    """Audiences that mean nobody, and for how many of the agreements that *sees* lets through."""
    found = sorted(register_facts(work, new, sees=sees).unreached.items())
    return [{"playbook": name, "audience": asked, "agreements": number} for (name, asked), number in found]


def checked(work: Work, file: Path) -> list[dict[str, Any]]:
    """Everything that is wrong with a file, beside the playbooks in force and for the agreements that there are."""
    text = text_of(file)
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
