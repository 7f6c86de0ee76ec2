"""Signed links: who was told what, in a form that nobody else can write (INTERFACE.md H9).

A link opens one deadline for the one person to whom it was sent. It says which revision and stage they were told of,
and it is shown by anybody's click: only the form on its page acts, and that form is signed as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import astuple, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from itsdangerous import BadData, Signer

from lifecycle.errors import LifecycleError

#: How long a link works after the last safe day.
VALID_FOR: Final = timedelta(days=30)
_LINK_SALT: Final = "longstop.act"
_FORM_SALT: Final = "longstop.act.form"
_DIGESTS_SALT: Final = "longstop.digests"
_UPLOAD_SALT: Final = "longstop.upload"


class Operation(StrEnum):
    """What can be answered from a message."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    DONE = "done"
    DECIDE = "decide"
    ASSIGN = "assign"
    NOT_ME = "not-me"  # the link was opened by somebody else


class UnknownLink(LifecycleError):
    """A link, or a form, that nobody here has signed."""

    code = "unknown-link"

    def __init__(self) -> None:
        super().__init__(
            "This link is not known here.",
            remedy="It may have been cut off: open it whole, from the newest message. If that does not help, sign in "
            "and do there what you meant to do here.",
        )


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What a link says: the deadline, the person it was sent to, and what they were told."""

    milestone_id: str
    person_id: str
    revision: int
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ShownForm:
    """What the form of a page says: of which link, how the deadline stood, and when (microseconds UTC)."""

    link: str
    generation: int
    shown_at: int
    asks: str


class Links:
    """Signs and reads links. *base_url* is the address that people open, without a slash at its end."""

    def __init__(self, secret: str, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._links = _Seal(secret, _LINK_SALT)
        self._forms = _Seal(secret, _FORM_SALT)
        self._digests = _Seal(secret, _DIGESTS_SALT)
        self._uploads = hmac.digest(secret.encode(), _UPLOAD_SALT.encode(), "sha256")

    def token(self, link: ActionLink) -> str:
        """The last part of a link's path."""
        return self._links.dumps(astuple(link))

    def url(self, link: ActionLink) -> str:
        """The address of a link; ``?do=FORM`` behind it lets that form lie open on its page."""
        return f"{self._base_url}/act/{self.token(link)}"

    def read(self, token: str) -> ActionLink:
        """What a link says. Raises UnknownLink."""
        try:
            milestone_id, person_id, revision, stage = self._links.loads(token)
            return ActionLink(str(milestone_id), str(person_id), int(revision), str(stage))
        except (BadData, TypeError, ValueError):
            raise UnknownLink from None

    def digests_url(self, person_id: str) -> str:
        """Where somebody switches their digests off, and on again."""
        return f"{self._base_url}/digests/{self._digests.dumps(person_id)}"

    def read_digests(self, token: str) -> str:
        """Whose digests a link is about: a person's id. Raises UnknownLink."""
        try:
            return str(self._digests.loads(token))
        except (BadData, ValueError):
            raise UnknownLink from None

    def upload_token(self, request_id: str, asked: str) -> str:
        """What the link of a request says that was *asked* so: always the same, and nobody else can make it."""
        made = hmac.digest(self._uploads, json.dumps([request_id, asked]).encode(), "sha256")
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    def nonce(self, token: str, *, generation: int, shown_at: int, asks: str = "") -> str:
        """What the page of a link gives its form to prove that it was shown."""
        return self._forms.dumps(astuple(ShownForm(_named(token), generation, shown_at, asks)))

    def read_nonce(self, token: str, nonce: str) -> ShownForm:
        """What the form of a link's page says. Raises UnknownLink, also for the form of another link."""
        try:
            link, generation, shown_at, asks = self._forms.loads(nonce)
            form = ShownForm(str(link), int(generation), int(shown_at), str(asks))
        except (BadData, TypeError, ValueError):
            raise UnknownLink from None
        if form.link != _named(token):
            raise UnknownLink
        return form


class _Seal:
    """Values in an address, signed under a salt. The key is derived once: a night's mails carry thousands of links."""

    def __init__(self, secret: str, salt: str) -> None:
        key = hmac.digest(secret.encode(), salt.encode(), "sha256")
        self._signer = Signer(key, key_derivation="none", digest_method=hashlib.sha256)

    def dumps(self, said: Any) -> str:  # noqa: ANN401 - whatever JSON holds
        text = json.dumps(said, separators=(",", ":")).encode()
        return self._signer.sign(base64.urlsafe_b64encode(text).rstrip(b"=")).decode()

    def loads(self, token: str) -> Any:  # noqa: ANN401 - whatever was signed
        """Raises BadData, ValueError."""
        text = self._signer.unsign(token.encode())
        return json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))


def _named(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]
