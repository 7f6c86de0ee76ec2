"""Playbook files: read, checked, and those that ship.

A file holds one playbook or several, as YAML documents. What is found wrong is told all at once, each finding with
its place: ``file:line:column: code, sentence, remedy``. Codes that begin with E refuse the file; N only warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from config.playbook_checks import RegisterFacts, alone, together
from config.playbook_reader import ReadPlaybook, read_playbook
from config.yaml_source import Place, Source, YamlFinding, YamlRefused
from lifecycle.playbooks.playbook import Playbook

__all__ = ["RegisterFacts", "YamlFinding", "YamlRefused", "check", "load_playbooks", "parse_playbooks", "shipped"]


def load_playbooks(directory: Path | None = None, *, channels: Iterable[str] | None = None) -> tuple[Playbook, ...]:
    """The shipped playbooks and those of *directory*, which win by name; sorted by name, ``default`` always there.

    *channels* are the names of those configured; without them E7 is not looked for. Raises YamlRefused with all
    errors of all files, OSError where a file cannot be read.
    """
    files = sorted([*directory.glob("*.yaml"), *directory.glob("*.yml")]) if directory else []
    findings: list[YamlFinding] = []
    read: list[ReadPlaybook] = []
    for file in files:
        found, wrong = _read(file.read_text(encoding="utf-8"), str(file))
        read += found
        findings += wrong
    own = tuple(one.playbook for one in read)
    # A shipped playbook asks for channels that may not be configured; delivery then falls back to those that are.
    findings += _checked(read, _beside(own), channels, None)
    _refuse(findings)
    return tuple(sorted((*own, *_beside(own)), key=lambda playbook: playbook.name))


def parse_playbooks(text: str, name: str, *, channels: Iterable[str] | None = None) -> tuple[Playbook, ...]:
    """The playbooks of one text; *name* is what findings call it. Raises YamlRefused with all errors."""
    read, findings = _read_some(text, name)
    _refuse([*findings, *_checked(read, (), channels, None)])
    return tuple(one.playbook for one in read)


def check(
    text: str,
    name: str,
    *,
    others: Sequence[Playbook] = (),
    channels: Iterable[str] | None = None,
    facts: RegisterFacts | None = None,
) -> tuple[YamlFinding, ...]:
    """All that is wrong with a text, errors and warnings in the order of their places.

    *others* are the playbooks in force; those of the same name would be replaced. *facts* are what the register
    knows (N2, N4).
    """
    read, findings = _read_some(text, name)
    names = {one.playbook.name for one in read}
    beside = tuple(other for other in others if other.name not in names)
    return tuple(sorted([*findings, *_checked(read, beside, channels, facts)]))


def shipped() -> tuple[Playbook, ...]:
    """The playbooks that come with Longstop."""
    folder = resources.files("config") / "playbooks"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    texts = [(file.name, file.read_text(encoding="utf-8")) for file in files]
    return tuple(playbook for name, text in texts for playbook in parse_playbooks(text, name))


def _beside(own: Sequence[Playbook]) -> tuple[Playbook, ...]:
    names = {playbook.name for playbook in own}
    return tuple(playbook for playbook in shipped() if playbook.name not in names)


def _read(text: str, name: str) -> tuple[list[ReadPlaybook], list[YamlFinding]]:
    source = Source(name)
    read = [one for node in source.documents(text) if (one := read_playbook(source, node))]
    return read, source.findings


def _read_some(text: str, name: str) -> tuple[list[ReadPlaybook], list[YamlFinding]]:
    """As ``_read``, of a text that somebody has chosen: one without a playbook is the wrong one."""
    read, findings = _read(text, name)
    if not read and not findings:
        findings = [YamlFinding(Place(name, 1, 1), "E0", "It holds no playbook.", "Begin with playbook: NAME.")]
    return read, findings


def _checked(
    read: Sequence[ReadPlaybook],
    others: Sequence[Playbook],
    channels: Iterable[str] | None,
    facts: RegisterFacts | None,
) -> list[YamlFinding]:
    known = None if channels is None else frozenset(channels)
    each = [finding for one in read for finding in alone(one, known, facts)]
    return [*each, *together(read, others)]


def _refuse(findings: Iterable[YamlFinding]) -> None:
    if errors := sorted(finding for finding in findings if not finding.is_warning):
        raise YamlRefused(errors)
