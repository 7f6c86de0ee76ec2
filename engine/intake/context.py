"""What an intake must know of the world: people, laws, calendars, ids. All of it comes in from outside."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import parseaddr
from typing import Protocol

from engine.intake.sharing import Sharing
from lifecycle.people import Person


class Law(Protocol):
    """What a governing law comes to: the code of its calendar and the name of its rule set."""

    @property
    def calendar(self) -> str: ...

    @property
    def rules(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeContext:
    """Whom and what a draft may name.

    *people* gives the ids of those who bear a name or an address; *counterparties* the id of a counterparty, known or
    new; *laws* what a governing law comes to, None for an unknown one; *calendars* raises LifecycleError for a code
    that is none. *teams* may stand in ``restricted_to``. *accept* names contradictions that are accepted, with the
    reason, by *accepted_by*; with *has_map* they are named in a map. *is_known* says whether a reference is in the
    register or in the same file. *sharing* is one for all rows of a file.
    """

    people: Callable[[str], Sequence[str]]
    counterparties: Callable[[str], str]
    laws: Callable[[str], Law | None]
    calendars: Callable[[str], object]
    new_id: Callable[[], str]
    is_known: Callable[[str], bool] = lambda _: True
    teams: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    registered_on: date | None = None
    today: date | None = None  # nothing that has happened lies after it; None: nobody says
    accept: Mapping[str, str] = field(default_factory=dict)
    accepted_by: str = ""
    has_map: bool = True
    sharing: Sharing = field(default_factory=Sharing)


class Directory:
    """Finds people by address or name, ignoring case; ``people`` of an IntakeContext."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._found: dict[str, list[str]] = defaultdict(list)
        for person in persons:
            for word in {person.email, person.name} - {""}:
                self._found[_key(word)].append(person.id)

    def __call__(self, text: str) -> Sequence[str]:
        """The ids of those who bear it; a name with its address ("Olga <olga@example.com>") is known by the address."""
        found = self._found.get(_key(text))
        return self._found.get(_key(parseaddr(text)[1]), ()) if found is None else found


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
