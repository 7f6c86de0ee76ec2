"""Whom a ladder may ask on the other side: named for a counterparty, changed, and taken away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lifecycle.contacts import CounterpartyContact
from lifecycle.errors import LifecycleError
from lifecycle.events import ContactChanged
from lifecycle.people import is_address
from store.agreements import key_of
from store.errors import AlreadyThere, NotFound

if TYPE_CHECKING:
    from engine.monitor import Work

_NAME: Final = re.compile(r"[\w][\w .-]{0,59}")


class ContactRefused(LifecycleError):
    """A contact that cannot be."""

    code = "refused"


def name_contact(work: Work, counterparty: str, *, name: str, email: str, person: str = "") -> CounterpartyContact:
    """Say who over there is asked by a name; the same twice is once. Raises NotFound, ContactRefused."""
    told = _told(work, counterparty, name=name, email=email, person=person)
    if told not in work.contacts.of(told.counterparty_id):
        work.contacts.keep(told)
        work.record(ContactChanged(counterparty_id=told.counterparty_id, name=told.name, is_named=True))
    return told


def add_contact(work: Work, counterparty: str, *, name: str, email: str, person: str = "") -> CounterpartyContact:
    """As ``name_contact``, by a name that is nobody's yet; refused, nothing is written.

    Raises AlreadyThere, NotFound, ContactRefused.
    """
    told = _told(work, counterparty, name=name, email=email, person=person)
    known = contact_called(work, counterparty, told.name)
    if known is not None and known != told:
        raise AlreadyThere("contact", known.name, remedy="Change it, or use another name.")
    return name_contact(work, counterparty, name=name, email=email, person=person)


def contact_called(work: Work, counterparty: str, name: str) -> CounterpartyContact | None:
    """Who over there is asked by a name, ignoring case; None where it is nobody. Raises NotFound."""
    there = work.contacts.of(_known(work, counterparty))
    return next((one for one in there if key_of(one.name) == key_of(name)), None)


def drop_contact(work: Work, counterparty: str, *, name: str) -> None:
    """Nobody over there is asked by a name any more. Raises NotFound."""
    counterparty_id = _known(work, counterparty)
    if not work.contacts.drop(counterparty_id, name):
        raise NotFound(
            "contact", name, remedy="List those of the counterparty.", command=f'longstop contact list "{counterparty}"'
        )
    work.record(ContactChanged(counterparty_id=counterparty_id, name=name, is_named=False))


def _told(work: Work, counterparty: str, *, name: str, email: str, person: str) -> CounterpartyContact:
    told = CounterpartyContact(
        counterparty_id=_known(work, counterparty),
        name=" ".join(name.split()),
        email=email.strip(),
        person=" ".join(person.split())[:100],
    )
    if not _NAME.fullmatch(told.name):
        raise ContactRefused(f"{name!r} is no name for a contact.", remedy="Write one such as compliance.")
    if not is_address(told.email):
        raise ContactRefused(f"{email!r} is no mail address.", remedy="Write name@example.com.")
    return told


def _known(work: Work, counterparty: str) -> str:
    found = work.counterparties.id_of(counterparty)
    if found is None:
        raise NotFound("counterparty", counterparty, remedy="Register an agreement with it first.")
    return found
