"""Playbooks as their pages show them: the list, one with its versions, what changed between two."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING, NamedTuple

from engine.playbooks.approval import proposal
from lifecycle.errors import LifecycleError
from store.queries.playbooks import Followed, Version, followed, versions_of
from web.govern.ladders import matches

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.playbooks.playbook import Playbook
    from web.frame.viewer import Viewer
    from web.govern.rules import Rules


class NoSuchPlaybook(LifecycleError):
    """A name that no playbook has."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("There is no such playbook here.", remedy="Look for it among the playbooks.")


class NoRules(LifecycleError):
    """These pages were put together without the files in which rules are written."""

    code = "no-rules"

    def __init__(self) -> None:
        super().__init__("Playbooks cannot be read here.", remedy="Ask your operator.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A playbook in the list; *proposed_by* waits for a second person."""

    name: str
    version: int
    matches: str
    stages: int
    followed: Followed
    proposed_by: str


class DiffLine(NamedTuple):
    """*sign*: ``+`` for what is new, ``-`` for what is gone, " " for what stayed."""

    sign: str
    text: str


class Changed(NamedTuple):
    """A version and what it changed; the first changed nothing."""

    version: Version
    lines: tuple[DiffLine, ...]


def rules_of(viewer: Viewer) -> Rules:
    """Raises NoRules."""
    if viewer.site.rules is None:
        raise NoRules
    return viewer.site.rules


def listed(work: Work, viewer: Viewer) -> list[Listed]:
    """Those in force by name."""
    numbers = followed(work, viewer.person)
    made: list[Listed] = []
    for (name, version), book in sorted(work.playbooks.items()):
        waiting = proposal(work, name)
        made.append(
            Listed(
                name=name,
                version=version,
                matches=matches(book),
                stages=len(book.stages),
                followed=numbers.get(name, Followed()),
                proposed_by=waiting.by if waiting else "",
            )
        )
    return made


def in_force(work: Work, name: str) -> tuple[int, Playbook]:
    """The version that holds, and the playbook. Raises NoSuchPlaybook."""
    for (known, version), book in work.playbooks.items():
        if known == name:
            return version, book
    raise NoSuchPlaybook


def history(work: Work, viewer: Viewer, name: str) -> list[Changed]:
    """Every version, the newest first, each beside the one before it."""
    rules, versions = rules_of(viewer), versions_of(work, name)
    texts = [rules.written(work.monitor.playbook_from(one.doc)) for one in versions]
    older = [*texts[1:], None]
    return [
        Changed(one, () if was is None else difference(was, now))
        for one, now, was in zip(versions, texts, older, strict=True)
    ]


def difference(was: str, now: str) -> tuple[DiffLine, ...]:
    """Line by line what is new and what is gone, with two lines around it."""
    found = list(unified_diff(was.splitlines(), now.splitlines(), n=2, lineterm=""))[2:]
    return tuple(DiffLine(line[0], line[1:]) for line in found if not line.startswith("@@"))
