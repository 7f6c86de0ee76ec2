"""Settings as people read them: the table of all that there are, and what is in force with secrets hidden."""

from datetime import time, timedelta

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings_model import GROUPS, Settings
from config.settings_problems import allowed, environment_name, is_secret

HIDDEN = "***"
_HEAD = """# Settings

Longstop reads `LONGSTOP_*` from the environment, then from `.env` in the current folder, then from files of that name
in `/run/secrets`; the first that has a name wins, and an empty value is the same as none.

A secret (†) may also be named by its file: `LONGSTOP_SECRET_KEY_FILE=/path`. Giving both, or a value that cannot be
used, stops the start, with all that is wrong said at once. An unknown `LONGSTOP_*` is a warning with the nearest name.

`longstop config check` says it all without starting; `longstop config show` shows what is in force. This page is made
from the code by `make docs`.
"""


def shown(settings: Settings) -> dict[str, object]:
    """What is in force by full name, JSON-ready; a secret that is set is ``***``, one that is not is None."""
    return {environment_name(name): _plain(getattr(settings, name)) for name in _fields()}


def documented() -> str:
    """The page docs/settings.md."""
    return "\n".join([_HEAD, *(_group(group) for group in GROUPS)])


def _fields() -> dict[str, FieldInfo]:
    """In the order of the groups."""
    return {name: field for group in GROUPS for name, field in group.model_fields.items()}


def _group(group: type[BaseModel]) -> str:
    rows = [_row(name, field) for name, field in group.model_fields.items()]
    return "\n".join(
        [f"## {group.__doc__}\n", "| setting | default | meaning | written |", "|---|---|---|---|", *rows, ""]
    )


def _row(name: str, field: FieldInfo) -> str:
    mark = " †" if is_secret(field) else ""
    default = _plain(field.default)
    told = "" if default in (None, "", [], {}) else f"`{_text(default)}`"
    written = allowed(field).replace("|", "\\|")
    return f"| `{environment_name(name)}`{mark} | {told} | {field.description} | {written} |"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: object) -> object:
    """A value as it would be written in the environment, where JSON has no form of its own."""
    match value:
        case None | bool() | int() | float() | str() | dict():
            return value
        case tuple():
            return [str(part) for part in value]
        case _:
            return _written(value)


def _written(value: object) -> str:
    match value:
        case SecretStr():
            return HIDDEN
        case time():
            return f"{value:%H:%M}"
        case timedelta() if value % timedelta(hours=1):
            return f"{value // timedelta(minutes=1)}m"
        case timedelta():
            return f"{value // timedelta(hours=1)}h"
        case _:
            return str(value)
