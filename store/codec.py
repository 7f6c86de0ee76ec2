"""Between values and documents: one pydantic adapter per type, built when first used."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(of: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(of)


def dumps(value: Any, *, sparse: bool = False) -> str:  # noqa: ANN401 - any frozen value
    """The JSON document of a value; *sparse* leaves out what has its default."""
    return _adapter(type(value)).dump_json(value, exclude_defaults=sparse).decode()


def loads(text: str, of: type[T]) -> T:
    """The value that a document holds."""
    return _adapter(of).validate_json(text)
