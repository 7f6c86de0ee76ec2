"""Which agreements have to be looked at together for findings, what has changed since, and what stands.

Agreements hang together by counterparty, by the one that another hangs on, and by what several cover: what is found
about one can speak of no other. So the register is looked at group by group, and only those that were touched.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from store.agreements import key_of
from store.queries import hidden
from store.schema import agreements, asset_agreements, events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lifecycle.people import Person
    from store.findings import KeptFinding
    from store.unit_of_work import UnitOfWork

#: Events about no agreement after which anything may be found, or found no more.
_OF_ALL: Final = (
    "PersonDisabled", "PersonChanged", "PersonAdded", "PlaybookApplied", "AssetAdded", "AssetChanged", "ContactChanged",
)  # fmt: skip
_AT_ONCE: Final = 200  # agreements: as many as an import takes into one transaction


class Touched(NamedTuple):
    """What has happened since a position: to which agreements; *is_all*: something that may concern all of them."""

    until: int  # the position of the newest event
    agreement_ids: frozenset[str]
    is_all: bool


def groups(work: UnitOfWork) -> list[list[str]]:
    """The ids of the agreements that are no archive, in groups that hang together; each by reference."""
    columns = (agreements.c.id, agreements.c.reference_key, agreements.c.counterparty_id, agreements.c.parent)
    rows = work.session.execute(select(*columns).where(~agreements.c.is_archived)).all()
    joined = _Joined()
    for row in sorted(rows, key=lambda one: one.reference_key):
        joined.join(row.id, f"c:{row.counterparty_id}")
        joined.join(row.id, f"r:{row.reference_key}")
        if row.parent:
            joined.join(row.id, f"r:{key_of(row.parent)}")
    there = {row.id for row in rows}
    for row in work.session.execute(select(asset_agreements)):
        if row.agreement_id in there:
            joined.join(row.agreement_id, f"a:{row.asset_id}")
    return joined.groups([row.id for row in sorted(rows, key=lambda one: one.reference_key)])


def batches(found: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Groups that are looked at together: what is asked for each agreement is asked once for all of a batch.

    A group is never parted, so a batch holds more than ``_AT_ONCE`` agreements where a group does.
    """
    batch: list[Sequence[str]] = []
    held = 0
    for group in found:
        if batch and held + len(group) > _AT_ONCE:
            yield batch
            batch, held = [], 0
        batch.append(group)
        held += len(group)
    if batch:
        yield batch


def touched_since(work: UnitOfWork, position: int) -> Touched:
    """What findings may be other ones after the events behind *position*."""
    until = work.log.head()[0]
    newer = (events.c.position > position) & (events.c.position <= until)
    is_all = select(func.count()).where(newer, events.c.type.in_(_OF_ALL))
    ids = select(events.c.agreement_id).where(newer, events.c.agreement_id.is_not(None)).distinct()
    found = frozenset(work.session.execute(ids).scalars())
    return Touched(until, found, bool(work.session.execute(is_all).scalar()))


def standing(work: UnitOfWork, person: Person | None, *, but: Collection[str] = ()) -> list[KeptFinding]:
    """What stood at the last look and was accepted by nobody, as far as *person* may see all that it speaks of.

    *but* are codes that are told elsewhere.
    """
    unseen = hidden(work.session, person)
    return [one for one in work.findings.standing() if one.code not in but and unseen.isdisjoint(one.about)]


class _Joined:
    """Things that are joined to one another, directly or by others."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        self._of[self._first(one)] = self._first(other)

    def groups(self, wanted: Iterable[str]) -> list[list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for one in wanted:
            found[self._first(one)].append(one)
        return list(found.values())

    def _first(self, one: str) -> str:
        root = one
        while self._of.setdefault(root, root) != root:
            root = self._of[root]
        while self._of[one] != root:  # the next time it is found at once
            self._of[one], one = root, self._of[one]
        return root


def only_touched(found: Sequence[list[str]], touched: Touched) -> list[list[str]]:
    """The groups in which something may be found that was not, or no more."""
    if touched.is_all:
        return list(found)
    return [group for group in found if not touched.agreement_ids.isdisjoint(group)]
