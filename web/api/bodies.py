"""What programs send: JSON objects that hold nothing but what is documented."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from lifecycle.days.years import FIRST_DAY, LAST_DAY
from web.agreements.said import FormRefused

_MOST: Final = 2000  # characters
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_FILE: Final = 28_000_000  # characters of 20 MB in Base64, and some


def without_zero(text: str) -> str:
    """*text*. Raises ValueError where it holds what no database keeps."""
    if "\x00" in text:
        raise ValueError("a text holds no zero byte")
    return text


def _is_written(day: object) -> object:
    """*day*. Raises ValueError for a number, of which something else would make seconds since 1970."""
    if isinstance(day, str) and _DAY.match(day.strip()):
        return day
    raise ValueError("write the day as 2026-12-31")


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("write the bytes of the file in Base64") from None
    return text


Text = Annotated[str, Field(max_length=_MOST), AfterValidator(without_zero)]
Said = Annotated[str, Field(min_length=1, max_length=_MOST), AfterValidator(without_zero)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_is_written)]
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
