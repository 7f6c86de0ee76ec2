"""What a doctor looks at in the company's own sign-in: whether the issuer answers, and how its tokens are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.examined import BAD, OK, Examined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from engine.clock import Clock

_NAME: Final = "sign-in"


def sign_in_examined(settings: Settings, clock: Clock, *, is_offline: bool) -> Iterator[Examined]:
    """The discovery document and the keys of the issuer; nothing where there is none."""
    from cli.doors import issuer

    found = issuer(settings, clock)
    if found is None:
        return
    if is_offline:
        yield Examined(_NAME, OK, f"{found.name}, not asked")
        return
    from web.oidc.refusals import IssuerAway
    from web.oidc.tokens import ALGORITHMS

    try:
        doors, keys = found.doors(), list(found.keys())
    except IssuerAway as error:
        remedy = "Look at LONGSTOP_OIDC_ISSUER and at the way there; docs/sign-in.md says how issuers write it."
        yield Examined(_NAME, BAD, f"{found.name}: {error.why}", remedy)
        return
    signs = doors.get("id_token_signing_alg_values_supported")
    if isinstance(signs, list) and not set(ALGORITHMS) & {one for one in signs if isinstance(one, str)}:
        remedy = f"Let it sign with one of {', '.join(ALGORITHMS)}."
        yield Examined(_NAME, BAD, f"{found.name} signs its tokens with nothing that counts here", remedy)
        return
    numbered = "1 key" if len(keys) == 1 else f"{len(keys)} keys"
    told = f"{found.name} answers, with {numbered}; it has to know {found.registration.back_to}"
    yield Examined(_NAME, OK, told)
