"""Checklist files: read, and those that ship.

An item is due once (``due: 10bd after effective``, ``6m before exit``, ``on exit``) or again and again (``every: 1y``,
``from: effective``). ``evidence`` says what proves it, ``needs`` which items come before, ``takes`` how long it takes.
Errors are told all at once, each with its place, as those of playbooks are.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.playbook_words import NAME
from config.yaml_source import Source, YamlRefused
from lifecycle.audience import OWNER, Audience, UnknownAudience, parse_audience
from lifecycle.days.periods import Period
from lifecycle.obligations.checklist import At, Checklist, Counted, Every, Template, circle
from lifecycle.obligations.duties import Direction, ObligationKind

if TYPE_CHECKING:
    from yaml.nodes import Node

CHECKLIST_KEYS: Final = {"checklist": True, "about": False, "items": True}
ITEM_KEYS: Final = dict.fromkeys(("key", "name", "kind"), True) | dict.fromkeys(
    ("due", "every", "from", "first", "owner", "continues", "evidence", "needs", "takes"), False
)
_LENGTH: Final = r"[1-9][0-9]{0,3}(?:y|m|w|d|bd)"
_ANCHORS: Final = "|".join(anchor.value for anchor in Counted)
_DUE: Final = rf"(?:({_LENGTH}) (before|after)|on) ({_ANCHORS})"
_TEXT: Final = r"\S.{0,199}"


def load_checklists(directory: Path | None = None) -> tuple[Checklist, ...]:
    """The shipped checklists and those of *directory*, which win by name; sorted by name.

    Raises YamlRefused with all errors of all files, OSError where a file cannot be read.
    """
    files = sorted([*directory.glob("*.yaml"), *directory.glob("*.yml")]) if directory else []
    own = parse_checklists([(str(file), file.read_text(encoding="utf-8")) for file in files])
    by_name = {checklist.name: checklist for checklist in (*shipped(), *own)}
    return tuple(by_name[name] for name in sorted(by_name))


@cache
def shipped() -> tuple[Checklist, ...]:
    """The checklists that come with Longstop."""
    folder = resources.files("config") / "checklists"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return parse_checklists([(file.name, file.read_text(encoding="utf-8")) for file in files])


def parse_checklists(texts: list[tuple[str, str]]) -> tuple[Checklist, ...]:
    """The checklists of texts, each with what findings call it. Raises YamlRefused with all errors of all of them."""
    checklists: dict[str, Checklist] = {}
    findings = []
    for file, text in texts:
        source = Source(file)
        for node in source.documents(text):
            checklist = _checklist(source, node)
            if checklist.name in checklists:
                source.complain(node, "E1", f"There are two checklists {checklist.name}.", "Rename one of them.")
            checklists[checklist.name] = checklist
        findings += source.findings
    if findings:
        raise YamlRefused(sorted(findings))
    return tuple(checklists.values())


def _checklist(source: Source, node: Node) -> Checklist:
    keys = source.mapping(node, CHECKLIST_KEYS)
    name = source.pattern(keys.get("checklist"), NAME, "a name such as nda-onboarding") or ""
    about = source.pattern(keys.get("about"), _TEXT, "one sentence") or ""
    items = source.items(keys["items"]) if "items" in keys else []
    templates: dict[str, Template] = {}
    for item in items:
        template = _template(source, item)
        if template and template.key in templates:
            source.complain(item, "E1", f"Two items are called {template.key}.", "Give each a key of its own.")
        elif template:
            templates[template.key] = template
    if not items:
        source.complain(node, "E1", "A checklist needs at least one item.", "Add an item.")
    _order(source, node, templates)
    return Checklist(name, tuple(templates.values()), about)


def _order(source: Source, node: Node, templates: dict[str, Template]) -> None:
    for template in templates.values():
        for key in template.needs:
            if key not in templates:
                source.complain(node, "E1", f"{template.key} needs {key}, which is no item here.", "Name another key.")
    if found := circle(tuple(templates.values())):
        way = " needs ".join(found)
        source.complain(node, "E1", f"These items wait for one another: {way}.", "Take one of the needs away.")


def _template(source: Source, node: Node) -> Template | None:
    keys = source.mapping(node, ITEM_KEYS)
    key = source.pattern(keys.get("key"), NAME, "a key such as file or data-test")
    name = source.pattern(keys.get("name"), _TEXT, "what is to be done, in up to 200 characters")
    kind = source.choice(keys["kind"], ObligationKind) if "kind" in keys else None
    continues = source.pattern(keys.get("continues"), _LENGTH, "a length such as 1y")
    evidence = source.pattern(keys.get("evidence"), _TEXT, "what proves it, in up to 200 characters")
    takes = source.pattern(keys.get("takes"), _LENGTH, "a length such as 10bd")
    needs = source.texts(keys["needs"]) if "needs" in keys else []
    owner = _owner(source, keys["owner"]) if "owner" in keys else OWNER
    timing = _timing(source, node, keys)
    if key is None or name is None or kind is None or timing is None:
        return None
    return Template(
        key,
        name,
        ObligationKind(kind),
        timing,
        owner,
        continues=Period.from_code(continues) if continues else Period(),
        evidence=evidence or "",
        needs=tuple(text for _, text in needs),
        takes=Period.from_code(takes) if takes else Period(),
    )


def _timing(source: Source, node: Node, keys: dict[str, Node]) -> At | Every | None:
    is_once = "due" in keys
    if is_once in ("every" in keys, "from" in keys) or (is_once and "first" in keys):
        source.complain(
            node,
            "E1",
            "It is not said when this is due.",
            "Write due: 5bd after effective; or every: 1y, from: effective, and where it begins sooner first: 20bd.",
        )
        return None
    if "every" in keys:
        every = source.pattern(keys["every"], _LENGTH, "a length such as 1y or 3m")
        anchor = source.choice(keys["from"], Counted)
        first = source.pattern(keys.get("first"), _LENGTH, "a length such as 20bd")
        if every is None or anchor is None:
            return None
        return Every(Period.from_code(every), Counted(anchor), Period.from_code(first) if first else None)
    said = source.pattern(keys["due"], _DUE, f"such as 10bd after effective; turning points are {_ANCHORS}")
    found = re.fullmatch(_DUE, said) if said else None
    if found is None:
        return None
    length, direction, anchor = found.groups()
    return At(Period.from_code(length or "0d"), Direction(direction or "after"), Counted(anchor))


def _owner(source: Source, node: Node) -> Audience:
    try:
        return parse_audience(source.text(node))
    except UnknownAudience as refused:
        source.complain(node, "E6", refused.sentence, refused.remedy)
        return OWNER
