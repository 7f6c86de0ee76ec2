"""Documents held to the schemas of ``docs/schemas``, as far as those schemas go (JSON Schema 2020-12).

A key that the schema does not name is a fault as well: a document says nothing that is not documented.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"
_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}
_KNOWN = frozenset(
    {"$schema", "$id", "$ref", "$defs", "title", "description", "type", "required", "properties", "items", "enum"}
    | {"format", "pattern", "additionalProperties", "const", "anyOf", "oneOf", "minimum", "maximum", "minItems"}
)


def faults(document: Any) -> list[str]:
    """What is wrong with a document of the command line; an error is held to ``error.schema.json``."""
    name = document["schema"].split("/")[1] if "schema" in document else "error"
    schema = _schema(name)
    return list(_faults(document, schema, schema, "$"))


def choices(name: str, key: str) -> list[Any]:
    """What the schema lets *key* be, wherever it says so by a list."""
    return list(_choices(_schema(name), key))


def _choices(value: Any, key: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if isinstance(value.get(key), dict) and "enum" in value[key]:
            yield value[key]["enum"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _choices(one, key)


@cache
def _schema(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.schema.json").read_text())


def _faults(value: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    assert set(schema) <= _KNOWN, f"{place}: nobody checks {set(schema) - _KNOWN}"
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        found = [list(_faults(value, choice, root, place)) for choice in choices]
        if all(found):
            yield from min(found, key=len)
        return
    if not _is_of(value, schema.get("type")):
        yield f"{place}: {type(value).__name__} instead of {schema['type']}"
        return
    yield from _of_value(value, schema, place)
    if isinstance(value, dict) and "properties" in schema:
        yield from _of_object(value, schema, root, place)
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from _faults(one, schema["items"], root, f"{place}[{number}]")


def _of_object(value: dict[str, Any], schema: Any, root: Any, place: str) -> Iterator[str]:
    yield from (f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        if name in schema["properties"]:
            yield from _faults(one, schema["properties"][name], root, f"{place}.{name}")
        else:
            yield f"{place}: nobody has documented {name}"


def _of_value(value: Any, schema: Any, place: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{place}: {value!r} is not {schema['const']!r}"
    if isinstance(value, str) and not _is_written(value, schema.get("format"), schema.get("pattern")):
        yield f"{place}: {value!r} is not written as {schema.get('format') or schema.get('pattern')}"


def _is_of(value: Any, types: Any) -> bool:
    if types is None:
        return True
    names = types if isinstance(types, list) else [types]
    return any(isinstance(value, _TYPES[name]) and (name == "boolean" or value is not True) for name in names)


def _is_written(value: str, form: str | None, pattern: str | None) -> bool:
    if pattern and not re.search(pattern, value):
        return False
    try:
        if form == "date":
            return date.fromisoformat(value).isoformat() == value
        if form == "date-time":
            return datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False
    return True
