"""The form of a feed: from settings to fields and back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from lifecycle.days.dates import parse_day
from lifecycle.feeds import COLOURS, MINE, MONTHS_AHEAD, Detail, Feed, FeedRefused, Reminders
from lifecycle.milestones.milestone import MARKERS, MilestoneKind
from web.frame.words import readable

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Person
    from web.frame.forms import Form

DETAILS: Final = {
    Detail.BUSY: "Busy: that something is due",
    Detail.REDACTED: "Redacted: what kind, our reference",
    Detail.FULL: "Full: counterparty, action, reason, never amounts",
}
REMINDERS: Final = {
    Reminders.NONE: "None",
    Reminders.EVENTS: "Entries of their own",
    Reminders.ALARMS: "An alarm",
    Reminders.BOTH: "Entries and an alarm",
}
_FIRST_NAME: Final = "My deadlines"


def blank(work: Work, person: Person, most: Detail, search: str) -> Feed:
    """A feed of a list's words, before anything was chosen; it tells as much as the house allows."""
    name = _FIRST_NAME if search in {"", MINE} else f"Deadlines: {search}"[:60].strip()
    at = work.now
    return Feed(
        id="", person_id=person.id, name=name, search=search or MINE, detail=most, created_at=at, changed_at=at
    )  # fmt: skip


def filled(feed: Feed, form: Form) -> Feed:
    """*feed* as the form says. Raises FeedRefused for what no feed can be."""
    return replace(
        feed,
        name=form.get("name"),
        search=form.get("search"),
        kinds=tuple(kind for kind in MilestoneKind if kind in form.all("kind")),
        detail=_one_of(Detail, form, "detail", feed.detail),
        reminders=_one_of(Reminders, form, "reminders", feed.reminders),
        reminder_days=_days(form.get("reminder_days", "30, 7")),
        months_ahead=_number("months_ahead", form.get("months_ahead", str(feed.months_ahead))),
        timed=form.is_on("timed"),
        todo=form.is_on("todo"),
        colour=form.get("colour", feed.colour),
    )


def last_day(form: Form) -> date | None:
    """Until when the address holds; None: until it is revoked. Raises FeedRefused."""
    text = form.get("expires_on")
    try:
        return parse_day(text) if text else None
    except ValueError:
        raise FeedRefused("expires_on", "That is no day.", remedy="Write it like 2026-12-31.") from None


def choices(most: Detail) -> dict[str, Any]:
    """What the form offers."""
    return {
        "details": [(one.value, words) for one, words in DETAILS.items() if one.at_most(most) is one],
        "reminder_choices": [(one.value, words) for one, words in REMINDERS.items()],
        "colours": [(one, one) for one in COLOURS],
        "kinds": [(one.value, readable(one.value)) for one in MilestoneKind if one not in MARKERS],
        "markers": [(one.value, readable(one.value)) for one in MilestoneKind if one in MARKERS],
        "months": (MONTHS_AHEAD[0], MONTHS_AHEAD[-1]),
    }


def _one_of(words: type[Any], form: Form, name: str, otherwise: Any) -> Any:  # noqa: ANN401 - Detail or Reminders
    text = form.get(name, otherwise.value)
    if text not in [one.value for one in words]:
        raise FeedRefused(name, f"There is no {name} of that name.", remedy="Choose one of the list.")
    return words(text)


def _days(text: str) -> tuple[int, ...]:
    numbers = [_number("reminder_days", one) for one in re.split(r"[,;\s]+", text) if one]
    return tuple(sorted(set(numbers), reverse=True))


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise FeedRefused(name, "That is no whole number.", remedy="Write it in digits.")
    return int(text)
