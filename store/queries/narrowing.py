"""Search words as conditions of a question, so that what is not meant need not be read.

A condition lets through all that ``store.queries.search.fits`` accepts, and for some words more: what comes back is
still looked at by ``fits``. ``is_exact`` says for which searches it lets through nothing else, and so may be counted.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, false, or_, select

from lifecycle.agreements.agreement import AgreementKind
from lifecycle.milestones.milestone import LIVE, MilestoneState
from store.agreements import key_of
from store.queries.letters import has_other_letters
from store.queries.search import NOBODY, due_limit
from store.schema import agreements, counterparties, milestones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from sqlalchemy.sql import ColumnElement

    from store.queries.search import Search

_EXACT: Final = frozenset({"owner", "kind", "due", "status", "type", "counterparty"})
_ROUGH: Final = frozenset({"tag", "parent", "template", "project", "value"})  # let through more than is meant
_EXACT_IS: Final = frozenset({"overdue", "unverified", "acknowledged", "snoozed"})
_NAMED: Final = '"name":"'  # how a milestone with a name of its own reads in its document
_KINDS: Final = {key_of(kind.value): kind.value for kind in AgreementKind}


def is_exact(search: Search) -> bool:
    """Whether the conditions let through nothing but what is meant."""
    return not search.words and all(value in _EXACT_IS if key == "is" else key in _EXACT for key, value in search.keyed)


def conditions(search: Search, today: date) -> Iterator[ColumnElement[bool]]:
    """Conditions on ``milestones``; the owners of *search* are known (``with_owners``)."""
    for word in search.words:
        yield or_(_of_agreement(agreements.c.search_key.contains(word, autoescape=True)), _named(word))
    for meant in search.owners:
        yield owned(meant)
    for key, value in search.keyed:
        if key in _MILESTONE:
            yield _MILESTONE[key](value, today)
        elif key in _AGREEMENT:
            yield _of_agreement(_AGREEMENT[key](value))


def agreement_conditions(search: Search) -> Iterator[ColumnElement[bool]]:
    """Conditions on ``agreements``; the owners of *search* are known. Words about milestones mean nothing here."""
    for word in search.words:
        yield agreements.c.search_key.contains(word, autoescape=True)
    for meant in search.owners:
        people = agreements.c.owner_id.in_(sorted(meant - {NOBODY}))
        yield or_(people, agreements.c.owner_id.is_(None)) if NOBODY in meant else people
    for key, value in search.keyed:
        if key in _AGREEMENT:
            yield _AGREEMENT[key](value)


def is_exact_of_agreements(search: Search) -> bool:
    """Whether ``agreement_conditions`` let through nothing but what is meant."""
    return not any(key in _ROUGH for key, _ in search.keyed)


def owned(ids: frozenset[str]) -> ColumnElement[bool]:
    """What people with these ids answer for; ``NOBODY`` among them: what nobody does."""
    mine, theirs = milestones.c.owner_id, agreements.c.owner_id
    people = sorted(ids - {NOBODY})
    found = [mine.in_(people), and_(mine.is_(None), _of_agreement(theirs.in_(people)))] if people else []
    if NOBODY in ids:
        found.append(and_(mine.is_(None), _of_agreement(theirs.is_(None))))
    return or_(*found) if found else false()


def _of_agreement(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return milestones.c.agreement_id.in_(select(agreements.c.id).where(condition))


def _named(word: str) -> ColumnElement[bool]:
    """A name of its own that may have *word* in it: of plain letters it is looked for, others have many forms."""
    if not word.isascii():
        return _has(_NAMED)
    written = json.dumps(word)[1:-1]  # as it reads in a document
    is_there = milestones.c.doc.icontains(written, autoescape=True)
    return and_(_has(_NAMED), or_(is_there, has_other_letters(milestones.c.doc)))


def _has(part: str) -> ColumnElement[bool]:
    return milestones.c.doc.contains(part, autoescape=True)


def _due(value: str, today: date) -> ColumnElement[bool]:
    is_before, days = due_limit(value)
    limit = today + timedelta(days=days)
    return milestones.c.safe_on < limit if is_before else milestones.c.safe_on > limit


def _is(value: str, today: date) -> ColumnElement[bool]:
    match value:
        case "overdue":
            live = milestones.c.state.in_(sorted(LIVE))
            return and_(milestones.c.safe_on < today, milestones.c.is_deadline, live)
        case "unverified":
            return ~milestones.c.is_verified
        case "acknowledged" | "snoozed":
            return milestones.c.state == MilestoneState(value)
        case "pinned":
            return _has('"is_pinned":true')
        case _:
            return _has('"decision":{')


def _with(name: str) -> ColumnElement[bool]:
    ids = select(counterparties.c.id).where(counterparties.c.name_key.contains(name, autoescape=True))
    return agreements.c.counterparty_id.in_(ids)


_MILESTONE: Final[Mapping[str, Callable[[str, date], ColumnElement[bool]]]] = {
    "kind": lambda value, _: milestones.c.kind == value,
    "due": _due,
    "is": _is,
}
_AGREEMENT: Final[Mapping[str, Callable[[str], ColumnElement[bool]]]] = {
    "status": lambda value: agreements.c.status == value,
    "type": lambda value: agreements.c.kind == _KINDS.get(value, ""),
    "counterparty": _with,
    "tag": lambda value: agreements.c.search_key.contains(value, autoescape=True),
    "template": lambda value: agreements.c.search_key.contains(value, autoescape=True),
    "project": lambda value: agreements.c.search_key.contains(value, autoescape=True),
    "parent": lambda value: agreements.c.parent != "" if value else agreements.c.parent == "",
    "value": lambda _: agreements.c.doc.contains('"amount":', autoescape=True),
}
