"""Passwords: Argon2id, twelve characters at least (INTERFACE.md O2).

A wrong password and an unknown address take the same time, so nobody learns who is known here by trying.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Hashing:
    """How a house keeps passwords: Argon2id, as much work as the second recommendation of RFC 9106 (section 4)."""

    passes: int = 3
    memory: int = 64 * 1024  # KiB
    lanes: int = 4

    def hashed(self, password: str) -> str:
        """The password as it is kept."""
        return _hasher(self).hash(password)

    def is_right(self, known: str | None, password: str) -> bool:
        """Whether *password* is the one that is kept as *known*; without one as long as with one, and no."""
        from argon2.exceptions import VerificationError

        if len(password) > LONGEST:
            return False
        try:
            _hasher(self).verify(known or _nobodys(self), password)
        except VerificationError:
            return False
        return known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether it was hashed by other parameters than those of today."""
        return _hasher(self).check_needs_rehash(known)


@cache
def _hasher(work: Hashing) -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=work.passes, memory_cost=work.memory, parallelism=work.lanes)


@cache
def _nobodys(work: Hashing) -> str:
    return work.hashed("nobody has this password")
