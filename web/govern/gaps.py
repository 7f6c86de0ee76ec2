"""Gaps as tables: what is missing, why it matters, and where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lifecycle.rights import RIGHTS, Act, Right
from notifiers.wording import capital, counted, milestone_words, silent_line
from store.queries.audits import evidence_unfollowed
from store.queries.findings import standing
from store.queries.gaps import (
    UNREACHED,
    Gap,
    OpenIncident,
    agreements_with,
    count_gaps,
    open_incidents,
    unread_feeds,
)
from store.queries.silent import silent
from web.frame.words import readable
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell

FEW: Final = 5  # rows of each gap where all gaps are shown
MOST: Final = 500  # of one gap
_TOLD_ABOVE: Final = frozenset({"no-owner", "owner-left", "no-backup", "renews-without-notice", "no-exit-plan"})
_UNREACHED: Final = "unreached"
_FEEDS: Final = "feeds"
_WENT_WRONG: Final = {
    _UNREACHED: ("Steps without recipient", "A step came and reached nobody. Name an owner, a backup or a manager."),
    "incidents": ("Open incidents", "Something went wrong and is not over."),
}
_TOLD: Final = {
    Gap.NO_OWNER: ("No owner", "Nobody answers for it: its messages go to the backup, the manager, then legal.", "red"),
    Gap.OWNER_LEFT: ("Owner has left", "The backup takes the ladder until somebody else is the owner.", "red"),
    Gap.NO_BACKUP: ("No backup", "When the owner is away, nobody stands in.", "amber"),
    Gap.NO_NOTICE_RULE: ("No notice rule", "It renews, and nobody knows by when notice must leave.", "red"),
    Gap.NO_RENEWAL_RULE: ("No renewal rule", "Nobody has said whether it renews, or when it ends.", "amber"),
    Gap.NO_EXIT_PLAN: ("No exit plan", "It is tagged critical, and nobody has planned how to leave it.", "amber"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One gap: how many there are, and the first of them."""

    key: str
    title: str
    about: str
    tone: str
    table: Table


def gaps(work: Work, viewer: Viewer, *, only: str = "", most: int = FEW) -> list[Missing]:
    """Every gap as *viewer* may see it, or only one; of each the first *most*."""
    made: list[Missing] = []
    for part in (_of_agreements, _of_silent, _of_evidence, _of_findings, _of_incidents, _of_feeds):
        made.extend(one for one in part(work, viewer, most) if only in {"", one.key})
    return made


def one_table(found: list[Missing]) -> Table:
    """All of them under one another, for a file."""
    columns = (Column("gap", "Gap"), Column("what", "What"), Column("said", "Said"))
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for row in one.table.rows:
            what, *rest = (cell.text if isinstance(cell, Link) else cell for cell in row)
            rows.append((one.title, what, " · ".join(str(cell) for cell in rest if cell not in {None, ""})))
    return Table(caption="Gaps", columns=columns, rows=tuple(rows), total=len(rows))


def _of_agreements(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    numbers = count_gaps(work, viewer.person)
    for gap, (title, about, tone) in _TOLD.items():
        found = agreements_with(work, gap, viewer.person, limit=most) if numbers[gap] else []
        work.people.read(someone for one in found for someone in (one.owner_id, one.backup_id))
        table = Table(
            caption=counted(numbers[gap], "agreement"),
            columns=(
                Column("agreement", "Agreement"),
                Column("counterparty", "Counterparty"),
                Column("status", "Status"),
                Column("owner", "Owner"),
                Column("backup", "Backup"),
            ),
            rows=tuple(_agreement(work, one) for one in found),
            total=numbers[gap],
        )
        yield Missing(key=gap.value, title=title, about=about, tone=tone, table=table)


def _agreement(work: Work, one: Agreement) -> tuple[Cell, ...]:
    names = [work.people.get(someone).label if someone else "nobody" for someone in (one.owner_id, one.backup_id)]
    title = f"{one.reference}: {one.title}" if one.title else one.reference
    return (Link(title, f"/agreements/{one.id}"), one.counterparty, readable(one.status.value), *names)


def _of_silent(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    """What is overdue and reminds nobody, oldest first."""
    ids = silent(work, viewer.person, viewer.today)
    rows = work.milestones.many(ids[:most])
    known = work.agreements.many(row.key.holder for row in rows.values())
    found = [(rows[one], known[rows[one].key.holder]) for one in ids[:most]]
    table = Table(
        caption=counted(len(ids), "deadline"),
        columns=(Column("deadline", "Deadline"), Column("agreement", "Agreement"), Column("due", "Was due")),
        rows=tuple(
            (Link(capital(milestone_words(row)), f"/deadlines/{row.id}"), one.reference, row.safe_on)
            for row, one in found
        ),
        total=len(ids),
    )
    about = f"{silent_line()} Answer it, or say that nobody has to act."
    yield Missing(key="silent", title="Overdue, and nobody is reminded", about=about, tone="red", table=table)


def _of_evidence(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    """Reports that wait for somebody, and no deadline says so any more."""
    found = evidence_unfollowed(work, viewer.person)
    table = Table(
        caption=counted(len(found), "report"),
        columns=(
            Column("report", "Report"), Column("agreement", "Agreement"), Column("state", "State"), Column("due", "Due")
        ),
        rows=tuple(
            (Link(one.what, f"/audits/{agreement.id}"), agreement.reference, readable(one.state.value), one.due_on)
            for one, agreement in found[:most]
        ),
        total=len(found),
    )  # fmt: skip
    about = "Not accepted, and its deadline is closed: nobody asks for it or for the next. Accept it, or withdraw it."
    yield Missing(key="reports", title="Reports that nobody follows", about=about, tone="amber", table=table)


def _of_findings(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    """What does not fit together between agreements; what one of them lacks is told above."""
    found = standing(work, viewer.person, but=_TOLD_ABOVE)
    known = work.agreements.many(one.about[0] for one in found[:most])
    table = Table(
        caption=counted(len(found), "finding"),
        columns=(Column("agreement", "Agreement"), Column("from", "From"), Column("text", "In words")),
        rows=tuple(
            (Link(known[one.about[0]].reference, f"/agreements/{one.about[0]}/related"), one.matters_on, one.text)
            for one in found[:most]
        ),
        total=len(found),
    )
    about = "Agreements that do not go together, as of the last daily look. Mend one, or accept it with a reason."
    yield Missing(key="findings", title="What does not fit together", about=about, tone="amber", table=table)


def _of_incidents(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    with_house = RIGHTS[Act.READ_LOG][viewer.person.role] is Right.YES
    found = open_incidents(work, viewer.person, with_house=with_house)
    for key, (title, about) in _WENT_WRONG.items():
        meant = [one for one in found if (one.kind == UNREACHED) == (key == _UNREACHED)]
        table = Table(
            caption=counted(len(meant), "incident"),
            columns=(Column("what", "What"), Column("since", "Since"), Column("text", "In words")),
            rows=tuple((_about(one), one.opened_at, one.text) for one in meant[:most]),
            total=len(meant),
        )
        yield Missing(key=key, title=title, about=about, tone="red", table=table)


def _about(one: OpenIncident) -> Cell:
    kind = readable(one.kind)
    return Link(f"{kind}: {one.agreement.reference}", f"/agreements/{one.agreement.id}") if one.agreement else kind


def _of_feeds(work: Work, viewer: Viewer, most: int) -> Iterator[Missing]:
    of_all = viewer.may(Act.ADMINISTER)
    where = "/subscribe/all" if of_all else "/subscribe"
    found = unread_feeds(work, None if of_all else viewer.person.id)
    table = Table(
        caption=counted(len(found), "feed"),
        columns=(
            Column("feed", "Feed"),
            Column("person", "Of"),
            Column("last_read", "Last read"),
            Column("made", "Address made"),
        ),
        rows=tuple(
            (Link(one.name, where), one.owner, one.last_fetched_at or "never", one.issued_at) for one in found[:most]
        ),
        total=len(found),
    )
    about = "No calendar has asked for it in 30 days: whoever relies on it sees nothing."
    yield Missing(key=_FEEDS, title="Feeds unread for 30 days", about=about, tone="amber", table=table)
