"""The issuer: its doors and keys, the way there, and what it says when somebody comes back (OpenID Connect Core 1.0).

1. Its doors stand in its discovery document, its keys where that says; all of them encrypted, as the issuer itself is.
2. A browser is sent there with a state, a nonce and a challenge (RFC 7636) that belong to its journey.
3. The code that it brings back is changed for a token, with the secret of the house and the journey's verifier.
4. The token counts by ``web.oidc.tokens``. An address that it lacks is asked for at the door for that, with the same
   subject; it counts only if the issuer says that it is verified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, urlsplit

from engine.access.vouched import Vouched
from lifecycle.people import is_address
from web.oidc.kept import Kept
from web.oidc.refusals import IssuerAway, NotVerified, NotVouched
from web.oidc.tokens import Expected, KeyUnknown, TokenRefused, claims_of, keys_of
from web.oidc.wire import FORM, JSON, Wire, error_of, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import KeySet

    from engine.clock import Clock
    from notifiers.outgoing import Caller
    from web.oidc.journey import Journey
    from web.oidc.registration import Registration

SCOPE: Final = "openid email profile"
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OF_ADDRESS: Final = frozenset({"email", "email_verified", "xms_edov"})


class Issuer:
    """See the module. One for the whole process: what it has fetched serves everybody."""

    def __init__(self, registration: Registration, caller: Caller, clock: Clock) -> None:
        self.registration = registration
        self._wire = Wire(registration.name, caller)
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
        access_token = str(tokens.get("access_token") or "")
        expected = Expected(
            issuer=self.doors()["issuer"],
            client_id=self.registration.client_id,
            nonce=journey.nonce(key),
            access_token=access_token,
            now=now,
        )
        claims = self._claims(str(tokens.get("id_token") or ""), expected)
        return self._vouched(self._completed(claims, access_token))

    # -- what it said ------------------------------------------------------------------------------------------------

    def _must_be_its_own(self, answer: Mapping[str, str]) -> None:
        """It is a code, and from this issuer where issuers say so (RFC 9207)."""
        doors = self.doors()
        says_who = doors.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if says_who else doors["issuer"]) != doors["issuer"]:
            raise NotVouched(self.name, "another issuer answered")
        if not answer.get("code"):
            raise NotVouched(self.name, f"it answered {error_of(answer)}")

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
        _, headers, body = ClientAuth(*given, auth_method=method).prepare("POST", door, dict(FORM), body)
        answer = self._wire.post("token endpoint", door, body, headers)
        if 400 <= answer.status < 500:
            raise NotVouched(self.name, f"its token endpoint answered {error_of(read(answer) or {})}")
        return self._wire.document("token endpoint", answer)

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
        fits_in_a_header = bool(access_token) and access_token.isascii() and access_token.isprintable()
        if wanted <= claims.keys() or not door or not fits_in_a_header:
            return claims
        told = self._wire.get("userinfo endpoint", door, JSON | {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims["sub"]:
            raise NotVouched(self.name, "its userinfo endpoint spoke of somebody else")
        return _together(claims, told)

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        email = claims.get("email")
        if not isinstance(email, str) or not is_address(email) or not _is_verified(claims):
            raise NotVerified(self.name)
        groups = claims.get(self.registration.role_claim, ())
        found = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        return Vouched(self.registration.host, email, frozenset(one for one in found if isinstance(one, str)))

    # -- what it has published -----------------------------------------------------------------------------------------

    def _fetch_doors(self) -> Mapping[str, Any]:
        issuer = self.registration.issuer
        told = self._wire.get("discovery document", f"{issuer}/.well-known/openid-configuration")
        if str(told.get("issuer")).removesuffix("/") != issuer:
            raise IssuerAway(self.name, "its discovery document is that of another issuer")
        doors = {name: value for name, value in told.items() if not name.endswith("_endpoint") or self._is_door(value)}
        missing = [name for name in _NEEDED if not self._is_door(doors.get(name))]
        if missing:
            raise IssuerAway(self.name, f"its discovery document names no {missing[0]} that can be used")
        return doors

    def _fetch_keys(self) -> KeySet:
        try:
            return keys_of(self._wire.get("keys", self.doors()["jwks_uri"]))
        except TokenRefused as error:
            raise IssuerAway(self.name, error.why) from None

    def _is_door(self, url: object) -> bool:
        """Encrypted, as the issuer is."""
        schemes = {"https", urlsplit(self.registration.issuer).scheme}
        try:
            return isinstance(url, str) and urlsplit(url).scheme in schemes and bool(urlsplit(url).hostname)
        except ValueError:
            return False


def _together(claims: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What the token claims, and then what was told beside it; an address with what is said of that very address."""
    source = claims if "email" in claims else told
    others = {name: value for name, value in {**told, **claims}.items() if name not in _OF_ADDRESS}
    return others | {name: source[name] for name in _OF_ADDRESS & source.keys()}


def _is_verified(claims: Mapping[str, Any]) -> bool:
    """``email_verified``; Microsoft says ``xms_edov`` instead. Some write the truth as text."""
    said = claims.get("email_verified", claims.get("xms_edov"))
    return str(said).lower() in {"true", "1"}
