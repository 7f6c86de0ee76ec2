"""Asking the issuer: what it answers is a JSON object, or it is away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from notifiers.outgoing import NotAllowed, NotReached
from web.oidc.refusals import IssuerAway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notifiers.outgoing import Answer, Caller

JSON: Final = {"Accept": "application/json"}
FORM: Final = JSON | {"Content-Type": "application/x-www-form-urlencoded"}
#: What issuers answer that operators can mend (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
_ERRORS: Final = frozenset({
    "access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_client",
    "invalid_grant", "invalid_request", "invalid_scope", "login_required", "server_error", "temporarily_unavailable",
    "unauthorized_client", "unsupported_grant_type", "unsupported_response_type",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wire:
    """To the issuer that people call *name*; what is asked there is named for the operator."""

    name: str
    caller: Caller

    def get(self, what: str, url: str, headers: Mapping[str, str] = JSON) -> dict[str, Any]:
        """The document that lies there. Raises IssuerAway."""
        return self.document(what, self._asked(what, lambda: self.caller.get(url, headers)))

    def post(self, what: str, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """What it answers. Raises IssuerAway."""
        return self._asked(what, lambda: self.caller.post(url, body.encode(), headers))

    def document(self, what: str, answer: Answer) -> dict[str, Any]:
        """The document that it has answered. Raises IssuerAway."""
        if answer.status != 200:
            raise IssuerAway(self.name, f"its {what} answered with status {answer.status}")
        told = read(answer)
        if told is None:
            raise IssuerAway(self.name, f"its {what} is no JSON object, or longer than 64 kB")
        return told

    def _asked(self, what: str, ask: Callable[[], Answer | None]) -> Answer:
        try:
            answer = ask()
        except (NotAllowed, NotReached) as error:
            raise IssuerAway(self.name, f"its {what}: {error.why}") from None
        if answer is None:
            raise IssuerAway(self.name, f"its {what} was not asked")
        return answer


def read(answer: Answer) -> dict[str, Any] | None:
    """The JSON object that it is; None for anything else."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def error_of(told: Mapping[str, Any]) -> str:
    """What it answered, if that is a word that issuers have for it: anything else may be anything."""
    said = told.get("error")
    return said if isinstance(said, str) and said in _ERRORS else "nothing that is known"
