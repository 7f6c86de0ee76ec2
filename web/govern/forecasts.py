"""The forecast as a page: what will be sent, to whom, and what reaches nobody (INTERFACE.md C14, P19)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.forecasting.forecast import forecast, reach
from lifecycle.audience import parse_audience
from lifecycle.delivery import DeliveryKind
from lifecycle.errors import LifecycleError
from notifiers.wording import brief_day, channel_words, counted, joined, stage_words
from store.queries import Queries
from web.frame.words import readable
from web.govern.charts import Weeks, weeks
from web.govern.ladders import audience_words
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.forecasting.forecast import Assume, Unresolved
    from engine.forecasting.items import Item
    from engine.monitor import Work
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell

SHOWN: Final = 200  # rows of the page
MOST: Final = 20_000  # of a file
_UNREACHED: Final = 20  # steps that reach nobody; the messages stand below them
_AHEAD: Final = timedelta(days=90)
WEEKS: Final = 13
FURTHEST: Final = timedelta(days=730)
_KINDS: Final[Mapping[DeliveryKind, str]] = {
    DeliveryKind.STEP: "reminder",
    DeliveryKind.CHANGED: "word of a change",
}
ASSUMED: Final = (("silence", "nobody answers"), ("acknowledged", "everybody acknowledges"))


class TooFar(LifecycleError):
    """A day that the forecast does not reach."""

    code = "too-far"

    def __init__(self, text: str) -> None:
        super().__init__(f"{text} is no day in the next two years.", remedy="Choose a day from today on.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Until which day, of whom and of what, and what is assumed; texts as they stand in the address."""

    until: str
    person: str
    agreement: str
    assume: Assume

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Asked:
        """What the address says; the next 90 days where it says nothing."""
        return cls(
            until=query.get("until", "").strip() or (today + _AHEAD).isoformat(),
            person=query.get("person", "").strip(),
            agreement=query.get("agreement", "").strip(),
            assume="acknowledged" if query.get("assume") == "acknowledged" else "silence",
        )

    def until_on(self, today: date) -> date:
        """Raises TooFar."""
        try:
            on = date.fromisoformat(self.until)
        except ValueError:
            raise TooFar(self.until) from None
        if not today <= on <= today + FURTHEST:
            raise TooFar(self.until)
        return on

    @property
    def query(self) -> dict[str, str]:
        """What of it stands in an address."""
        said = {"until": self.until, "person": self.person, "agreement": self.agreement, "assume": self.assume}
        return {name: text for name, text in said.items() if text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows; *unresolved* are steps that will reach nobody, *people* who is told how much.

    *is_cut*: somebody asked for more days than can be looked through at once.
    """

    until_on: date
    is_cut: bool
    messages: Table
    unresolved: Table
    told: str
    people: Table
    chart: str


def look_ahead(work: Work, viewer: Viewer, asked: Asked, *, most: int = SHOWN) -> Shown:
    """The forecast of what *viewer* may see. Raises TooFar, and NotFound for an agreement that they do not see."""
    asked_on = asked.until_on(viewer.today)
    seen = Queries.of(work, person=viewer.person)
    reference = seen.agreement(asked.agreement).reference if asked.agreement else None
    until_on = asked_on if reference else reach(work, asked_on)
    found = forecast(work, until_on, reference=reference, assume=asked.assume)
    known = seen.ids_of(found.references)
    found = found.among(known.keys())
    items = [one for one in found.items if _is_for(one, asked.person)]
    people = load(items, viewer)
    return Shown(
        until_on=until_on,
        is_cut=until_on < asked_on,
        messages=_messages(items, known, most),
        unresolved=_unresolved(found.unresolved, known),
        told=_told(items),
        people=_people(people),
        chart=weeks([Weeks(name, numbers) for name, numbers in people.rows], title="Messages per person and week"),
    )


def _told(items: Sequence[Item]) -> str:
    """``3 messages: 2 reminders and 1 digest; 2 by e-mail and 1 by Slack.``."""
    kinds = Counter(_KINDS.get(one.message, one.message.value) for one in items)
    channels = Counter(one.channel for one in items)
    of = joined(tuple(counted(number, name) for name, number in kinds.most_common()))
    through = joined(tuple(f"{number} by {channel_words(name)}" for name, number in channels.most_common()))
    return f"{counted(len(items), 'message')}: {of}; {through}."


@dataclass(frozen=True, slots=True)
class Load:
    """Messages per person and week, the busiest first; *weeks* are their Mondays."""

    weeks: tuple[date, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def load(items: Iterable[Item], viewer: Viewer) -> Load:
    """What falls into each of the next 13 weeks, for whom anything does."""
    monday = viewer.today - timedelta(days=viewer.today.weekday())
    numbers: dict[str, Counter[int]] = {}
    for one in items:
        week = (one.send_at.astimezone(viewer.zone).date() - monday).days // 7
        if week < WEEKS:
            numbers.setdefault(told_name(one), Counter())[week] += 1
    rows = [(name, tuple(found[week] for week in range(WEEKS))) for name, found in numbers.items()]
    mondays = tuple(monday + timedelta(weeks=week) for week in range(WEEKS))
    return Load(mondays, tuple(sorted(rows, key=lambda row: (-sum(row[1]), row[0]))))


def told_name(item: Item) -> str:
    """Who gets it."""
    return item.recipient.name or item.recipient.address


def _people(found: Load) -> Table:
    days = tuple(Column(on.isoformat(), brief_day(on, on), is_number=True) for on in found.weeks)
    return Table(
        caption=f"Messages per person in the next {WEEKS} weeks, each from its Monday; the busiest first",
        columns=(Column("person", "Person"), *days, Column("all", "All", is_number=True)),
        rows=tuple((name, *(number or None for number in row), sum(row)) for name, row in found.rows),
        total=len(found.rows),
    )


def _is_for(item: Item, person: str) -> bool:
    wanted = person.casefold()
    return not wanted or wanted in {item.recipient.address.casefold(), item.recipient.name.casefold()}


def _messages(items: Sequence[Item], known: Mapping[str, str], most: int) -> Table:
    return Table(
        caption=counted(len(items), "message"),
        columns=(
            Column("subject", "Message"),
            Column("send_at", "Leaves"),
            Column("to", "To"),
            Column("channel", "Through"),
            Column("agreement", "About"),
            Column("stage", "Stage"),
            Column("only_if", "Only if"),
        ),
        rows=tuple(_message(one, known) for one in items[:most]),
        total=len(items),
    )


def _message(one: Item, known: Mapping[str, str]) -> tuple[Cell, ...]:
    references = list(dict.fromkeys(each.reference for each in one.about)) or [one.reference or ""]
    about: Cell = counted(len(references), "agreement")
    if len(references) == 1:
        about = Link(references[0], f"/agreements/{known[references[0]]}") if references[0] in known else references[0]
    stage = stage_words(one.stage) if one.stage else readable(one.message.value)
    escalates = ", escalation" if one.step else ""
    return (
        one.subject,
        one.send_at,
        told_name(one),
        channel_words(one.channel),
        about,
        stage + escalates,
        one.only_if or "",
    )


def _unresolved(found: Sequence[Unresolved], known: Mapping[str, str]) -> Table:
    """One row for a step and all its repeats, in the order in which they come."""
    alike = Counter((one.reference, one.stage, one.step, one.audience) for one in found)
    return Table(
        caption=counted(len(found), "step"),
        columns=(
            Column("agreement", "Agreement"),
            Column("stage", "Stage"),
            Column("step", "Step"),
            Column("audience", "Asks for"),
            Column("times", "Times", is_number=True),
        ),
        rows=tuple(
            (
                Link(reference, f"/agreements/{known[reference]}"),
                stage_words(stage),
                f"escalation {step}" if step else "first message",
                ", ".join(audience_words(parse_audience(one)) for one in audience),
                times,
            )
            for (reference, stage, step, audience), times in islice(alike.items(), _UNREACHED)
        ),
        total=len(alike),
    )
