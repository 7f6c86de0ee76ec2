"""One command at work: what was asked, the engine it needs, and where its answer goes.

Everything is made when it is first needed, so that a command pays only for what it uses.
"""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

from cli.days import parse_day
from cli.errors import UsageRefused
from cli.main import Given
from cli.render import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from types import TracebackType

    from config.settings import Settings
    from engine.clock import Clock
    from engine.monitor import House, Monitor, Work
    from lifecycle.events import Actor
    from lifecycle.people import Person


_ROOM: Final = timedelta(days=3653)  # what is counted from a day must lie within the calendars too


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that commands share."""

    as_json: bool = False
    today: str = ""
    as_email: str = ""
    is_dry_run: bool = False
    is_yes: bool = False


class Run:
    """See the module; use it in a ``with`` statement."""

    def __init__(self, given: Given | None, asked: Asked) -> None:
        self.given = given or Given()
        self.asked = asked
        self.terminal = Terminal(is_quiet=self.given.is_quiet, is_colourless=self.given.is_colourless)

    def __enter__(self) -> Self:
        """Raises UsageRefused for a day that is none, also where the command asks for no day."""
        if self.asked.today:
            parse_day(self.asked.today, self.clock.now().date(), "--today")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "monitor" in self.__dict__:
            from cli import bootstrap

            bootstrap.closed(self.monitor)

    @property
    def as_json(self) -> bool:
        """Whether the answer is one JSON document."""
        return self.asked.as_json

    @property
    def is_dry_run(self) -> bool:
        """Whether nothing is kept."""
        return self.asked.is_dry_run

    @property
    def tried(self) -> str:
        """What stands behind the words of something that is only tried."""
        return " (a trial: nothing is kept)" if self.is_dry_run else ""

    @cached_property
    def settings(self) -> Settings:
        """What is configured. Raises SettingsError."""
        from cli import bootstrap

        return bootstrap.settings(self.given)

    @cached_property
    def clock(self) -> Clock:
        """What tells the time: the machine, unless whoever calls brings another clock."""
        from engine.clock import SystemClock

        return self.given.clock or SystemClock()

    @cached_property
    def monitor(self) -> Monitor:
        """The engine on the register, which is made at the first use."""
        from cli import bootstrap, first_run

        monitor = replace(bootstrap.assembled(self.settings), clock=self.clock)
        bootstrap.ready(monitor, self.settings)
        monitor = first_run.chosen(monitor, self.settings)
        return bootstrap.standing_at(monitor, self._fixed(monitor.house)) if self.asked.today else monitor

    def on(self, monitor: Monitor) -> Run:
        """The same command on another engine, a copy under a clock of its own."""
        other = Run(self.given, self.asked)
        other.settings, other.monitor = self.settings, monitor
        return other

    @property
    def now(self) -> datetime:
        """The instant, by the engine's clock."""
        return self.monitor.clock.now()

    @property
    def today(self) -> date:
        """The day in the organisation's zone."""
        from engine.zones import zone

        return self.now.astimezone(zone(self.monitor.house.time_zone)).date()

    @property
    def zone_name(self) -> str:
        """Where the organisation lives."""
        return self.monitor.house.time_zone

    def local(self, at: datetime) -> str:
        """An instant by the organisation's clock, such as ``2026-12-01 09:30``; ``zone_name`` stands beside it."""
        from engine.zones import zone

        return f"{at.astimezone(zone(self.zone_name)):%Y-%m-%d %H:%M}"

    @property
    def actor(self) -> Actor:
        """Who acts: the person that ``--as`` names, else the user of the system, who is an operator."""
        from lifecycle.events import Actor

        return Actor(self.asked.as_email.strip() or f"cli:{_system_user()}", "cli")

    @contextmanager
    def look(self) -> Iterator[Work]:
        """One consistent view of the register. Raises NotFound, Forbidden for somebody who may not ask at all."""
        with self.monitor.look() as work:
            self.person(work)
            yield work

    @contextmanager
    def change(self) -> Iterator[Work]:
        """One transaction, kept unless this is a dry run; nothing of it is kept, and nothing said, if it fails."""
        from engine.trial import tried

        with self.terminal.held(), tried(self.monitor, self.actor, is_dry_run=self.is_dry_run) as work:
            yield work

    def person(self, work: Work) -> Person | None:
        """The person that ``--as`` names, None for the operator. Raises NotFound, Forbidden for somebody who left."""
        from lifecycle.rights import Forbidden

        email = self.asked.as_email.strip()
        if not email:
            return None
        person = work.people.by_email(email)
        if person.is_disabled:
            raise Forbidden(f"{person.email} has left.", remedy="Act as somebody who is there.")
        return person

    def must_administer(self, work: Work) -> None:
        """Raises Forbidden for whoever may not."""
        from cli.acting import permitted
        from lifecycle.rights import Act

        permitted(self, work, Act.ADMINISTER)

    def day(self, text: str, option: str) -> date:
        """A day as people type it. Raises UsageRefused."""
        return parse_day(text, self.today, option)

    def past_day(self, text: str, option: str) -> date:
        """A day as people type it of which something can be known: today, or one before. Raises UsageRefused."""
        from lifecycle.words import spoken

        if (day := self.day(text, option)) > self.today:
            raise UsageRefused(f"{option}: nobody knows what {spoken(day)} will bring.", remedy="Give a past day.")
        return day

    def coming_day(self, text: str, option: str) -> date:
        """A day as people type it up to which time can be followed: today, or one ahead. Raises UsageRefused."""
        from lifecycle.words import spoken

        if (day := self.countable_day(text, option)) < self.today:
            raise UsageRefused(f"{option}: {spoken(day)} is over.", remedy="Give today, or a day to come.")
        return day

    def countable_day(self, text: str, option: str) -> date:
        """A day as people type it, around which there are years enough to count in. Raises UsageRefused."""
        return _countable(self.day(text, option), option)

    def confirm(self, question: str, option: str = "--yes") -> None:
        """Ask before something that cannot be undone; without a terminal the command ends and names the option."""
        if self.asked.is_yes or self.is_dry_run:
            return
        if self.as_json or not self.terminal.asks(question):
            raise UsageRefused(f"{question} Nothing was done.", remedy=f"Say {option} to do it.")

    def answer(self, schema: str, **content: Any) -> None:  # noqa: ANN401 - whatever the document holds
        """Print the one JSON document of this command: ``items`` or ``item``, and what stands beside."""
        from engine.documents.plain import jsonable

        now, today = (self.now, self.today) if "monitor" in self.__dict__ else self._moment()
        head = {"schema": f"longstop/{schema}/1", "generated_at": now, "today": today}
        self.terminal.document(jsonable({**head, **content}))

    def _moment(self) -> tuple[datetime, date]:
        """The instant and its day in UTC, or the one that was asked for, for commands that need no register."""
        now = self.clock.now()
        asked = self.asked.today
        return now, _countable(parse_day(asked, now.date(), "--today"), "--today") if asked else now.date()

    def _fixed(self, house: House) -> date:
        from engine.zones import zone

        real = self.clock.now().astimezone(zone(house.time_zone)).date()
        return _countable(parse_day(self.asked.today, real, "--today"), "--today")


def _countable(day: date, option: str) -> date:
    from lifecycle.days.years import FIRST_DAY, LAST_DAY

    if not FIRST_DAY + _ROOM <= day <= LAST_DAY - _ROOM:
        sentence = f"{option}: {day} is too far away to be counted from."
        raise UsageRefused(sentence, remedy="Give a day from 1910 to 2190.")
    return day


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "operator"
