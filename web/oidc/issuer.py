"""The issuer: its doors and keys, the way there, and what it says when somebody comes back (OpenID Connect Core 1.0).

1. Its doors stand in its discovery document, its keys where that says; all of them encrypted, as the issuer itself is.
2. A browser is sent there with a state, a nonce and a challenge (RFC 7636) that belong to its journey.
3. The code that it brings back is changed for a token, with the secret of the house and the journey's verifier.
4. The token counts by ``web.oidc.tokens``. An address that it lacks is asked for at the door for that, with the same
   subject; it counts only if the issuer says that it is verified.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, urlsplit

from engine.access.vouched import Vouched
from lifecycle.people import is_address
from notifiers.outgoing import NotAllowed, NotReached
from web.oidc.kept import Kept
from web.oidc.refusals import IssuerAway, NotVerified, NotVouched
from web.oidc.tokens import Expected, KeyUnknown, TokenRefused, claims_of, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from joserfc.jwk import KeySet

    from engine.clock import Clock
    from notifiers.outgoing import Answer, Caller
    from web.oidc.journey import Journey

SCOPE: Final = "openid email profile"
_NAMES: Final = {"accounts.google.com": "Google", "login.microsoftonline.com": "Microsoft"}
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_JSON: Final = {"Accept": "application/json"}
_FORM: Final = _JSON | {"Content-Type": "application/x-www-form-urlencoded"}
#: What issuers answer that operators can mend (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
_ERRORS: Final = frozenset({
    "access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_client",
    "invalid_grant", "invalid_request", "invalid_scope", "login_required", "server_error", "temporarily_unavailable",
    "unauthorized_client", "unsupported_grant_type", "unsupported_response_type",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the issuer and the house know of one another. *roles* maps groups to roles; the first that fits counts."""

    issuer: str  # without a slash at its end
    client_id: str
    client_secret: str = field(repr=False)
    back_to: str  # where the issuer sends people back with a code
    home: str  # where it sends them once they have signed out there
    role_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.issuer).hostname or ""

    @property
    def name(self) -> str:
        """How people call it."""
        return _NAMES.get(self.host, self.host)


class Issuer:
    """See the module. One for the whole process: what it has fetched serves everybody."""

    def __init__(self, registration: Registration, caller: Caller, clock: Clock) -> None:
        self.registration = registration
        self._caller = caller
        self._doors = Kept(registration.name, self._fetch_doors, clock.elapsed)
        self._keys = Kept(registration.name, self._fetch_keys, clock.elapsed)

    @property
    def name(self) -> str:
        return self.registration.name

    def doors(self) -> Mapping[str, Any]:
        """The discovery document, as far as it was looked at. Raises IssuerAway."""
        return self._doors.get()

    def keys(self) -> KeySet:
        """The keys that sign tokens. Raises IssuerAway."""
        return self._keys.get()

    def way_in(self, journey: Journey, key: str) -> str:
        """Where a browser goes to say who it is. Raises IssuerAway."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        found: str = prepare_grant_uri(
            self.doors()["authorization_endpoint"],
            client_id=self.registration.client_id,
            response_type="code",
            redirect_uri=self.registration.back_to,
            scope=SCOPE,
            state=journey.state(key),
            nonce=journey.nonce(key),
            code_challenge=create_s256_code_challenge(journey.verifier(key)),
            code_challenge_method="S256",
        )
        return found

    def way_out(self, email: str) -> str:
        """Where a browser signs out at the issuer too (RP-Initiated Logout 1.0); "" where there is no such door."""
        from authlib.common.urls import add_params_to_uri

        try:
            door = self.doors().get("end_session_endpoint")
        except IssuerAway:
            return ""
        told = {"client_id": self.registration.client_id, "post_logout_redirect_uri": self.registration.home}
        found: str = add_params_to_uri(door, told | {"logout_hint": email}) if door else ""
        return found

    def vouched(self, answer: Mapping[str, str], journey: Journey, key: str, now: int) -> Vouched:
        """For whom the issuer vouches who came back with *answer*. Raises IssuerAway, NotVouched, NotVerified."""
        self._must_be_its_own(answer)
        tokens = self._tokens(answer["code"], journey.verifier(key))
        access_token = str(tokens.get("access_token", ""))
        expected = Expected(
            issuer=self.doors()["issuer"],
            client_id=self.registration.client_id,
            nonce=journey.nonce(key),
            access_token=access_token,
            now=now,
        )
        claims = self._claims(str(tokens.get("id_token", "")), expected)
        return self._vouched(self._completed(claims, access_token))

    # -- what it said ------------------------------------------------------------------------------------------------

    def _must_be_its_own(self, answer: Mapping[str, str]) -> None:
        """It is a code, and from this issuer where issuers say so (RFC 9207)."""
        doors = self.doors()
        says_who = doors.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if says_who else doors["issuer"]) != doors["issuer"]:
            raise NotVouched(self.name, "another issuer answered")
        if not answer.get("code"):
            raise NotVouched(self.name, f"it answered {_error(answer)}")

    def _tokens(self, code: str, verifier: str) -> Mapping[str, Any]:
        """What it gives for a code."""
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        door, method = self.doors()["token_endpoint"], self._method()
        body = prepare_token_request(
            "authorization_code", redirect_uri=self.registration.back_to, code=code, code_verifier=verifier
        )
        given = (self.registration.client_id, self.registration.client_secret)
        if method == "client_secret_basic":
            given = (quote_plus(given[0]), quote_plus(given[1]))  # RFC 6749, 2.3.1, which authlib leaves to its caller
        _, headers, body = ClientAuth(*given, auth_method=method).prepare("POST", door, dict(_FORM), body)
        answer = self._asked("token endpoint", lambda: self._caller.post(door, body.encode(), headers))
        if 400 <= answer.status < 500:
            raise NotVouched(self.name, f"its token endpoint answered {_error(_read(answer) or {})}")
        return self._document("token endpoint", answer)

    def _method(self) -> str:
        """How the house says who it is: in the form where that is taken, since nothing in it is read in two ways."""
        taken = self.doors().get("token_endpoint_auth_methods_supported")
        in_form = isinstance(taken, list) and "client_secret_post" in taken
        return "client_secret_post" if in_form else "client_secret_basic"

    def _claims(self, token: str, expected: Expected) -> dict[str, Any]:
        """What the token says; its key may be newer than the keys that are kept."""
        try:
            try:
                return claims_of(token, self.keys(), expected)
            except KeyUnknown:
                return claims_of(token, self._keys.get(anew=True), expected)
        except TokenRefused as error:
            raise NotVouched(self.name, error.why) from None

    def _completed(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """With what many issuers say only where they are asked for it (OpenID Connect Core, 5.3 and 5.4)."""
        wanted = {"email"} | ({self.registration.role_claim} if self.registration.roles else set())
        door = self.doors().get("userinfo_endpoint")
        can_ask = door and access_token and access_token.isascii() and access_token.isprintable()
        if wanted <= claims.keys() or not can_ask:
            return claims
        headers = _JSON | {"Authorization": f"Bearer {access_token}"}
        told = self._document("userinfo endpoint", self._asked("userinfo", lambda: self._caller.get(door, headers)))
        if told.get("sub") != claims["sub"]:
            raise NotVouched(self.name, "its userinfo endpoint spoke of somebody else")
        return {**told, **claims}

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        email = claims.get("email")
        if not isinstance(email, str) or not is_address(email) or not _is_verified(claims):
            raise NotVerified(self.name)
        groups = claims.get(self.registration.role_claim, ())
        found = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        return Vouched(self.registration.host, email, frozenset(one for one in found if isinstance(one, str)))

    # -- asking ------------------------------------------------------------------------------------------------------

    def _fetch_doors(self) -> Mapping[str, Any]:
        issuer = self.registration.issuer
        told = self._fetched("discovery document", f"{issuer}/.well-known/openid-configuration")
        if told.get("issuer") not in {issuer, f"{issuer}/"}:
            raise IssuerAway(self.name, "its discovery document is that of another issuer")
        doors = {name: value for name, value in told.items() if not name.endswith("_endpoint") or self._is_door(value)}
        missing = [name for name in _NEEDED if not self._is_door(doors.get(name))]
        if missing:
            raise IssuerAway(self.name, f"its discovery document names no {missing[0]} that can be used")
        return doors

    def _fetch_keys(self) -> KeySet:
        try:
            return keys_of(self._fetched("keys", self.doors()["jwks_uri"]))
        except TokenRefused as error:
            raise IssuerAway(self.name, error.why) from None

    def _is_door(self, url: object) -> bool:
        """Encrypted, as the issuer is."""
        schemes = {"https", urlsplit(self.registration.issuer).scheme}
        try:
            return isinstance(url, str) and urlsplit(url).scheme in schemes and bool(urlsplit(url).hostname)
        except ValueError:
            return False

    def _fetched(self, what: str, url: str) -> dict[str, Any]:
        return self._document(what, self._asked(what, lambda: self._caller.get(url, _JSON)))

    def _asked(self, what: str, ask: Callable[[], Answer | None]) -> Answer:
        try:
            answer = ask()
        except (NotAllowed, NotReached) as error:
            raise IssuerAway(self.name, f"its {what}: {error.why}") from None
        if answer is None:
            raise IssuerAway(self.name, f"its {what} was not asked")
        return answer

    def _document(self, what: str, answer: Answer) -> dict[str, Any]:
        if answer.status != 200:
            raise IssuerAway(self.name, f"its {what} answered with status {answer.status}")
        told = _read(answer)
        if told is None:
            raise IssuerAway(self.name, f"its {what} is no JSON object, or longer than 64 kB")
        return told


def _read(answer: Answer) -> dict[str, Any] | None:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _error(told: Mapping[str, Any]) -> str:
    """What it answered, if that is a word that issuers have for it: anything else may be anything."""
    said = told.get("error")
    return said if isinstance(said, str) and said in _ERRORS else "nothing that is known"


def _is_verified(claims: Mapping[str, Any]) -> bool:
    """``email_verified``; Microsoft says ``xms_edov`` instead. Some write the truth as text."""
    said = claims.get("email_verified", claims.get("xms_edov"))
    return str(said).lower() in {"true", "1"}
