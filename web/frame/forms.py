"""What a form has sent: fields and files, and that it came from our own page.

A form counts only with the token of the page on which it stood, which is bound to the session, and only from this site
(INTERFACE.md H3): both must hold. Names of files are words to show, never paths.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from lifecycle.errors import LifecycleError
from web.frame.viewer import Anybody, SignedIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from web.frame.site import Site
    from web.frame.viewer import Visit

CSRF: Final = "form_token"
_FIELDS: Final = 2000
_FIELD_MOST: Final = 256 * 1024  # bytes
_DIGITS: Final = 9
_LATE_MOST: Final = 1024 * 1024  # bytes: whoever sends it may be anybody
_SAME: Final = frozenset({"same-origin", "none"})


class NotOurForm(LifecycleError):
    """A form that did not come from our own page, or from one that is too old: *form*, where its sender is of ours."""

    code = "not-our-form"

    def __init__(self, form: Form | None = None) -> None:
        self.form = form
        super().__init__(
            "That form did not come from this page, or the page is too old. Nothing was changed.",
            remedy="Go back, load the page again, and send it once more.",
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. *name* is what its sender called it."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, as they were typed but for blanks around them."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """A field's text; of a field that is there twice the last."""
        return self.fields[name][-1] if name in self.fields else default

    def all(self, name: str) -> tuple[str, ...]:
        """All texts of a field that may be there several times."""
        return self.fields.get(name, ())

    def is_on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.get(name) not in {"", "off", "0"}

    def file(self, name: str) -> Upload | None:
        """The file of a field; None where none was chosen."""
        return self.files[name][0] if self.files.get(name) else None

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Every field's text, to be sent again; passwords are not shown to anybody."""
        names = (name for name in self.fields if name != CSRF and not name.startswith("password"))
        return tuple((name, text) for name in names for text in self.fields[name])

    @property
    def typed(self) -> dict[str, str]:
        """Every field's text, to fill the form in again."""
        return {name: texts[-1] for name, texts in self.fields.items() if name != CSRF}


def whole(text: str) -> int | None:
    """A number of one to nine digits, as a page of ours writes it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def token_for(seen: Visit) -> str:
    """A token for the forms of one page: different each time, so that compression gives nothing of it away (BREACH)."""
    chance = secrets.token_urlsafe(12)
    return f"{chance}.{_mark(seen, chance)}"


async def posted(request: Request, viewer: SignedIn) -> Form:
    """The form that somebody who is signed in has sent. Raises NotOurForm."""
    return await _posted(request, viewer)


async def posted_by_anybody(request: Request, seen: Anybody) -> Form:
    """The form of a page that anybody may see. Raises NotOurForm."""
    return await _posted(request, seen)


#: The parameter of what takes a form.
Posted = Annotated[Form, Depends(posted)]
PostedByAnybody = Annotated[Form, Depends(posted_by_anybody)]


async def _posted(request: Request, seen: Visit) -> Form:
    if not is_from_here(request, seen.site):
        raise NotOurForm
    form = await _read(request, seen.site.upload_most)
    if not is_token_of(seen, form.get(CSRF)):
        raise NotOurForm(form)
    return form


async def sent_too_late(request: Request) -> Form | None:
    """The form of one of our pages that somebody sent whose session is over; None for anything else, or too much."""
    length = whole(request.headers.get("content-length", ""))
    if request.method != "POST" or length is None or length > _LATE_MOST or not is_from_here(request, _site(request)):
        return None
    try:
        form = await _read(request, _LATE_MOST)
    except NotOurForm:
        return None
    return form if form.get(CSRF) else None


def is_token_of(seen: Visit, text: str) -> bool:
    """Whether *text* is a token of one of their pages."""
    chance, _, mark = text.partition(".")
    return bool(seen.bound) and hmac.compare_digest(_mark(seen, chance).encode(), mark.encode())


def is_from_here(request: Request, site: Site) -> bool:
    """Whether a browser says that a page of this site sent it; what says nothing is not from here."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in _SAME
    origin = request.headers.get("origin", "")
    ours = {_origin(site.base_url), f"{request.url.scheme}://{request.headers.get('host', '')}"}
    return bool(origin) and origin in ours


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _mark(seen: Visit, chance: str) -> str:
    said = f"longstop.form:{seen.bound}:{chance}".encode()
    return hmac.new(seen.site.key.encode(), said, sha256).hexdigest()


async def _read(request: Request, most: int) -> Form:
    try:
        parsed = await _parser(request, most).parse()
    except MultiPartException:
        raise NotOurForm from None
    try:
        return await _gathered(parsed)
    finally:
        await parsed.close()


def _parser(request: Request, most: int) -> MultiPartParser | FormParser:
    headers: Headers = request.headers
    if headers.get("content-type", "").startswith("multipart/form-data"):
        return MultiPartParser(headers, request.stream(), max_files=20, max_fields=_FIELDS, max_part_size=most)
    return FormParser(headers, request.stream(), max_fields=_FIELDS, max_part_size=_FIELD_MOST)


async def _gathered(parsed: FormData) -> Form:
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[Upload, ...]] = {}
    for name, value in parsed.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = (*fields.get(name, ()), value if name.startswith("password") else value.strip())
        elif value.filename:
            upload = Upload(value.filename, await value.read(), value.content_type or "application/octet-stream")
            files[name] = (*files.get(name, ()), upload)
    return Form(fields, files)
