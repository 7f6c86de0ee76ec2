"""The types of single settings: how each is written, and what is said when it is written otherwise.

A type is an ``Annotated`` that carries ``Written``, the words for what is allowed; errors and the table of all settings
use the same words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from lifecycle.audience import ROLES

Network = IPv4Network | IPv6Network
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Written:
    """The words for what may be written, after "Write"."""

    words: str


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday and a wall time; whose wall is said where it is used."""

    weekday: int  # 0 is Monday
    at: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.at:%H:%M}"


def wall_time(text: str) -> time:
    """``08:30``; seconds, other forms and times beyond 23:59 raise ValueError."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise ValueError("not a time of day")
    return time(int(found[1]), int(found[2]))


def weekly(text: str) -> Weekly:
    """``mon 08:30``."""
    day, _, clock = text.strip().lower().partition(" ")
    if day not in WEEKDAYS:
        raise ValueError("not a weekday")
    return Weekly(WEEKDAYS.index(day), wall_time(clock))


def refresh(text: str) -> timedelta:
    """``6h``, ``90m`` or ``2d``, from one hour to seven days (what calendar programs honour)."""
    found = re.fullmatch(r"(\d{1,4})([mhd])", text.strip())
    length = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta(hours=1) <= length <= timedelta(days=7):
        raise ValueError("not such a length")
    return length


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError, a directory an OSError
        raise ValueError("no such zone") from error
    return name


def _url(*schemes: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError("not such an address")
        return text.rstrip("/")

    return check


def _secret_url(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        return SecretStr(_url(*schemes)(secret.get_secret_value()))

    return check


def _database(secret: SecretStr) -> SecretStr:
    scheme = urlsplit(secret.get_secret_value()).scheme
    if scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        raise ValueError("neither SQLite nor PostgreSQL")
    return secret


def _address(text: str) -> str:
    address = parseaddr(text)[1]
    name, at, domain = address.rpartition("@")
    if not (name and at and domain) or re.search(r"\s", address) or "\n" in text or "\r" in text:
        raise ValueError("no mail address")
    return text


def _root_path(text: str) -> str:
    if not text.startswith("/"):
        raise ValueError("no path")
    return text.rstrip("/")


def _at_least(length: int) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < length:
            raise ValueError("too short")
        return secret

    return check


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _networks(value: object) -> object:
    parts = _split(value)
    return tuple(ip_network(part, strict=False) for part in parts) if isinstance(parts, tuple) else parts


def _role_map(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = [part.rpartition("=") for part in value.split(",") if part.strip()]
    if any(not group.strip() or role.strip() not in ROLES for group, _, role in pairs):
        raise ValueError("not group=role")
    return {group.strip(): role.strip() for group, _, role in pairs}


Place = Annotated[Path, Written("the path of a file or folder")]
Clock = Annotated[
    time, BeforeValidator(lambda v: wall_time(v) if isinstance(v, str) else v), Written("a time of day such as 08:30")
]
WeeklyClock = Annotated[
    Weekly,
    NoDecode,
    BeforeValidator(lambda v: weekly(v) if isinstance(v, str) else v),
    Written("a weekday and a time such as mon 08:30"),
]
Refresh = Annotated[
    timedelta,
    BeforeValidator(lambda v: refresh(v) if isinstance(v, str) else v),
    Written("a length from 1h to 7d, such as 6h"),
]
Zone = Annotated[str, AfterValidator(_zone), Written("a zone's IANA name, such as Europe/Berlin")]
WebUrl = Annotated[
    str, AfterValidator(_url("http", "https")), Written("an address such as https://longstop.example.com")
]
SecretWebUrl = Annotated[
    SecretStr, AfterValidator(_secret_url("http", "https")), Written("an address that begins with https://")
]
SecretImapUrl = Annotated[
    SecretStr, AfterValidator(_secret_url("imap", "imaps")), Written("imaps://USER:PASSWORD@HOST/FOLDER")
]
DatabaseUrl = Annotated[
    SecretStr, AfterValidator(_database), Written("sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
]
Secret = Annotated[SecretStr, Written("the secret's text")]
LongSecret = Annotated[SecretStr, AfterValidator(_at_least(32)), Written("at least 32 characters")]
Password = Annotated[SecretStr, AfterValidator(_at_least(12)), Written("at least 12 characters")]
Mailbox = Annotated[str, AfterValidator(_address), Written("a mail address such as Longstop <longstop@example.com>")]
RootPath = Annotated[str, AfterValidator(_root_path), Written("a path such as /longstop")]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), Written("names separated by commas")]
Networks = Annotated[
    tuple[Network, ...],
    NoDecode,
    BeforeValidator(_networks),
    Written("addresses or networks separated by commas, such as 10.0.0.0/8"),
]
RoleMap = Annotated[
    dict[str, str],
    NoDecode,
    BeforeValidator(_role_map),
    Written(f"GROUP=ROLE separated by commas; roles are {', '.join(ROLES)}"),
]
