"""What came of a trial or of an import, page by page: rows by what became of them, and cells that can be mended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.intake.judging import CONTRADICTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from web.frame.forms import Form

AT_ONCE: Final = 100
TO_TYPE: Final = 100  # agreements over which their number has to be typed
ACCEPT: Final = "accept-"  # before the code of a contradiction, why it may be so
_MENDS: Final = 60  # fields of one form
RESULTS: Final = (
    ("created", "New", "green"),
    ("amended", "Changed", "blue"),
    ("unchanged", "Unchanged", ""),
    ("skipped", "Skipped", ""),
    ("failed", "Failed", "red"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A text that cannot be read, wherever it stands in its column."""

    number: int
    column: str
    value: str
    message: str
    cells: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        first = self.cells[0]
        return first if len(self.cells) == 1 else f"{first} and {len(self.cells) - 1} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A report as a page shows it. *show* is the filter, *page* counts from 1."""

    told: Mapping[str, Any]
    show: str = ""
    page: int = 1

    @property
    def counts(self) -> Mapping[str, int]:
        counts: Mapping[str, int] = self.told["counts"]
        return counts

    @property
    def coming(self) -> int:
        """How many agreements would be new or changed."""
        return self.counts["created"] + self.counts["amended"]

    @property
    def must_be_typed(self) -> bool:
        """Whether their number has to be typed to take them in."""
        return self.coming > TO_TYPE

    @property
    def tiles(self) -> list[tuple[int, str, str, str, bool]]:
        """Number, name, filter, colour, and whether it is the filter."""
        return [
            (self.counts[result], name, result, tone if self.counts[result] else "", self.show == result)
            for result, name, tone in RESULTS
            if result != "skipped" or self.counts[result]
        ]

    @property
    def file_findings(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.told["findings"]
        return found

    @property
    def chosen(self) -> list[Mapping[str, Any]]:
        """The rows of the filter; failed ones first where there is none."""
        rows = self.told["rows"]
        if self.show:
            return [row for row in rows if row["result"] == self.show]
        return sorted(rows, key=lambda row: row["result"] != "failed")

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """Those of this page."""
        start = (self.page - 1) * AT_ONCE
        return self.chosen[start : start + AT_ONCE]

    @property
    def has_more(self) -> bool:
        return len(self.chosen) > self.page * AT_ONCE

    @property
    def remarks(self) -> list[tuple[str, int]]:
        """Warnings of rows that say the same: the first, and how many there are."""
        alike: dict[str, list[str]] = defaultdict(list)
        for one in _findings(self.told["rows"]):
            if not one["is_error"]:
                alike[one["code"]].append(f"{place_of(one)}: {one['message']} {one['remedy']}".strip())
        return [(texts[0], len(texts)) for texts in sorted(alike.values(), key=len, reverse=True)]

    @property
    def acceptable(self) -> list[tuple[str, str, int]]:
        """Contradictions that may be so: code, what the first says, and how many rows have it."""
        alike: dict[str, list[str]] = defaultdict(list)
        for one in _findings(self.told["rows"]):
            if one["is_error"] and is_acceptable(one):
                alike[one["code"]].append(f"{place_of(one)}: {one['message']}")
        return [(code, texts[0], len(texts)) for code, texts in alike.items()]

    @property
    def mends(self) -> list[Mend]:
        """Texts that cannot be read, those that stand in most cells first."""
        alike: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for one in _findings(self.told["rows"]):
            if one["is_error"] and one["cell"] and not is_acceptable(one):
                alike[one["sheet"], one["column"], one["value"], one["message"]].append(one)
        found = sorted(alike.items(), key=lambda entry: -len(entry[1]))[:_MENDS]
        return [
            Mend(
                number=number,
                column=column,
                value=value,
                message=f"{message} {ones[0]['remedy']}".strip(),
                cells=tuple(dict.fromkeys(place_of(one) for one in ones)),
            )
            for number, ((_, column, value, message), ones) in enumerate(found)
        ]


def place_of(finding: Mapping[str, Any]) -> str:
    """``agreements!H17``, ``agreements, row 17``, or the sheet."""
    if finding["cell"]:
        return f"{finding['sheet']}!{finding['cell']}"
    return str(finding.get("place", finding["sheet"]))  # of a file brought before rows were told


def is_acceptable(finding: Mapping[str, Any]) -> bool:
    """Whether it is a contradiction of the terms that may be so, for a reason."""
    return finding["code"] in CONTRADICTIONS


def accepted_said(form: Form) -> dict[str, str]:
    """Contradictions that are accepted, each with its reason."""
    found = {name.removeprefix(ACCEPT): text for name, text in form.typed.items() if name.startswith(ACCEPT)}
    return {code: reason for code, reason in found.items() if reason}


def mends_said(form: Form) -> dict[str, str]:
    """The texts that were written in place of others, by cell."""
    said: dict[str, str] = {}
    for number in range(_MENDS):
        text = form.get(f"mend-{number}")
        if text != form.get(f"was-{number}"):
            said |= dict.fromkeys(form.get(f"cells-{number}").split("\n"), text)
    return {place.strip(): text for place, text in said.items() if "!" in place}


def _findings(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for row in rows:
        yield from row["findings"]
