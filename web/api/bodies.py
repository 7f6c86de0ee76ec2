"""What programs send: JSON objects that hold nothing but what is documented."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lifecycle.days.years import FIRST_DAY, LAST_DAY
from web.agreements.said import FormRefused

_MOST: Final = 2000  # characters
_LONGEST_FILE: Final = 28_000_000  # characters of 20 MB in Base64, and some


def without_zero(text: str) -> str:
    """*text*. Raises ValueError where it holds what no database keeps."""
    if "\x00" in text:
        raise ValueError("a text holds no zero byte")
    return text


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("write the bytes of the file in Base64") from None
    return text


Text = Annotated[str, Field(max_length=_MOST), AfterValidator(without_zero)]
Said = Annotated[str, Field(min_length=1, max_length=_MOST), AfterValidator(without_zero)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Base64 = Annotated[str, Field(min_length=4, max_length=_LONGEST_FILE), AfterValidator(_is_base64)]


def file_content(text: str) -> bytes | None:
    """The bytes of a file that may be left out; None where it is. Raises FormRefused."""
    try:
        return base64.b64decode(text, validate=True) if text else None
    except (binascii.Error, ValueError):
        raise FormRefused({"content": "This is no base64."}) from None


class Body(BaseModel):
    """A name that is not documented is refused: it may be a name that is misspelt."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Nothing(Body):
    """Nothing is said."""


class Because(Body):
    """Why."""

    because: Said


def texts(body: BaseModel) -> dict[str, str]:
    """What a form would have said: texts by name, without what was left out."""
    said = body.model_dump(mode="json", exclude_none=True)
    return {name: value if isinstance(value, str) else str(value) for name, value in said.items()}
