"""Playbooks, import maps and checklists for the pages: read, checked and written as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from web.govern.rules import Checked, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from config.playbooks import YamlFinding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.checklist import Checklist
    from lifecycle.playbooks.playbook import Playbook

_NAME: Final = "playbook.yaml"
_MAP: Final = "map.yaml"
_ONE: Final = Finding(1, 1, "E1", "Here belongs one playbook.", "Write one, beginning with playbook: and a name.")


@dataclass(frozen=True, slots=True)
class WrittenRules:
    """``web.govern.rules.Rules``; *folder* holds the house's own checklists, None: it has none."""

    folder: Path | None = None

    def check(self, work: Work, text: str, *, sees: Callable[[Agreement], bool]) -> Checked:
        from cli.playbook_facts import register_facts
        from config.playbooks import YamlRefused, check, parse_playbooks

        others, channels = tuple(work.playbooks.values()), work.monitor.notifiers
        try:
            found = parse_playbooks(text, _NAME)
        except YamlRefused:
            return Checked(None, _told(check(text, _NAME, others=others, channels=channels)))
        if len(found) != 1:
            return Checked(None, (_ONE,))
        facts = register_facts(work, found, sees=sees)
        findings = _told(check(text, _NAME, others=others, channels=channels, facts=facts))
        return Checked(found[0] if all(one.is_warning for one in findings) else None, findings)

    def unreached(
        self, work: Work, playbook: Playbook, *, sees: Callable[[Agreement], bool]
    ) -> list[dict[str, Any]]:  # fmt: skip
        from cli.playbooks import unreached

        return unreached(work, (playbook,), sees=sees)

    def written(self, playbook: Playbook) -> str:
        from config.playbook_writing import written

        return written(playbook)

    def redrafted(self, playbook: Playbook, ladder: Sequence[dict[str, Any]]) -> str:
        from config.playbook_writing import redrafted

        return redrafted(playbook, ladder)

    def column_map(self, text: str) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        from config.import_maps import parse_import_map
        from config.playbooks import YamlRefused
        from engine.intake.headers import MAPPABLE

        try:
            return parse_import_map(text, _MAP, fields=MAPPABLE), ()
        except YamlRefused as refused:
            return {}, _told(refused.findings)

    def checklists(self) -> tuple[Checklist, ...]:
        from config.checklists import load_checklists

        return load_checklists(self.folder)


def _told(found: tuple[YamlFinding, ...]) -> tuple[Finding, ...]:
    return tuple(
        Finding(one.place.line, one.place.column, one.code, one.sentence, one.remedy, one.is_warning) for one in found
    )
