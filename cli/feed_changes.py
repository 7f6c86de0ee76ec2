"""What people say of feeds at the command line, as settings; whose feeds they may touch; and feeds as tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cli.acting import permitted, present
from cli.choices import chosen
from cli.errors import UsageRefused
from cli.feeds import days_before
from engine.documents.feeds import feed_document
from engine.feeds import revoke_feed, revoke_feeds
from lifecycle.feeds import Detail, Feed, Reminders
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.rights import Act, Forbidden
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.people import Person


@dataclass(frozen=True, slots=True)
class Said:
    """The settings that were said; None stays as it is."""

    search: str | None
    name: str | None
    detail: Detail | None
    kinds: list[str] | None
    reminders: Reminders | None
    reminder_days: list[int] | None
    months_ahead: int | None
    timed: bool | None
    todo: bool | None
    colour: str | None

    def on(self, feed: Feed) -> Feed:
        """*feed* with what was said. Raises UsageRefused for a kind that there is not."""
        return replace(feed, **dict(self._settings()))

    def _settings(self) -> Iterator[tuple[str, Any]]:
        for name in ("search", "name", "detail", "reminders", "months_ahead", "timed", "todo", "colour"):
            if getattr(self, name) is not None:
                yield name, getattr(self, name)
        if self.kinds:
            yield "kinds", tuple(chosen(MilestoneKind, one, "--kind") for one in self.kinds)
        if self.reminder_days:
            yield "reminder_days", days_before(self.reminder_days)


def blank(work: Work, person: Person, most: Detail) -> Feed:
    """A feed of which nothing was said yet; it tells as much as the house allows."""
    return Feed(id="", person_id=person.id, name="", detail=most, created_at=work.now, changed_at=work.now)


def reader_of(run: Run, work: Work, email: str) -> Person:
    """Whose feed it becomes: nobody but the operator makes one for somebody else, since it shows what that one sees.

    Raises UsageRefused, Forbidden, NotFound, PersonLeft.
    """
    acting = run.person(work)
    if acting is None and not email.strip():
        raise UsageRefused("Whose feed shall it be?", remedy="Say --for EMAIL, or --as EMAIL.")
    if acting is None or not email.strip():
        return acting or present(work, email)
    return _self(acting, present(work, email))


def own(run: Run, work: Work, feed_id: str) -> Feed:
    """A feed whose address or settings whoever acts may have; another's is not found. Raises NotFound."""
    feed, acting = work.feeds.get(feed_id), run.person(work)
    if acting is not None and feed.person_id != acting.id:
        raise NotFound("feed", feed_id, remedy="List them with `longstop feed list`.")
    return feed


def revoked(run: Run, work: Work, feed_id: str, email: str, *, is_all: bool) -> int:
    """End what was named: one feed, all of somebody's, or all; how many. Raises UsageRefused, NotFound, Forbidden."""
    if sum(map(bool, (feed_id, email, is_all))) != 1:
        raise UsageRefused("Which feeds shall end?", remedy="Say one of ID, --person EMAIL and --all.")
    acting = run.person(work)
    if feed_id:
        feed = work.feeds.get(feed_id)
        if acting is None or feed.person_id != acting.id:
            permitted(run, work, Act.ADMINISTER)
        return int(revoke_feed(work, feed_id))
    person = work.people.by_email(email) if email else None
    if acting is None or person is None or person.id != acting.id:
        permitted(run, work, Act.ADMINISTER)
    if is_all:
        run.confirm("End every feed of everybody?")
    return revoke_feeds(work, person.id if person else None)


def documents(run: Run, work: Work, email: str, *, with_ended: bool) -> list[dict[str, Any]]:
    """Whoever administers sees all, anybody else their own. Raises Forbidden, NotFound."""
    acting = run.person(work)
    person = work.people.by_email(email) if email else None
    if acting is not None and (person is None or person.id != acting.id):
        if person is not None:
            permitted(run, work, Act.ADMINISTER)
        elif not _administers(run, work):
            person = acting
    listed = work.feeds.listed(person.id if person else None, with_ended=with_ended)
    work.people.read(feed.person_id for feed, _ in listed)
    return [feed_document(work, feed, address) for feed, address in listed]


def show(run: Run, rows: list[dict[str, Any]]) -> None:
    """Feeds as a table."""
    from cli.render import Column

    if not rows:
        run.terminal.line("Nobody subscribes here.")
        return
    columns = (
        Column("Id"),
        *(Column(name, is_fixed=False) for name in ("Name", "For", "Search")),
        *map(Column, ("Detail", f"Fetched ({run.zone_name})", "")),
    )
    run.terminal.table(columns, [_cells(run, one) for one in rows])


def _cells(run: Run, one: dict[str, Any]) -> tuple[str, ...]:
    at = one["last_fetched_at"]
    fetched = run.local(at) if at else "never"
    return (one["id"], one["name"], one["person"], one["search"], one["detail"], fetched, one["ended_because"] or "")


def _administers(run: Run, work: Work) -> bool:
    try:
        permitted(run, work, Act.ADMINISTER)
    except Forbidden:
        return False
    return True


def _self(acting: Person, person: Person) -> Person:
    if person.id != acting.id:
        raise Forbidden(
            f"{acting.label} may not subscribe for {person.label}: a feed shows what its own reader may see.",
            remedy=f"Let {person.label} subscribe, or ask the operator of this machine.",
        )
    return person
