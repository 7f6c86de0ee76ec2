"""The types of single settings: how each is written, and what is said when it is written otherwise.

A type is an ``Annotated`` that carries ``Written``, the words for what is allowed; errors and the table of all settings
use the same words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
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
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)  # RFC 9110, section 5.6.2
_SQLITE = re.compile(r"sqlite://(/.+)?")
#: As SQLAlchemy takes it apart, but that it takes "USER:PASS@WORD@HOST" for a host named "WORD@HOST".
_POSTGRESQL = re.compile(
    r"postgresql(\+psycopg)?://([^:/@]*(:[^@]*)?@)?(\[[\da-fA-F:.]+\]|[^/:?@\s]*)(:\d+)?(/[^?\s]*)?(\?\S*)?"
)


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
        if parts.scheme not in schemes or not parts.hostname or re.search(r"\s", text) or parts.port == 0:
            raise ValueError("not such an address")  # as does a port that is no number, where it is asked for
        return text.rstrip("/")

    return check


def _web_url(text: str) -> str:
    """An address to which paths are added."""
    found = _url("http", "https")(text)
    if re.search(r"[?#@]", found):
        raise ValueError("no address to which paths can be added")
    return found


def _mailbox_url(secret: SecretStr) -> SecretStr:
    found = _url("imap", "imaps")(secret.get_secret_value())
    parts = urlsplit(found)
    if not (parts.username and parts.password):
        raise ValueError("nobody is named")
    return SecretStr(found)


def _secret_url(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        return SecretStr(_url(*schemes)(secret.get_secret_value()))

    return check


def _database(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (_SQLITE.fullmatch(text) or _POSTGRESQL.fullmatch(text)):
        raise ValueError("neither SQLite nor PostgreSQL")
    return secret


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        ip_address(text)  # raises ValueError for what is no address either
    return text


def _header(text: str) -> str:
    if not _HEADER.fullmatch(text):
        raise ValueError("no header's name")
    return text


def _address(text: str) -> str:
    found = getaddresses([text])
    address = found[0][1] if len(found) == 1 else ""
    name, at, domain = address.rpartition("@")
    if not (name and at and domain) or re.search(r"\s", address) or "\n" in text or "\r" in text:
        raise ValueError("no mail address")
    return text


def _root_path(text: str) -> str:
    found = re.fullmatch(r"((?:/[\w.~-]+)*)/?", text, re.ASCII)
    if not found or {".", ".."} & set(found[1].split("/")):
        raise ValueError("no path")
    return found[1]


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


def _hosts(value: object) -> object:
    parts = _split(value)
    for part in parts if isinstance(parts, tuple) else ():
        if "/" in part:
            ip_network(part, strict=False)
        else:
            _host(part)
    return parts


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
WebUrl = Annotated[str, AfterValidator(_web_url), Written("an address such as https://longstop.example.com")]
SecretWebUrl = Annotated[
    SecretStr, AfterValidator(_secret_url("http", "https")), Written("an address that begins with https:// or http://")
]
SecretImapUrl = Annotated[SecretStr, AfterValidator(_mailbox_url), Written("imaps://USER:PASSWORD@HOST/FOLDER")]
DatabaseUrl = Annotated[
    SecretStr,
    AfterValidator(_database),
    Written("sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, an @ in the password as %40"),
]
Secret = Annotated[SecretStr, Written("the secret's text")]
LongSecret = Annotated[SecretStr, AfterValidator(_at_least(32)), Written("at least 32 characters")]
Password = Annotated[SecretStr, AfterValidator(_at_least(12)), Written("at least 12 characters")]
Mailbox = Annotated[str, AfterValidator(_address), Written("a mail address such as Longstop <longstop@example.com>")]
RootPath = Annotated[str, AfterValidator(_root_path), Written("a path such as /longstop")]
Host = Annotated[str, AfterValidator(_host), Written("a name or an address without port, such as mail.example.com")]
Header = Annotated[str, AfterValidator(_header), Written("a header's name such as X-Forwarded-Email")]
Hosts = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(_hosts),
    Written("names, addresses or networks separated by commas, such as hooks.example.com"),
]
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
