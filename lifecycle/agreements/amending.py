"""What differs between two versions of an agreement, field by field, as people write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from lifecycle.agreements.agreement import Agreement
from lifecycle.days.dates import Period
from lifecycle.events import FieldChange

Words = Callable[[Any], str | None]
_NOT_FACTS: Final = frozenset({"id", "version", "status", "term_number", "registered_on"})


def differences(old: Agreement, new: Agreement, words: Words | None = None) -> tuple[FieldChange, ...]:
    """The fields that differ, ``provisions.renewal`` and the like by their path; empty where the facts are the same.

    *words* says a fact; ``said`` does where nobody says it better.
    """
    return tuple(_differences(old, new, "", words or said))


def _differences(old: Any, new: Any, path: str, words: Words) -> Iterator[FieldChange]:  # noqa: ANN401 - any value
    for field in fields(old):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was == now or (not path and field.name in _NOT_FACTS):
            continue
        name = f"{path}{field.name}"
        if name == "provisions":
            yield from _differences(was, now, "provisions.", words)
        else:
            yield FieldChange(name, words(was), words(now))


def said(value: Any) -> str | None:  # noqa: ANN401, PLR0911 - any value, one answer per type
    """A fact in words that fit into a line; None where there is none."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, Period):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "; ".join(said(one) or "-" for one in value)
    if is_dataclass(value):
        told = ((field.name, said(getattr(value, field.name))) for field in fields(value))
        return ", ".join(f"{name} {text}" for name, text in told if text is not None) or type(value).__name__
    return str(value)
