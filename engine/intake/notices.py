"""A notice in one cell: its length, the days to which it ends, and how early it may be given.

People write one sentence where there are three facts: "three months to the end of a calendar quarter", "6 Wochen zum
Quartalsende", "not less than 90 nor more than 180 days before the end".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engine.intake.clause_words import of_notice
from engine.intake.findings import Said, refused
from engine.intake.headers import plain
from engine.intake.lengths import read_period
from lifecycle.days.dates import Period, StatedPeriod
from lifecycle.terms.terms import EndsAt
from lifecycle.words import listed

_LONGEST: Final = 200
#: The words for a notice that ends it on any day; a notice to the end of a term is the usual one.
_ENDS: Final[Mapping[str, EndsAt]] = {
    plain(word): ends
    for ends, words in {
        EndsAt.ANY_DAY: "any day, any time, at any time, anytime, jederzeit, zu jedem Tag",
        EndsAt.MONTH_END: "month end, end of month, end of a month, end of the month, end of a calendar month, month, "
        "Monatsende, zum Monatsende, Ende eines Monats, zum Ende eines Monats, Monat",
        EndsAt.QUARTER_END: "quarter end, end of quarter, end of a quarter, end of the quarter, "
        "end of a calendar quarter, quarter, Quartalsende, zum Quartalsende, Ende eines Quartals, "
        "zum Ende eines Quartals, Quartal, Vierteljahresende, Ende eines Kalendervierteljahres",
        EndsAt.HALF_YEAR_END: "half-year end, half year end, end of a half-year, end of a calendar half-year, "
        "half-year, Halbjahresende, zum Halbjahresende, Ende eines Kalenderhalbjahres, Halbjahr",
        EndsAt.YEAR_END: "year end, end of a calendar year, end of the calendar year, calendar year, 31 December, "
        "Jahresende, zum Jahresende, Ende eines Kalenderjahres, Kalenderjahr, 31.12., 31. Dezember",
        EndsAt.TERM_END: "term end, end of the term, end of a term, Vertragsende, Laufzeitende, zum Vertragsende",
    }.items()
    for word in (ends.value, *words.split(","))
}
_OF_CALENDAR: Final = {
    "month": EndsAt.MONTH_END, "quarter": EndsAt.QUARTER_END, "half": EndsAt.HALF_YEAR_END, "year": EndsAt.YEAR_END,
    "monat": EndsAt.MONTH_END, "quartal": EndsAt.QUARTER_END, "vierteljahr": EndsAt.QUARTER_END,
    "halbjahr": EndsAt.HALF_YEAR_END, "jahr": EndsAt.YEAR_END,
}  # fmt: skip
_TO: Final = r"(?:,?\s*(?:effective|expiring|ending|to\s+take\s+effect|taking\s+effect|in\s+each\s+case))?,?\s+"
_BY: Final = r"(?:with\s+effect\s+(?:from|to|as\s+of|at)|as\s+of|as\s+at|prior\s+to|before|to|at|on|for|from)\s+"
_ANY: Final = r"(?:(?:the|a|an|any|each|every|that|next|following|given)\s+)*"
#: A year alone may be that of the agreement; a calendar year, a year's end and 31 December are not.
_ENGLISH: Final = re.compile(
    rf"(?P<length>.+?){_TO}{_BY}{_ANY}(?:"
    rf"(?:end|close|last\s+day)\s+of\s+{_ANY}(?:calendar\s+(?P<a>year|half)|(?:calendar\s+)?(?P<b>month|quarter|half))"
    r"(?:-|\s)?(?:year)?"
    r"|(?:calendar[\s-]+)?(?P<c>month|quarter|half|year)(?:[\s-]+year)?"
    r"(?:'s|\N{RIGHT SINGLE QUOTATION MARK}s)?[\s-]+end"
    r"|(?P<d>31(?:st)?\s+december|december\s+31(?:st)?)(?:\s+of\s+(?:any|each|every|a)\s+(?:calendar\s+)?year)?"
    r")\.?",
    re.IGNORECASE,
)
_GERMAN: Final = re.compile(
    r"(?:mit\s+(?:einer\s+)?frist\s+von\s+)?(?P<length>.+?)\s+(?:jeweils\s+)?(?:zum|auf\s+das|auf|bis\s+zum|vor(?:\s+dem)?)\s+(?:jeweiligen\s+|jeden\s+)?(?:"
    r"(?:ende|schluss|ablauf)\s+(?:(?:eines|des|jedes|jeden)\s+)?(?:jeden\s+|jeweiligen\s+)?"
    r"(?:kalender(?P<a>jahr)(?:e?s)?|(?:kalender)?(?P<b>monat|quartal|vierteljahr|halbjahr)(?:e?s)?)"
    r"|(?:kalender)?(?P<c>monat|quartal|vierteljahr|halbjahr|jahr)(?:e?s)?(?:ende|schluss|letzten)"
    r"|(?P<e>quartal)"
    r"|(?P<d>31\.\s*12\.?|31\.\s*dezember)(?:\s+(?:eines|jeden)\s+(?:jeden\s+)?(?:kalender)?jahres)?"
    r")\.?",
    re.IGNORECASE,
)
_AT_LEAST: Final = r"at\s+least|(?:not|no)\s+(?:less|fewer)\s+than|minimum(?:\s+of)?|mindestens|wenigstens"
_MINDESTENS: Final = re.compile(r"(?:mindestens|wenigstens)\s+", re.IGNORECASE)
_LATEST: Final = r"(?:not|no)\s+later\s+than|spätestens"
_AT_MOST: Final = (
    r"at\s+most|(?:not|no)\s+(?:more|earlier|sooner)\s+than|up\s+to|maximum(?:\s+of)?|"
    r"höchstens|maximal|frühestens"
)
_AND: Final = r",?\s*(?:and|but|nor|or|und|sowie|aber)?\s+"
_LEAST_FIRST: Final = re.compile(
    rf"(?:(?P<at_least>{_AT_LEAST})|{_LATEST})\s+(?P<least>.+?){_AND}(?:{_AT_MOST}|(?:more|earlier)\s+than)\s+(?P<most>.+)",
    re.IGNORECASE,
)
_MOST_FIRST: Final = re.compile(
    rf"(?:{_AT_MOST})\s+(?P<most>.+?){_AND}(?:(?P<at_least>{_AT_LEAST}|(?:less|fewer)\s+than)|{_LATEST}|later\s+than)"
    r"\s+(?P<least>.+)",
    re.IGNORECASE,
)


#: Days that a notice may end on which are refused: what they look like, what is wrong with them, what to write.
_DOUBTS: Final = (
    (
        re.compile(r"\b15(?:th|\.)|\bfifteenth\b|\bfünfzehnten\b", re.IGNORECASE),
        "Of the days on which notice may end it only ends of months, quarters, half-years and years have a column.",
        'Write it "to the end of a month", and the other days under note.',
    ),
    (
        re.compile(
            r"\bend\s+of\s+(?:the\s+|a\s+|an\s+|each\s+|every\s+|any\s+)?(?:(?:contract|agreement)\s+)?year\b"
            r"|\bende\s+(?:des|eines|jedes)\s+(?:jeweiligen\s+)?(?:vertrags)?jahre?s\b|\bvertragsjahr",
            re.IGNORECASE,
        ),
        "The end of which year? It may be the calendar's, or that of the agreement.",
        'Write "to the end of a calendar year" ("zum Jahresende"); or the length alone, where it ends with a term.',
    ),
    (
        re.compile(r"\banniversary\b|\bjahrestag", re.IGNORECASE),
        "An anniversary may be the last day of a term, or the day after it.",
        "Write the length alone; and under end_convention anniversary, where it is still in force on that day.",
    ),
)  # fmt: skip


class SaidNotice(NamedTuple):
    """What one cell says of a notice, where it is more than a length."""

    stated: StatedPeriod
    ends: EndsAt | None = None
    opens: Period | None = None

    def beside(self) -> Iterator[tuple[str, Any]]:
        """Columns and their values."""
        if self.ends is not None:
            yield "notice_ends", self.ends
        if self.opens is not None:
            yield "notice_opens", self.opens


@lru_cache(maxsize=4096)
def read_notice(text: str, unit: str = "") -> Said:
    """A StatedPeriod, or a SaidNotice where more is said; a bare number takes *unit*."""
    line = " ".join(text.split())
    if len(line) > _LONGEST:
        return read_period(line, unit)
    if doubt := _doubt(line):
        return doubt
    ends, line = _to_set_days(line)
    line = of_notice(line)
    found = _LEAST_FIRST.fullmatch(line) or _MOST_FIRST.fullmatch(line)
    if found is not None:
        return _within(found, ends, unit)
    if least := _MINDESTENS.match(line):
        said = _at_least(_length(line[least.end() :], unit))
    else:
        said = read_period(line, unit)
    if ends is None or said.fault is not None or said.value.period is None:
        return said
    return Said(SaidNotice(said.value, ends))


def read_ends(text: str, _: str = "") -> Said:
    """The days on which a notice may end it."""
    if ends := _ENDS.get(plain(text)):
        return Said(ends)
    message = f"This does not say on which days notice may end it: {text[:60]}."
    return refused("unknown_word", message, f"Write {listed(EndsAt)}.")


def read_opens(text: str, unit: str = "") -> Said:
    """How early a notice may be given: a length, "at most" before it or not."""
    bare = re.sub(rf"^(?:{_AT_MOST})\s+", "", text.strip(), flags=re.IGNORECASE)
    said = read_period(bare, unit)
    if said.fault is not None:
        return said
    if said.value.period is None:
        return refused("period", "This is no length.", 'Write "180 days".')
    return Said(said.value.period)


def _length(text: str, unit: str) -> Said:
    return read_period(of_notice(text), unit)


def _doubt(line: str) -> Said | None:
    """Why a notice to days that may be one or the other, or that no column holds, is refused."""
    return next((refused("period", *told) for words, *told in _DOUBTS if words.search(line)), None)


def _at_least(said: Said) -> Said:
    return said if said.value is None else Said(replace(said.value, at_least=True))


def _to_set_days(line: str) -> tuple[EndsAt | None, str]:
    """The days that the end of *line* names, and what stands before it."""
    found = _ENGLISH.fullmatch(line) or _GERMAN.fullmatch(line)
    if found is None:
        return None, line
    named = next((word for name, word in found.groupdict().items() if word and name != "length"), "")
    return _OF_CALENDAR.get(named.casefold(), EndsAt.YEAR_END), found["length"]


def _within(found: re.Match[str], ends: EndsAt | None, unit: str) -> Said:
    """Both lengths; the first, where it is a number alone, has the unit of the other."""
    first, second = ("least", "most") if found.re is _LEAST_FIRST else ("most", "least")
    latter = _length(found[second], unit)
    shared = str(latter.value.period).partition(" ")[2] if latter.value else ""
    read = {second: latter, first: _length(found[first], shared)}
    for said in read.values():
        if said.fault is not None:
            return said
        if said.value.period is None:
            return refused("period", "This is no length.", 'Write "at least 90 and at most 180 days".')
    stated = replace(read["least"].value, at_least=bool(found["at_least"]))
    return Said(SaidNotice(stated, ends, read["most"].value.period))
