"""What pages need of the files in which rules are written; handed in by the command line, which knows YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.checklist import Checklist
    from lifecycle.playbooks.playbook import Playbook


class Finding(NamedTuple):
    """Something that is wrong with a text, or only worth knowing. Lines and columns count from 1."""

    line: int
    column: int
    code: str
    sentence: str
    remedy: str
    is_warning: bool = False


class Checked(NamedTuple):
    """What a text says; *playbook* is None where an error stands among the findings."""

    playbook: Playbook | None
    findings: tuple[Finding, ...]


class Rules(Protocol):
    """Playbooks and import maps as YAML, and the checklists that there are."""

    def check(self, work: Work, text: str, *, sees: Callable[[Agreement], bool]) -> Checked:
        """Read one playbook beside those in force; warnings speak of agreements that *sees* lets through."""

    def unreached(
        self, work: Work, playbook: Playbook, *, sees: Callable[[Agreement], bool]
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Audiences of *playbook* that mean nobody, and for how many of the agreements that *sees* lets through."""

    def written(self, playbook: Playbook) -> str:
        """The playbook as YAML."""

    def redrafted(self, playbook: Playbook, ladder: Sequence[dict[str, Any]]) -> str:
        """The playbook with the ladder of a form, as YAML, whether it is right or not."""

    def column_map(self, text: str) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        """What a file says about the columns of a spreadsheet, or what is wrong with it."""

    def checklists(self) -> tuple[Checklist, ...]:
        """Every checklist, by name."""
