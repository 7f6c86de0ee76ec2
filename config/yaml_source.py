"""Reading YAML so that every complaint has a place: file, line, column.

The text is composed to nodes and never constructed to objects: nodes know where they stand, no tag can create
anything, and a plain ``18:00``, which YAML 1.1 reads as the number 1080, is seen as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from lifecycle.errors import LifecycleError
from lifecycle.words import listed, shown

if TYPE_CHECKING:
    from yaml.nodes import Node

LARGEST_FILE: Final = 1_000_000  # characters
_NUMBER_BASE_60: Final = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class YamlFinding:
    """A complaint; codes that begin with N are warnings, all others stop the file."""

    place: Place
    code: str
    sentence: str
    remedy: str

    @property
    def is_warning(self) -> bool:
        """A warning stops nothing."""
        return self.code.startswith("N")

    def __str__(self) -> str:
        return f"{self.place}: {self.code}, {self.sentence} {self.remedy}"


class YamlRefused(LifecycleError):
    """A file that cannot be taken; ``findings`` are all its errors at once."""

    code = "yaml-refused"

    def __init__(self, findings: Iterable[YamlFinding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "\n".join(str(finding) for finding in self.findings),
            remedy="Correct the places named; nothing of the file was taken.",
        )


@dataclass(slots=True)
class Source:
    """One file being read, and what was found wrong with it so far."""

    file: str
    findings: list[YamlFinding] = field(default_factory=list)

    def place(self, node: Node) -> Place:
        """Where *node* begins."""
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def complain(self, node: Node, code: str, sentence: str, remedy: str) -> None:
        """Note an error or a warning at *node*."""
        self.findings.append(YamlFinding(self.place(node), code, sentence, remedy))

    def documents(self, text: str) -> Iterator[Node]:
        """The documents of *text*, empty ones left out; what is no YAML is found (E0) and ends the reading."""
        import yaml

        if len(text) > LARGEST_FILE:
            self.findings.append(
                YamlFinding(Place(self.file), "E0", f"The file has more than {LARGEST_FILE} characters.", "Split it.")
            )
            return
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for node in yaml.compose_all(text, Loader=loader):
                if node.tag != "tag:yaml.org,2002:null":
                    yield node
        except (yaml.YAMLError, RecursionError) as problem:
            self.findings.append(self._no_yaml(problem))

    def mapping(self, node: Node, known: Mapping[str, bool]) -> dict[str, Node]:
        """The values of a mapping by key; *known* says which keys there are and which of them must be there."""
        if not is_a(node, "mapping"):
            self.complain(node, "E0", "Here belongs a mapping of keys to values.", f"Keys are {listed(known)}.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if is_a(key, "scalar") else "?"
            if name not in known:
                near = get_close_matches(name, known, n=1)
                self.complain(
                    key, "E1", f"There is no key {shown(name)} here.", f"Use {listed(near or known)}."
                )  # fmt: skip
            elif name in found:
                self.complain(key, "E1", f"The key {shown(name)} is here twice.", "Keep one of them.")
            else:
                found[name] = value
        for name, is_needed in known.items():
            if is_needed and name not in found:
                self.complain(node, "E1", f"The key {shown(name)} is missing.", f"Add {name}.")
        return found

    def items(self, node: Node) -> list[Node]:
        """The items of a list; one thing alone is a list of one."""
        return list(node.value) if is_a(node, "sequence") else [node]

    def text(self, node: Node) -> str:
        """A single value as it was written; a plain time is found (E10), a list or mapping too (E0)."""
        if not is_a(node, "scalar"):
            self.complain(node, "E0", "Here belongs a single value.", "Write one word, number or text.")
            return ""
        if not getattr(node, "style", None) and _NUMBER_BASE_60.fullmatch(node.value):
            self.complain(
                node,
                "E10",
                f"{node.value} without quotes is not a time: YAML 1.1 reads it as a number.",
                f'Write "{node.value}" in quotes.',
            )
        return str(node.value)

    def texts(self, node: Node) -> list[tuple[Node, str]]:
        """The values of a list of single values, each with its node."""
        return [(item, self.text(item)) for item in self.items(node)]

    def flag(self, node: Node) -> bool:
        """``true`` or ``false``; anything else is found (E1)."""
        said = self.text(node).lower()
        if said not in {"true", "false", "yes", "no"}:
            self.complain(node, "E1", f"{shown(said)} is neither true nor false.", "Write true or false.")
        return said in {"true", "yes"}

    def number(self, node: Node, least: int, most: int) -> int | None:
        """A whole number within bounds; anything else is found (E1)."""
        said = self.text(node)
        if re.fullmatch(r"[-+]?\d{1,9}", said) and least <= int(said) <= most:
            return int(said)
        self.complain(node, "E1", f"{shown(said)} is no whole number from {least} to {most}.", "Write such a number.")
        return None

    def choice(self, node: Node, choices: Iterable[str]) -> str | None:
        """One word out of *choices*, ignoring case; any other is found (E1)."""
        said, by_lower = self.text(node), {choice.lower(): choice for choice in choices}
        if said.lower() in by_lower:
            return by_lower[said.lower()]
        near = get_close_matches(said.lower(), by_lower, n=1)
        self.complain(node, "E1", f"There is no {shown(said)} here.", f"Use {listed(near or by_lower.values())}.")
        return None

    def pattern(self, node: Node | None, pattern: str, wanted: str) -> str | None:
        """A value of the form *pattern*; any other is found (E1), and *wanted* says what belongs there."""
        if node is None:
            return None
        before, said = len(self.findings), self.text(node).strip()
        if re.fullmatch(pattern, said):
            return said
        if len(self.findings) == before:
            self.complain(node, "E1", f"{shown(said)} is not understood.", f"Write {wanted}.")
        return None

    def _no_yaml(self, problem: Exception) -> YamlFinding:
        mark = getattr(problem, "problem_mark", None)
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        what = getattr(problem, "problem", None) or "nested too deeply"
        return YamlFinding(place, "E0", f"This is no YAML: {what}.", "Check quotes, brackets and indentation here.")


def is_a(node: Node, kind: str) -> bool:
    """Whether *node* is a ``scalar``, a ``sequence`` or a ``mapping``."""
    return bool(getattr(node, "id", "") == kind)
