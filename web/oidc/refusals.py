"""What can go wrong on the way to the issuer and back, in sentences; the log says what the operator needs."""

from __future__ import annotations

from lifecycle.errors import LifecycleError


class IssuerAway(LifecycleError):
    """The issuer cannot be asked, or does not answer as OpenID Connect has it. *why* is for the operator."""

    code = "issuer-away"

    def __init__(self, name: str, why: str) -> None:
        self.why = why
        super().__init__(
            f"{name} cannot be asked at the moment who you are.",
            remedy="Try again in a minute, or sign in with a password.",
        )


class JourneyLost(LifecycleError):
    """An answer of the issuer to a question that this browser has not asked, or asked too long ago."""

    code = "sign-in-lost"

    def __init__(self, name: str) -> None:
        super().__init__(
            "This browser has begun no such sign-in, or more than ten minutes ago.",
            remedy=f"Begin again: Sign in with {name}.",
        )


class NotVouched(LifecycleError):
    """The issuer said no, or what it said does not count. *why* is for the operator."""

    code = "not-vouched"

    def __init__(self, name: str, why: str) -> None:
        self.why = why
        super().__init__(
            f"{name} has not said who you are in a way that counts here.",
            remedy="Try again; if it stays so, tell your operator.",
        )


class NotVerified(LifecycleError):
    """The issuer knows somebody, and vouches for no e-mail address of theirs."""

    code = "address-not-verified"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} does not say that your e-mail address is verified, and only such an address counts here.",
            remedy="Have it verified there; your operator finds in docs/sign-in.md what else it takes.",
        )
