"""Search words: ``acme owner:dana kind:notice due:<30d tag:critical is:overdue is:unverified value:>100k``.

Words without a colon must stand in the reference, title, counterparty, template, project or tags; all words must hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.agreement import AgreementKind
from lifecycle.agreements.status import Status
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from lifecycle.words import listed, shown
from store.agreements import key_of, search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

NOBODY: Final = "nobody"  # stands among the ids of owners for those that have none
_ME: Final = "me"
_DUE: Final = re.compile(r"([<>])(\d{1,4})d")
_VALUE: Final = re.compile(r"([<>])(\d+(?:\.\d+)?)([km]?)")
_THOUSANDS: Final = {"": Decimal(1), "k": Decimal(1000), "m": Decimal(1_000_000)}


class SearchRefused(LifecycleError):
    """A search word that nobody knows."""

    code = "usage"


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed: plain words, and words with a key."""

    words: tuple[str, ...] = ()
    keyed: tuple[tuple[str, str], ...] = ()
    owners: tuple[frozenset[str], ...] = ()  # of each owner: whose ids are meant; nobody's before ``with_owners``

    def says(self, key: str) -> bool:
        """Whether *key* was typed."""
        return any(name == key for name, _ in self.keyed)


NOTHING: Final = Search()


def parse_search(text: str) -> Search:
    """Take a search apart. Raises SearchRefused for a key or a value that means nothing."""
    words, keyed = [], []
    for word in text.split():
        key, colon, value = word.partition(":")
        if not colon:
            words.append(key_of(word))
        elif key not in KEYS:
            raise SearchRefused(f"There is no search word {shown(key)}.", remedy=f"Use {listed(KEYS)}.")
        else:
            _check(key, value)
            keyed.append((key, key_of(value)))
    return Search(tuple(words), tuple(keyed))


def typed_search(text: str) -> Search:
    """A search as somebody types it now: the kinds, types and states that it names exist. What is kept is only parsed.

    Raises SearchRefused.
    """
    search = parse_search(text)
    for key, value in search.keyed:
        known = _NAMES.get(key, ())
        if known and value not in known:
            raise SearchRefused(f"There is no {key}:{value}.", remedy=f"Use {listed(f'{key}:{one}' for one in known)}.")
    return search


def typed_search_of_agreements(text: str) -> Search:
    """The same where agreements are listed. Raises SearchRefused for words about deadlines too."""
    search = typed_search(text)
    wrong = [f"{key}:{value}" for key, value in search.keyed if key in _OF_MILESTONES]
    if wrong:
        verb = "is" if len(wrong) == 1 else "are"
        sentence = f"{', '.join(wrong)} {verb} about deadlines, not about agreements."
        raise SearchRefused(sentence, remedy="Ask the list of deadlines.")
    return search


def with_owners(search: Search, people: Iterable[Person], *, me: Person | None = None) -> Search:
    """*search* with the people whom ``owner:`` means: a part of a name or address.

    ``owner:nobody`` has none, or one who has left. ``owner:me`` is *me*, who reads; where nobody in particular reads,
    it is nobody that there is.
    """
    everybody = list(people)
    known = [(key_of(f"{one.name} {one.email}"), one.id) for one in everybody]
    wanted = [value for key, value in search.keyed if key == "owner"]
    special = {NOBODY: nobodys(everybody), _ME: frozenset({me.id} if me else ())}
    owners = [
        special[value] if value in special else frozenset(id_ for told, id_ in known if value in told)
        for value in wanted
    ]
    return replace(search, owners=tuple(owners))


def nobodys(people: Iterable[Person]) -> frozenset[str]:
    """Among the ids of owners those of nobody: ``NOBODY``, and of these *people* whoever has left."""
    return frozenset({NOBODY, *(one.id for one in people if one.is_disabled)})


def fits(search: Search, row: Milestone, agreement: Agreement, today: date) -> bool:
    """Whether a milestone is meant."""
    if not (_has_words(search, agreement, row.name) and _is_owned(search, row.owner_id or agreement.owner_id)):
        return False
    for key, value in search.keyed:
        if key in _OF_MILESTONES:
            if not _OF_MILESTONES[key](value, row, today):
                return False
        elif key in _OF_AGREEMENTS and not _OF_AGREEMENTS[key](value, agreement):
            return False
    return True


def fits_agreement(search: Search, agreement: Agreement) -> bool:
    """Whether an agreement is meant; words about milestones mean nothing here."""
    is_meant = _has_words(search, agreement, "") and _is_owned(search, agreement.owner_id)
    return is_meant and all(
        _OF_AGREEMENTS[key](value, agreement) for key, value in search.keyed if key in _OF_AGREEMENTS
    )


def _has_words(search: Search, agreement: Agreement, name: str) -> bool:
    if not search.words:
        return True
    told = f"{search_key(agreement)} {key_of(name)}"
    return all(word in told for word in search.words)


def _is_owned(search: Search, owner_id: str | None) -> bool:
    if not search.says("owner"):
        return True
    return bool(search.owners) and all((owner_id or NOBODY) in meant for meant in search.owners)


def _check(key: str, value: str) -> None:
    forms = {"due": (_DUE, "due:<30d"), "value": (_VALUE, "value:>100k")}
    if key in forms and not forms[key][0].fullmatch(value):
        raise SearchRefused(f"{key}:{value} says nothing.", remedy=f"Write it like {forms[key][1]}.")
    if key == "owner" and not value:
        raise SearchRefused("owner: names nobody.", remedy="Write it like owner:dana, or owner:nobody.")
    if key == "is" and value not in _IS:
        raise SearchRefused(f"There is no is:{value}.", remedy=f"Use {listed(f'is:{word}' for word in _IS)}.")


def due_limit(value: str) -> tuple[bool, int]:
    """Of ``<30d``: that it is before, and how many days from today. *value* was checked as it was parsed."""
    return value[0] == "<", int(value[1:-1])


def _is_due(value: str, row: Milestone, today: date) -> bool:
    is_before, days = due_limit(value)
    limit = today + timedelta(days=days)
    return row.safe_on < limit if is_before else row.safe_on > limit


def _is_worth(value: str, agreement: Agreement) -> bool:
    found = _VALUE.fullmatch(value)
    if found is None or agreement.value is None:
        return False
    limit = Decimal(found[2]) * _THOUSANDS[found[3]]
    return agreement.value.amount < limit if found[1] == "<" else agreement.value.amount > limit


_IS: Final[Mapping[str, Callable[[Milestone, date], bool]]] = {
    "overdue": lambda row, today: row.is_live and row.is_deadline and row.safe_on < today,
    "unverified": lambda row, _: row.is_unverified,
    "acknowledged": lambda row, _: row.state is MilestoneState.ACKNOWLEDGED,
    "snoozed": lambda row, _: row.state is MilestoneState.SNOOZED,
    "pinned": lambda row, _: row.is_pinned,
    "decided": lambda row, _: row.decision is not None,
}
_OF_MILESTONES: Final[Mapping[str, Callable[[str, Milestone, date], bool]]] = {
    "kind": lambda value, row, _: row.key.kind.value == value,
    "due": _is_due,
    "is": lambda value, row, today: _IS[value](row, today),
}
_OF_AGREEMENTS: Final[Mapping[str, Callable[[str, Agreement], bool]]] = {
    "type": lambda value, agreement: key_of(agreement.kind.value) == value,
    "status": lambda value, agreement: agreement.status.value == value,
    "counterparty": lambda value, agreement: value in key_of(agreement.counterparty),
    "tag": lambda value, agreement: value in {key_of(tag) for tag in agreement.tags},
    "parent": lambda value, agreement: key_of(agreement.parent) == value,
    "template": lambda value, agreement: value in key_of(agreement.template),
    "project": lambda value, agreement: value in key_of(agreement.project),
    "value": _is_worth,
}
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(MilestoneKind),
    "type": tuple(key_of(one) for one in AgreementKind),
    "status": tuple(Status),
}
KEYS: Final = ("owner", *_OF_MILESTONES, *_OF_AGREEMENTS)
