"""Whom somebody else names by an address: a proxy, an issuer of identities, Slack.

The register knows an address by one key, whatever its case, and case folding makes one of letters that are two:
``straße@`` and ``strasse@`` are two mailboxes, which may be of two people. Whoever is let in without a password is let
in by an address that differs from the kept one in the case of plain letters alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Person


def named_person(work: Work, email: str) -> Person | None:
    """Whom the register has under this very address, also somebody who has left; None where it has nobody."""
    try:
        person = work.people.by_email(email)
    except NotFound:
        return None
    return person if person.email.encode().lower() == email.encode().lower() else None  # of bytes: A to Z alone
