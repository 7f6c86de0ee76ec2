"""Passwords: Argon2id, twelve characters at least (INTERFACE.md O2).

A wrong password and an unknown address take the same time, so nobody learns who is known here by trying.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 12
LONGEST: Final = 1024  # characters: hashing more would be work for whoever wants to keep us busy


class PasswordRefused(LifecycleError):
    """A password that is too easily found, or too long to be one."""

    code = "password-refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"That password cannot be taken: {why}.", remedy=f"Take {SHORTEST} characters or more.")


def checked(password: str, *, email: str = "") -> str:
    """*password*, if it may be one. Raises PasswordRefused."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"it has fewer than {SHORTEST} characters")
    if len(password) > LONGEST:
        raise PasswordRefused(f"it has more than {LONGEST} characters")
    if len(set(password)) < 4:
        raise PasswordRefused("it is the same few characters over and over")
    if email and password.casefold() == email.casefold():
        raise PasswordRefused("it is the e-mail address")
    return password


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _hasher().hash(password)


def is_right(known: str | None, password: str) -> bool:
    """Whether *password* is the one that is kept as *known*; without one as long as with one, and no."""
    from argon2.exceptions import VerificationError

    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(known or _nobodys(), password)
    except VerificationError:
        return False
    return known is not None


def is_outdated(known: str) -> bool:
    """Whether it was hashed by weaker parameters than those of today."""
    return _hasher().check_needs_rehash(known)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # Argon2id by the second recommendation of RFC 9106


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
