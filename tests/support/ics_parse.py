"""iCalendar by lines and blocks, for the linter alone: it shares nothing with the renderer or any library."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_NAME = r"[A-Za-z0-9-]+"
_PARAMETER = rf';{_NAME}=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*'
_LINE = re.compile(rf"({_NAME})((?:{_PARAMETER})*):(.*)", re.DOTALL)
_EACH = re.compile(rf';({_NAME})=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')


class Finding(NamedTuple):
    """What is wrong: the clause, the physical line (from 1), and words."""

    code: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Property:
    """One content line, unfolded."""

    line: int
    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str

    def parameter(self, name: str) -> str | None:
        return dict(self.parameters).get(name)


@dataclass(slots=True)
class Block:
    """A component: its properties in order, and the components inside."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]

    def first(self, name: str) -> Property | None:
        return next((each for each in self.properties if each.name == name), None)

    def value(self, name: str) -> str | None:
        found = self.first(name)
        return found.value if found else None

    def walk(self) -> list[Block]:
        return [self, *(inner for block in self.blocks for inner in block.walk())]


def unfolded(text: str) -> list[tuple[int, str]]:
    """Content lines with the number of the physical line on which each begins."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        if line[:1] in {" ", "\t"} and lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        elif line:
            lines.append((number, line))
    return lines


def parsed(text: str) -> tuple[Block, list[Finding]]:
    """The blocks of *text* under a nameless root, and what was no content line (L10) or did not nest (L11)."""
    root, findings = Block("", 0), []
    stack = [root]
    for number, line in unfolded(text):
        match = _LINE.fullmatch(line)
        if match is None:
            findings.append(Finding("L10", number, f"no content line: {line[:40]!r}"))
            continue
        found = Property(number, match[1].upper(), _parameters(match[2]), match[3])
        findings += _written(found, match[1])
        if found.name == "BEGIN":
            block = Block(found.value, number)
            stack[-1].blocks.append(block)
            stack.append(block)
        elif found.name == "END":
            if len(stack) == 1 or stack[-1].name != found.value:
                findings.append(Finding("L11", number, f"END:{found.value} ends nothing"))
            else:
                stack.pop()
        else:
            stack[-1].properties.append(found)
    findings += [Finding("L11", block.line, f"{block.name} is not ended") for block in stack[1:]]
    return root, findings


def unescaped(value: str) -> str:
    """A TEXT value as it was before it was written."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value, flags=re.DOTALL)


def _parameters(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.upper(), value) for name, value in _EACH.findall(written))


def _written(found: Property, name: str) -> list[Finding]:
    findings = []
    if name != name.upper():
        findings.append(Finding("L10", found.line, f"{name} is not upper case"))
    names = [parameter for parameter, _ in found.parameters]
    if len(names) != len(set(names)):
        findings.append(Finding("L10", found.line, f"{name} has a parameter twice"))
    return findings
