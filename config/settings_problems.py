"""What can be wrong with settings, in sentences: values, slips of the pen, and settings that need one another.

A secret's value is never repeated. What is allowed comes from the types, so that errors and the table of all settings
say the same.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import annotated_types
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from config.settings_model import Settings
from config.settings_values import Written
from lifecycle.errors import LifecycleError
from lifecycle.words import listed, shown

PREFIX = "LONGSTOP_"
_HERE = ("localhost", "127.0.0.1", "::1")
_PLAIN = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing that is wrong with one setting."""

    level: Literal["error", "warning"]
    name: str  # as it is written in the environment
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


class SettingsError(LifecycleError):
    """Settings that nobody should start with; ``problems`` holds them all."""

    code = "settings"

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "\n".join(str(problem) for problem in problems),
            remedy="Mend the environment, .env or the secret files; `longstop config docs` lists all settings.",
        )


#: (setting, its value or None for any, what it needs, why)
_NEEDS = (
    ("AUTH_HEADER", None, ("AUTH_TRUSTED_PROXIES",), "anybody could send that header"),
    ("SMTP_HOST", None, ("MAIL_FROM",), "mails need a sender"),
    ("SMTP_USERNAME", None, ("SMTP_PASSWORD",), "a login has both"),
    ("SMTP_PASSWORD", None, ("SMTP_USERNAME",), "a login has both"),
    ("SLACK_MODE", "socket", ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), "socket mode connects with both"),
    ("SLACK_MODE", "http", ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"), "calls must be checked"),
    ("OIDC_ISSUER", None, ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"), "the issuer asks who is calling"),
    ("ADMIN_EMAIL", None, ("ADMIN_PASSWORD",), "the first admin needs both"),
    ("ADMIN_PASSWORD", None, ("ADMIN_EMAIL",), "the first admin needs both"),
)

#: Settings that are harmless by themselves, and say nothing: what each is for.
_NEEDED_FOR_EFFECT = {
    "oidc_client_id": "oidc_issuer",
    "oidc_client_secret": "oidc_issuer",
    "oidc_role_map": "oidc_issuer",
    "oidc_role_claim": "oidc_role_map",
}
#: Settings of earlier versions, which an environment may still hold: what there is instead.
_GONE = {"LOCALE": "Take it out: everything is said in English, and a day is written so that nobody misreads it."}


def environment_name(field: str) -> str:
    """``port`` is LONGSTOP_PORT."""
    return PREFIX + field.upper()


def is_secret(field: FieldInfo) -> bool:
    """Whether its value is never shown and may come from a file."""
    return SecretStr in _parts(field.annotation)


def allowed(field: FieldInfo) -> str:
    """What may be written, as words that follow "Write"."""
    parts = [*field.metadata, *_parts(field.annotation)]
    for part in parts:
        if isinstance(part, Written):
            return part.words
    if get_origin(field.annotation) is Literal:
        return listed(get_args(field.annotation))
    return _PLAIN[next(part for part in parts if part in _PLAIN)] + _bounds(parts)


def unreadable(error: ValidationError) -> Iterator[SettingProblem]:
    """A problem for each value that is not written as it should be."""
    for detail in error.errors(include_url=False):
        field = str(detail["loc"][0])
        info = Settings.model_fields[field]
        value = "***" if is_secret(info) else shown(str(detail["input"]))
        name = environment_name(field)
        yield SettingProblem("error", name, f"{name} is {value}, which cannot be used.", f"Write {allowed(info)}.")


def unknown(name: str, known: list[str]) -> SettingProblem:
    """A warning with the nearest name that there is, or with what became of it."""
    if gone := _GONE.get(name.removeprefix(PREFIX)):
        return SettingProblem("warning", name, f"{name} is no setting of Longstop any more and is ignored.", gone)
    near = difflib.get_close_matches(name.removeprefix(PREFIX), [other.removeprefix(PREFIX) for other in known], n=1)
    remedy = f"Did you mean {PREFIX}{near[0]}?" if near else "`longstop config docs` lists all settings."
    return SettingProblem("warning", name, f"{name} is no setting of Longstop and is ignored.", remedy)


def unmet(values: Mapping[str, str]) -> Iterator[SettingProblem]:
    """A problem for each setting that needs another which is not there."""
    for name, when, needed, why in _NEEDS:
        value = values.get(PREFIX + name, "")
        missing = [PREFIX + other for other in needed if not values.get(PREFIX + other)]
        if missing and (value if when is None else value == when):
            said = f"{PREFIX}{name}={when}" if when else f"{PREFIX}{name}"
            yield SettingProblem(
                "error",
                PREFIX + name,
                f"{said} is set without {' and '.join(missing)}: {why}.",
                f"Set {' and '.join(missing)}, or leave {PREFIX}{name} out.",
            )


def unlawful(settings: Settings) -> Iterator[SettingProblem]:
    """What can only be judged once all values are there."""
    yield from _disproportionate(settings)
    yield from _without_calendar(settings)
    yield from _without_playbooks(settings)
    yield from _without_sign_in(settings)
    yield from _without_effect(settings)


def _without_calendar(settings: Settings) -> Iterator[SettingProblem]:
    if not settings.calendar:
        return
    from config.holiday_calendars import business_calendar

    try:
        business_calendar(settings.calendar)
    except LifecycleError as error:
        yield SettingProblem("error", environment_name("calendar"), str(error), error.remedy)


def _without_playbooks(settings: Settings) -> Iterator[SettingProblem]:
    """A folder that is not there would leave everybody with the playbooks that ship, and nobody would know."""
    folder = settings.playbook_dir
    is_folder = folder is not None and os.path.isdir(folder)  # noqa: PTH112 - Path.is_dir raises below a closed folder
    if folder is None or (is_folder and os.access(folder, os.R_OK | os.X_OK)):
        return
    name = environment_name("playbook_dir")
    remedy = f"Make that folder and let this user read it, or leave {name} out."
    yield SettingProblem("error", name, f"{name} names {folder}, which is no folder that can be read.", remedy)


def _without_sign_in(settings: Settings) -> Iterator[SettingProblem]:
    """An issuer that nobody could be asked about safely, or at all."""
    name, url = environment_name("oidc_issuer"), urlsplit(settings.oidc_issuer)
    if url.scheme == "http" and url.hostname not in {*_HERE, *settings.outgoing_allow}:
        remedy = "Name it by https, or its host in LONGSTOP_OUTGOING_ALLOW if the way there is yours alone."
        yield SettingProblem("error", name, f"{name} is {settings.oidc_issuer}, which is not encrypted.", remedy)
    if url.scheme and not all(map(find_spec, ("authlib", "joserfc"))):
        remedy = f"Install longstop[oidc], or leave {name} out."
        yield SettingProblem("error", name, f"{name} is set, and authlib, which signs in by it, is not here.", remedy)


def _without_effect(settings: Settings) -> Iterator[SettingProblem]:
    """What is said of an issuer that is not named, or of groups that have no roles."""
    for name, needed in _NEEDED_FOR_EFFECT.items():
        if name in settings.model_fields_set and not getattr(settings, needed):
            own, other = environment_name(name), environment_name(needed)
            yield SettingProblem(
                "warning", own, f"{own} has no effect without {other}.", f"Set {other}, or leave {own} out."
            )


def _disproportionate(settings: Settings) -> Iterator[SettingProblem]:
    """Waits that would let two senders hold one message, or ask a channel before it can know (DELIVERY.md T5, T10)."""
    waits = settings.timings
    if waits.lease <= waits.timeout:
        yield _disproportion("TIMINGS_LEASE", waits.lease, f"above TIMINGS_TIMEOUT ({waits.timeout:g})")
    if waits.quarantine < 4 * waits.timeout:
        yield _disproportion(
            "TIMINGS_QUARANTINE", waits.quarantine, f"at least 4 times TIMINGS_TIMEOUT ({waits.timeout:g})"
        )


def _disproportion(name: str, value: float, words: str) -> SettingProblem:
    name = PREFIX + name
    return SettingProblem("error", name, f"{name} is {value:g}, which is too short.", f"It must be {words}.")


def _parts(annotation: Any) -> list[Any]:  # noqa: ANN401 - a type's form
    """A type and all that it is made of, flat."""
    return [annotation, *(part for inner in get_args(annotation) for part in _parts(inner))]


def _bounds(parts: list[Any]) -> str:
    low = next((part.ge for part in parts if isinstance(part, annotated_types.Ge)), None)
    high = next((part.le for part in parts if isinstance(part, annotated_types.Le)), None)
    above = next((part.gt for part in parts if isinstance(part, annotated_types.Gt)), None)
    if above is not None:
        return f" above {above}" + (f", at most {high}" if high is not None else "")
    if high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else ""
