"""The first run: who holds the setup token makes the first admin, who then tells what house this is (INTERFACE.md P21).

The token lies in the data folder, readable by its owner alone, and dies with the first admin.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import time
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from engine import operations
from engine.access.entering import set_password
from engine.zones import zone
from lifecycle.errors import LifecycleError
from lifecycle.people import Person, Role
from store.codec import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from engine.monitor import House, Work

FILE: Final = "setup-token"
#: After the first admin, in this order; each can be skipped and done later.
STEPS: Final = ("organisation", "channels", "data", "people")
_CHOICES: Final = "house_choices"
_DONE: Final = "setup_done"


class SetupRefused(LifecycleError):
    """Not the token that lies in the data folder, or there is an admin already."""

    code = "setup-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the first admin has told of the house; what the settings say weighs more."""

    organisation: str = ""
    time_zone: str = ""
    calendar: str = ""
    send_at: str = ""  # 08:30

    def over(self, house: House, *, fixed: Collection[str] = ()) -> House:
        """The house as it was chosen; names in *fixed* stay."""
        told = {name: value for name, value in asdict(self).items() if value and name not in fixed}
        if "send_at" in told:
            told["send_at"] = time.fromisoformat(told["send_at"])
        return replace(house, **told)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who will be the first admin."""

    email: str
    password: str
    name: str = ""


def is_needed(work: Work) -> bool:
    """Whether nobody is there who could administer."""
    return not work.people.with_role(Role.ADMIN)


def first_admin(work: Work, newcomer: Newcomer) -> Person:
    """Make the first admin, with a password. Raises SetupRefused where there is one, PasswordRefused."""
    if not is_needed(work):
        raise SetupRefused("There is an admin already.", remedy="Sign in.")
    known = {one.email.casefold(): one for one in work.people.all()}.get(newcomer.email.casefold())
    if known is None:
        person = operations.add_person(work, Person(id="", email=newcomer.email, name=newcomer.name, role=Role.ADMIN))
    else:
        name = newcomer.name or known.name
        person = operations.change_person(work, replace(known, role=Role.ADMIN, name=name, is_disabled=False))
    set_password(work, person, newcomer.password)
    return person


def choose(work: Work, choices: Choices) -> None:
    """Keep what house this is; it holds from the next start.

    Raises UnknownCalendar, and SetupRefused for a zone or an hour that is none.
    """
    for error in wrong_of(work, choices).values():
        raise error
    work.keeping.set_fact(_CHOICES, dumps(choices))


def wrong_of(work: Work, choices: Choices) -> dict[str, LifecycleError]:
    """What of it no house can have, each by its name."""
    found: dict[str, LifecycleError] = {}
    for name, check in (("time_zone", _zone), ("calendar", work.calendar), ("send_at", _hour)):
        try:
            if text := getattr(choices, name):
                check(text)
        except LifecycleError as error:
            found[name] = error
    return found


def _zone(text: str) -> object:
    try:
        return zone(text)
    except (KeyError, ValueError, OSError):
        raise SetupRefused("There is no such time zone.", remedy="Write it like Europe/Berlin.") from None


def _hour(text: str) -> object:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise SetupRefused("That is no time of day.", remedy="Write it like 08:30.") from None


def choices_of(work: Work) -> Choices:
    """What was chosen so far."""
    kept = work.keeping.fact(_CHOICES)
    return Choices() if kept is None else loads(kept, Choices)


def pass_step(work: Work, step: str) -> None:
    """A step is done, or skipped."""
    work.keeping.set_fact(_DONE, " ".join((*_done(work), step)))


def next_step(work: Work) -> str | None:
    """The first step that was neither done nor skipped; None when the house is set up, or was without this."""
    done = _done(work)
    return next((step for step in STEPS if step not in done), None) if done else None


def begin_steps(work: Work) -> None:
    """The first admin is there: the other steps follow."""
    work.keeping.set_fact(_DONE, "admin")


def _done(work: Work) -> tuple[str, ...]:
    return tuple((work.keeping.fact(_DONE) or "").split())


class SetupToken:
    """The file in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def made(self) -> str:
        """The token, made at the first call: 256 bits. Raises OSError where the folder cannot be written."""
        if not self._path.exists():
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
        return self._path.read_text().strip()

    def is_right(self, token: str) -> bool:
        """Whether *token* is what lies there."""
        try:
            known = self._path.read_text().strip()
        except OSError:
            return False
        return bool(known) and compare_digest(known.encode(), token.strip().encode())

    def die(self) -> None:
        """It opens nothing any more."""
        self._path.unlink(missing_ok=True)
