"""Whether a token counts: signed by the issuer with a key of its own, for us, for this journey, and not yet over.

What it takes as a signature is a list of algorithms with a key pair:
with a shared secret (HS256) anybody who has the issuer's public key could sign, and ``none`` signs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import KeySet

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY: Final = 60  # seconds by which the issuer's clock may differ from ours


class TokenRefused(Exception):
    """A token that does not count; *why* names no more than the kind of error and the claim."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class KeyUnknown(TokenRefused):
    """It was signed by a key that is not among those that are known; the issuer may have a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What has to stand in a token. *now* is in seconds since 1970."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now: int


def keys_of(document: Mapping[str, Any]) -> KeySet:
    """The issuer's keys (RFC 7517). Raises TokenRefused where there are none."""
    from joserfc.jwk import KeySet

    try:
        return KeySet.import_key_set({"keys": [dict(one) for one in document["keys"]]})
    except Exception as error:  # noqa: BLE001 - whatever the library trips over: these are no keys
        raise TokenRefused(f"its keys cannot be read ({type(error).__name__})") from None


def claims_of(token: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """What the token claims, once everything about it is right. Raises KeyUnknown, TokenRefused."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        found = jwt.decode(token, keys, registry=registry)
        # By itself authlib takes any audience, as long as we are the authorised party.
        wanted = {
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "values": [expected.client_id]},
        }
        params = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
        claims = CodeIDToken(found.claims, found.header, wanted, params)
        claims.validate(now=expected.now, leeway=LEEWAY)
    except InvalidKeyIdError:
        raise KeyUnknown("its token is signed by a key that it does not publish") from None
    except Exception as error:  # noqa: BLE001 - whatever the library trips over: such a token does not count
        claim = getattr(error, "claim", "")
        raise TokenRefused(
            f"its token does not count ({type(error).__name__}{f': {claim}' if claim else ''})"
        ) from None
    return dict(claims)
