"""Feeds and their addresses, inside one transaction.

One address of a feed is open at a time; ended ones are kept, so that whoever still asks is told that it has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from lifecycle.feeds import Detail, Feed, Reminders
from lifecycle.milestones.milestone import MilestoneKind
from store.errors import NotFound
from store.prepared import Prepared
from store.schema import feed_tokens, feeds

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.sql import Select

    from store.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """An address of a feed: the hash of its token, its life, and its last fetch (when, and by what program)."""

    token_sha256: str
    feed_id: str
    issued_at: datetime
    expires_on: date | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    last_fetched_at: datetime | None = None
    last_fetched_by: str = ""
    fetches: int = 0

    def is_open(self, today: date) -> bool:
        """Whether it is served on *today*, the day in the organisation's zone."""
        return self.ended_at is None and (self.expires_on is None or today <= self.expires_on)


_ADDRESSES: Final = feed_tokens.join(feeds, feeds.c.id == feed_tokens.c.feed_id)
_OF_ADDRESS: Final = [column.label(f"token_{column.name}") for column in feed_tokens.columns]
_BY_TOKEN: Final = Prepared(
    select(feeds, *_OF_ADDRESS).select_from(_ADDRESSES).where(feed_tokens.c.token_sha256 == bindparam("wanted"))
)


class Feeds:
    """All feeds."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def add(self, feed: Feed) -> None:
        """Keep a new feed."""
        self._session.execute(insert(feeds), [{"id": feed.id, **_row(feed)}])

    def save(self, feed: Feed) -> None:
        """Keep what has changed about a feed."""
        self._session.execute(update(feeds).where(feeds.c.id == feed.id).values(_row(feed)))

    def get(self, feed_id: str) -> Feed:
        """The feed with this id. Raises NotFound."""
        row = self._session.execute(select(feeds).where(feeds.c.id == feed_id)).one_or_none()
        if row is None:
            raise NotFound("feed", feed_id, remedy="List them.", command="longstop feed list")
        return _feed(row)

    def listed(self, person_id: str | None = None, *, with_ended: bool = False) -> list[tuple[Feed, FeedAddress]]:
        """Feeds of a person, or all, with their newest address, oldest first; without *with_ended* those not ended."""
        newest = select(func.max(feed_tokens.c.issued_at)).where(feed_tokens.c.feed_id == feeds.c.id)
        statement = select(feeds, *_OF_ADDRESS).select_from(_ADDRESSES).order_by(feeds.c.created_at, feeds.c.id)
        if person_id is not None:
            statement = statement.where(feeds.c.person_id == person_id)
        if with_ended:
            latest = feed_tokens.c.issued_at == newest.correlate(feeds).scalar_subquery()
            statement = statement.where(latest | feed_tokens.c.ended_at.is_(None))
        else:
            statement = statement.where(feed_tokens.c.ended_at.is_(None))
        return self._newest_of_each(statement)

    def by_token(self, token_sha256: str) -> tuple[Feed, FeedAddress] | None:
        """The feed that has, or had, this address."""
        row = self._session.ask(_BY_TOKEN, {"wanted": token_sha256}).first()
        return None if row is None else _served(row)

    def issue(self, address: FeedAddress) -> None:
        """Keep a new address; the one before it has ended."""
        values = {name: getattr(address, name) for name in feed_tokens.columns.keys()}  # noqa: SIM118 - no mapping
        self._session.execute(insert(feed_tokens), [values])

    def end(self, feed_id: str, at: datetime, because: str) -> bool:
        """End the open address of a feed; whether there was one."""
        values = {"ended_at": at, "ended_because": because}
        same = (feed_tokens.c.feed_id == feed_id) & feed_tokens.c.ended_at.is_(None)
        return bool(self._session.execute(update(feed_tokens).where(same).values(values)).rowcount)

    def note_fetches(self, token_sha256: str, *, at: datetime, by: str, count: int) -> None:
        """Remember the last fetch of an address, and *count* more of them."""
        same = feed_tokens.c.token_sha256 == token_sha256
        values = {"last_fetched_at": at, "last_fetched_by": by, "fetches": feed_tokens.c.fetches + count}
        self._session.execute(update(feed_tokens).where(same).values(values))

    def _newest_of_each(self, statement: Select[Any]) -> list[tuple[Feed, FeedAddress]]:
        """An open address counts before an ended one that was issued at the same instant."""
        found: dict[str, tuple[Feed, FeedAddress]] = {}
        for row in self._session.execute(statement):
            if row.id not in found or row.token_ended_at is None:
                found[row.id] = (_feed(row), _address(row))
        return list(found.values())


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "person_id": feed.person_id,
        "name": feed.name,
        "search": feed.search,
        "kinds": ",".join(feed.kinds),
        "detail": feed.detail.value,
        "reminders": feed.reminders.value,
        "reminder_days": ",".join(map(str, feed.reminder_days)),
        "timed": feed.timed,
        "todo": feed.todo,
        "months_ahead": feed.months_ahead,
        "colour": feed.colour,
        "created_at": feed.created_at,
        "changed_at": feed.changed_at,
    }


def _feed(row: Row[Any]) -> Feed:
    return Feed(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        search=row.search,
        kinds=tuple(MilestoneKind(kind) for kind in row.kinds.split(",") if kind),
        detail=Detail(row.detail),
        reminders=Reminders(row.reminders),
        reminder_days=tuple(map(int, row.reminder_days.split(","))),
        timed=row.timed,
        todo=row.todo,
        months_ahead=row.months_ahead,
        colour=row.colour,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


@lru_cache(maxsize=1024)
def _served(row: Row[Any]) -> tuple[Feed, FeedAddress]:
    """The same row makes the same feed, and is asked for with every fetch."""
    return _feed(row), _address(row)


def _address(row: Row[Any]) -> FeedAddress:
    return FeedAddress(
        token_sha256=row.token_token_sha256,
        feed_id=row.id,
        issued_at=row.token_issued_at,
        expires_on=row.token_expires_on,
        ended_at=row.token_ended_at,
        ended_because=row.token_ended_because,
        last_fetched_at=row.token_last_fetched_at,
        last_fetched_by=row.token_last_fetched_by,
        fetches=row.token_fetches,
    )
