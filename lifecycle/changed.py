"""A frozen value with other fields.

``dataclasses.replace`` goes through the constructor, which writes past the lock field by field, and takes five times as
long. This is for values that are changed for each message that leaves, and that check nothing as they are made. The
copy is made of a class with the same slots and no lock, and then given the class of the value.
"""

from __future__ import annotations

from dataclasses import make_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

T = TypeVar("T")


def changed(value: T, **fields: object) -> T:
    """*value*, a dataclass with slots and no ``__post_init__``, with other *fields*.

    Raises AttributeError for a field that it does not have.
    """
    kind: Any = type(value)
    fields_of, opened = _open(kind)
    made: Any = opened(*fields_of(value))
    for name, now in fields.items():
        setattr(made, name, now)
    made.__class__ = kind
    return cast("T", made)


@cache
def _open(kind: Any) -> tuple[Any, Any]:  # noqa: ANN401 - a class, with the slots that type does not tell of
    """All fields of a value of *kind*, and the class that takes them; there are few that are changed so."""
    return attrgetter(*kind.__slots__), make_dataclass(f"Open{kind.__name__}", kind.__slots__, slots=True)
