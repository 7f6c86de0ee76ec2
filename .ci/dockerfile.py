"""A Dockerfile as values: its stages and their steps, and what its .dockerignore lets through."""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: ``RUN``, and what follows it."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A ``FROM`` and its steps; the name is empty for an unnamed one."""

    name: str
    base: str
    steps: tuple[Step, ...]


def parsed(text: str) -> tuple[Stage, ...]:
    """The stages of a Dockerfile: continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word.upper() == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(name.strip(), base.strip(), ()))
        else:
            last = stages.pop()
            stages.append(Stage(last.name, last.base, (*last.steps, Step(word.upper(), rest.strip()))))
    return tuple(stages)


def in_context(files: list[str], ignore: str) -> list[str]:
    """The files that a .dockerignore lets through; the last pattern that matches decides."""
    patterns = [line.strip() for line in ignore.splitlines() if line.strip() and not line.startswith("#")]
    return [name for name in files if not _ignored(name, patterns)]


def _ignored(name: str, patterns: list[str]) -> bool:
    ignored = False
    for pattern in patterns:
        bare = pattern.removeprefix("!").removeprefix("**/")
        parts = name.split("/") if "**/" in pattern else [name, name.split("/", maxsplit=1)[0]]
        if any(fnmatch.fnmatch(part, bare) for part in parts):
            ignored = not pattern.startswith("!")
    return ignored


def places(stages: tuple[Stage, ...]) -> Iterator[str]:
    """The first names of all absolute paths that the Dockerfile makes: build, opt, data."""
    for step in (step for stage in stages for step in stage.steps):
        if step.word in {"WORKDIR", "VOLUME", "COPY"}:
            yield from (word.split("/")[1] for word in step.text.split() if word.startswith("/") and word != "/")
