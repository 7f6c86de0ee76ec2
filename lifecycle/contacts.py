"""People of the other side whom a ladder may ask: by what they are there for, as playbooks name them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartyContact:
    """Somebody over there. *name* is what playbooks say: ``compliance`` of ``counterparty:compliance``."""

    counterparty_id: str
    name: str
    email: str
    person: str = ""

    @property
    def label(self) -> str:
        """``Jane Roe <jane@acme.example>``."""
        return f"{self.person} <{self.email}>" if self.person else self.email


def contact_for(name: str, known: Sequence[CounterpartyContact], counterparty_id: str) -> CounterpartyContact | None:
    """Whom ``counterparty:NAME`` means: an address itself, who is known by that name, else the only one that is."""
    if "@" in name:
        there = next((one for one in known if one.email.casefold() == name.casefold()), None)
        return there or CounterpartyContact(counterparty_id=counterparty_id, name=name, email=name)
    named = next((one for one in known if one.name.casefold() == name.casefold()), None)
    return named or (known[0] if len(known) == 1 else None)
