"""A cell that says more than its column holds: the rest goes into the columns that hold it.

People write one sentence where there are several facts. A column that says another thing is an error, as nobody can
know which of the two holds.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.intake.complaints import Complaint, wrong
from engine.intake.notices import SaidNotice
from engine.intake.survivals import SaidSurvival
from engine.intake.texts import CLEARED

_SENTENCES: Final = {"notice_period": "notice period", "survival": "survival"}


def spread(fields: Mapping[str, Any]) -> dict[str, Any]:
    """*fields* with what sentences say besides a length in the columns that are empty."""
    result = dict(fields)
    for field, said in _more(fields):
        result |= {name: value for name, value in said.beside() if fields.get(name) is None}
        result[field] = said.stated
    return result


def contradicted(fields: Mapping[str, Any]) -> Iterator[Complaint]:
    """Where a column says another thing than the sentence."""
    for field, said in _more(fields):
        for name, value in said.beside():
            other = fields.get(name)
            if other is not None and other != value:
                told = "none" if other is CLEARED else other
                message = f"The {_SENTENCES[field]} says {value}, this column {told}."
                yield wrong(name, f"two_{name}", message, "Keep one.")


def _more(fields: Mapping[str, Any]) -> Iterator[tuple[str, SaidNotice | SaidSurvival]]:
    for field in _SENTENCES:
        said = fields.get(field)
        if isinstance(said, SaidNotice | SaidSurvival):
            yield field, said
