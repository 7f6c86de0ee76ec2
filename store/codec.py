"""Between values and documents: one pydantic adapter per type, built when first used."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(of: type[Any]) -> TypeAdapter[Any]:
    adapter = _ADAPTERS.get(of)
    if adapter is None:
        adapter = _ADAPTERS[of] = TypeAdapter(of)
    return adapter


def dumps(value: Any, *, sparse: bool = False) -> str:  # noqa: ANN401 - any frozen value
    """The JSON document of a value; *sparse* leaves out what has its default."""
    return _adapter(type(value)).dump_json(value, exclude_defaults=sparse).decode()


def loads(text: str, of: type[T]) -> T:
    """The value that a document holds."""
    value: T = _adapter(of).validate_json(text)
    return value
