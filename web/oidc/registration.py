"""What the issuer and the house know of one another, from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final = {"accounts.google.com": "Google", "login.microsoftonline.com": "Microsoft"}


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
