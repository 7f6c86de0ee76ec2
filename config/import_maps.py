"""Import maps: what a person says about the columns of a spreadsheet, read from YAML.

The outcome is plain text by key, checked here so that each complaint has its line and column; the engine makes a value
of it. Which fields there are is the engine's to say and comes in as an argument.

    sheet: Contracts
    header_row: 3
    dates: dmy
    columns: {"Kdg.-Frist": {field: notice_period, unit: months}, Partner: counterparty}
    constants: {owner: olga@example.com}
    ignore: [Internal no.]
    accept: {notice-without-renewal: "The notice is a right to leave."}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config.yaml_source import Source, YamlRefused, is_a

if TYPE_CHECKING:
    from yaml.nodes import Node

ORDERS: Final = ("dmy", "mdy")
UNITS: Final = ("days", "business days", "weeks", "months", "quarters", "years")
_KEYS: Final = dict.fromkeys(("sheet", "header_row", "dates", "columns", "constants", "ignore", "accept"), False)
_COLUMN_KEYS: Final = {"field": True, "unit": False, "dates": False}
_LAST_HEADER_ROW: Final = 1000


def load_import_map(path: Path, *, fields: Collection[str]) -> dict[str, Any]:
    """The map in the file *path*. Raises YamlRefused with all errors at once, OSError."""
    return parse_import_map(path.read_text(encoding="utf-8-sig", errors="replace"), path.name, fields=fields)


def parse_import_map(text: str, file: str, *, fields: Collection[str]) -> dict[str, Any]:
    """The map in *text*: ``columns`` by header, each with field, unit and dates; only what is said.

    Raises YamlRefused with all errors at once: unknown keys and fields, keys that stand twice, more than one document.
    """
    source = Source(file)
    documents = list(source.documents(text))
    if len(documents) > 1:
        source.complain(documents[1], "E1", "A map is one document.", "Remove the second one.")
    found = _Reader(source, fields).map(documents[0]) if documents else {}
    if source.findings:
        raise YamlRefused(sorted(source.findings))
    return found


class _Reader:
    """Reads one map, noting at *source* what is wrong."""

    def __init__(self, source: Source, fields: Collection[str]) -> None:
        self.source = source
        self.fields = tuple(fields)

    def map(self, node: Node) -> dict[str, Any]:
        read = {
            "sheet": self.source.text,
            "header_row": lambda value: self.source.number(value, 1, _LAST_HEADER_ROW),
            "dates": lambda value: self.source.choice(value, ORDERS),
            "columns": self._columns,
            "constants": self._constants,
            "ignore": lambda value: [text for _, text in self.source.texts(value)],
            "accept": self._accept,
        }
        return {name: read[name](value) for name, value in self.source.mapping(node, _KEYS).items()}

    def _columns(self, node: Node) -> dict[str, dict[str, str]]:
        return {name: self._column(value) for name, _, value in self._pairs(node)}

    def _column(self, node: Node) -> dict[str, str]:
        """A column is its field alone, or a mapping of field, unit and dates."""
        if is_a(node, "scalar"):
            return {"field": self._field(node)}
        values = self.source.mapping(node, _COLUMN_KEYS)
        found = {"field": self._field(values["field"])} if "field" in values else {}
        for name, choices in (("unit", None), ("dates", ORDERS)):
            if name in values:
                said = self.source.choice(values[name], choices) if choices else self._unit(values[name])
                found[name] = said or ""
        return found

    def _field(self, node: Node) -> str:
        said = self.source.text(node)
        base = said.removesuffix("_clause")
        if base in self.fields:
            return said
        self.source.choice(node, sorted(self.fields))  # notes that there is no such field, with the nearest
        return said

    def _unit(self, node: Node) -> str:
        """A unit of time, or the currency of a column of amounts."""
        said = self.source.text(node)
        if len(said) == 3 and said.isascii() and said.isupper() and said.isalpha():
            return said
        return self.source.choice(node, UNITS) or said

    def _constants(self, node: Node) -> dict[str, str]:
        found = {}
        for name, key, value in self._pairs(node):
            if name not in self.fields or name == "reference":
                self.source.complain(key, "E1", f"{name} cannot be a constant.", "Name a field other than reference.")
            found[name] = self.source.text(value)
        return found

    def _accept(self, node: Node) -> dict[str, str]:
        found = {}
        for name, key, value in self._pairs(node):
            found[name] = self.source.text(value).strip()
            if not found[name]:
                self.source.complain(key, "E1", f"Accepting {name} needs a reason.", "Say why it is right.")
        return found

    def _pairs(self, node: Node) -> Iterator[tuple[str, Node, Node]]:
        """Names of a mapping with any keys; one that stands twice is found."""
        if not is_a(node, "mapping"):
            self.source.complain(node, "E0", "Here belongs a mapping of names to values.", "Write name: value.")
            return
        seen = set()
        for key, value in node.value:
            name = self.source.text(key)
            if name in seen:
                self.source.complain(key, "E1", f"The key {name} is here twice.", "Keep one of them.")
            seen.add(name)
            yield name, key, value
