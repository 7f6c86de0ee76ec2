"""What the law refuses, in sentences.

Every error is a leaf of ``LifecycleError``: its class builds the sentence (what, which value), ``remedy`` says what to
do about it, ``code`` tells the machine which error it is. A remedy holds wherever it is read: on a page, by a program,
at a terminal. What does it at a terminal stands apart, as ``command``.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar, Protocol

from lifecycle.words import listed, shown, spoken

FIRST_YEAR = 1900
LAST_YEAR = 2200


class LifecycleError(Exception):
    """Something that the law of agreements refuses."""

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, *, remedy: str, command: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        self.command = command

    @property
    def remedy_at_terminal(self) -> str:
        """The remedy with the command that brings it about."""
        return f"{self.remedy.rstrip('.')}: `{self.command}`." if self.command else self.remedy

    def __str__(self) -> str:
        return self.sentence


class DayOutOfRange(LifecycleError):
    """A day, or the result of a calculation, outside the years in which calendars are trusted."""

    code = "day-out-of-range"

    def __init__(self, day: date | str) -> None:
        self.day = day
        what, checked = (spoken(day), "year") if isinstance(day, date) else (day, "year and the length of the period")
        super().__init__(
            f"{what} is outside {FIRST_YEAR} to {LAST_YEAR}.",
            remedy=f"Check the {checked}; a term without an end is open-ended.",
        )


class ZoneRequired(LifecycleError):
    """An instant without a time zone: nobody knows when it is."""

    code = "zone-required"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} has no time zone.", remedy="Give the instant with its zone, such as Europe/Berlin.")


class PeriodError(LifecycleError):
    """A length that is no period, or that cannot be counted here."""

    code = "period"

    def __init__(self, sentence: str, *, remedy: str = 'Write a number and a unit, such as "60 days".') -> None:
        super().__init__(sentence, remedy=remedy)


class AmbiguousPeriod(PeriodError):
    """A text that may mean several periods; ``choices`` are periods that it may mean, as text."""

    code = "ambiguous-period"

    def __init__(self, text: str, because: str, choices: Sequence[str]) -> None:
        self.choices = tuple(choices)
        super().__init__(f"{shown(text)} is ambiguous, {because}.", remedy=f"Write {listed(self.choices)}.")


class CountingError(LifecycleError):
    """A way of counting that says nothing about the day that is asked for."""

    code = "counting"


class CalendarRequired(LifecycleError):
    """A calculation that needs to know which days are business days."""

    code = "calendar-required"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} cannot be computed without a calendar.",
            remedy="Name a calendar, such as DE-BE, or SAT_SUN for weekends alone.",
        )


class UnknownCalendar(LifecycleError):
    """A calendar code that nobody knows."""

    code = "unknown-calendar"

    def __init__(self, calendar: str, *, because: str = "", choices: Iterable[str] = ()) -> None:
        self.calendar = calendar
        self.choices = tuple(choices)
        reason = f": {because}" if because else ""
        remedy = (
            f"Use {listed(self.choices)}." if self.choices else "Use a code such as DE-BE, GB-ENG, XECB or SAT_SUN."
        )
        super().__init__(f"There is no calendar {shown(calendar)}{reason}.", remedy=remedy)


class SubdivisionRequired(LifecycleError):
    """A country whose business days differ from region to region too much to guess."""

    code = "subdivision-required"

    def __init__(self, country: str, choices: Sequence[str]) -> None:
        self.country = country
        self.choices = tuple(choices)
        super().__init__(
            f"The holidays of {country} differ from region to region.",
            remedy=f"Name the region: {listed(self.choices)}; or say {country}:national for what all share.",
        )


class UnknownName(LifecycleError):
    """A name that is in no table: of a roll, a month-end rule, a unit, a rule set."""

    code = "unknown-name"

    def __init__(self, what: str, name: str, choices: Sequence[str], *, remedy: str = "") -> None:
        self.name = name
        self.choices = tuple(choices)
        super().__init__(f"There is no {what} {shown(name)}.", remedy=remedy or f"Use {listed(self.choices)}.")


class NoSuchTerm(LifecycleError):
    """A term that the renewals of the agreement do not reach."""

    code = "no-such-term"

    def __init__(self, number: int, most: int) -> None:
        self.number = number
        self.most = most
        super().__init__(
            f"There is no term {number}: the agreement has terms 0 to {most}.",
            remedy="Ask for an earlier term, or correct how often the agreement renews.",
        )


class Worded(Protocol):
    """Something that says itself in a sentence."""

    @property
    def text(self) -> str: ...


class TermsError(LifecycleError):
    """Terms that cannot be kept; ``problems`` names all of them at once."""

    code = "terms"

    def __init__(self, problems: Iterable[Worded]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            " ".join(problem.text for problem in self.problems),
            remedy="Correct the terms; a contradiction may also be accepted with a reason.",
        )
