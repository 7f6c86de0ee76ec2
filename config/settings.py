"""Reading the settings: environment, then ``.env``, then ``/run/secrets``; the first that has a name wins.

All that is wrong is said at once. Every secret may also be named by its file: ``LONGSTOP_SECRET_KEY_FILE``.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from config.settings_model import Settings
from config.settings_problems import (
    PREFIX,
    SettingProblem,
    SettingsError,
    environment_name,
    is_secret,
    unknown,
    unlawful,
    unmet,
    unreadable,
)

__all__ = ["SettingProblem", "Settings", "SettingsError", "checked", "has_signing_key", "read_settings", "signing_key"]

ENV_FILE = Path(".env")
SECRETS_DIR = Path("/run/secrets")
SIGNING_KEY_FILE = "secret-key"

FIELDS = {environment_name(name): name for name in Settings.model_fields}
NAMES = {environment_name(name): info for name, info in Settings.model_fields.items()}
FILES = {f"{name}_FILE": name for name, info in NAMES.items() if is_secret(info)}


@dataclass(slots=True)
class _Given:
    """What was found, by full name (``LONGSTOP_PORT``), and what was wrong on the way."""

    values: dict[str, str]
    problems: list[SettingProblem] = field(default_factory=list)


def read_settings(
    environ: Mapping[str, str], *, env_file: Path = ENV_FILE, secrets_dir: Path = SECRETS_DIR
) -> Settings:
    """The settings; raises SettingsError with everything that is wrong (INTERFACE O1)."""
    given = _gathered(environ, env_file, secrets_dir)
    settings, wrong = _built(given.values)
    errors = tuple(problem for problem in (*given.problems, *wrong) if problem.level == "error")
    if errors or settings is None:
        raise SettingsError(errors)
    return settings


def checked(
    environ: Mapping[str, str], *, env_file: Path = ENV_FILE, secrets_dir: Path = SECRETS_DIR
) -> list[SettingProblem]:
    """Every problem, errors first; warnings are names that are no settings. Empty is a clean configuration.

    The file of hooks is read as well, with the secrets that it names.
    """
    given = _gathered(environ, env_file, secrets_dir)
    settings, wrong = _built(given.values)
    hooks = _of_hooks(settings.hooks_file) if settings and settings.hooks_file else ()
    return sorted([*given.problems, *wrong, *hooks], key=lambda problem: (problem.level, problem.name))


def has_signing_key(settings: Settings) -> bool:
    """Whether there is one: the next start would make none."""
    return settings.secret_key is not None or (settings.data_dir / SIGNING_KEY_FILE).exists()


def signing_key(settings: Settings) -> SecretStr:
    """The secret key, given or made once in the data folder, readable by its owner alone.

    Raises OSError when the data folder cannot be written.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / SIGNING_KEY_FILE
    if not path.exists():
        _make_key(path)
    return SecretStr(path.read_text().strip())


def _gathered(environ: Mapping[str, str], env_file: Path, secrets_dir: Path) -> _Given:
    """1. What the three origins hold. 2. Secrets that are named by their file. 3. Names that are none of ours."""
    given = _Given({})
    secret_files = {path.name.upper(): path for path in _entries(secrets_dir)}
    low = _ours({name: _text(given, name, path) for name, path in secret_files.items() if name in NAMES})
    written, problems = _written(env_file)
    high = _ours({**written, **environ})
    given.values.update({**low, **high})
    given.problems += problems
    for file_name in FILES.keys() & given.values.keys():
        _read_file(given, file_name, given.values.pop(file_name), is_given=FILES[file_name] in high)
    for name in sorted(given.values.keys() - NAMES.keys()):
        given.problems.append(unknown(name, [*NAMES, *FILES]))
    return given


def _written(env_file: Path) -> tuple[Mapping[str, str | None], list[SettingProblem]]:
    """What the file for the environment holds, or why that is not to be known."""
    if not env_file.is_file():
        return {}, []
    try:
        return dotenv_values(env_file, interpolate=False), []
    except UnicodeDecodeError:
        name = env_file.name
        return {}, [SettingProblem("error", name, f"{name} is no text in UTF-8.", "Write it anew, or take it away.")]


def _read_file(given: _Given, file_name: str, path: str, *, is_given: bool) -> None:
    name = FILES[file_name]
    if is_given:
        sentence, remedy = f"Both {name} and {file_name} are set.", "Leave one of them out."
        given.problems.append(SettingProblem("error", name, sentence, remedy))
        return
    if (text := _text(given, file_name, Path(path))) is not None:
        given.values[name] = text


def _text(given: _Given, name: str, path: Path) -> str | None:
    """What the file for *name* holds; None, with its problem, where that is not to be known."""
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{name} names {path}, which cannot be read: {_reason(error)}."
        given.problems.append(SettingProblem("error", name, sentence, "Name a text file that this user may read."))
        return None


def _built(values: Mapping[str, str]) -> tuple[Settings | None, list[SettingProblem]]:
    problems = list(unmet(values))
    try:
        # Each field reads its own text: to ask all of them for an origin took longer than all else of a short command.
        said: dict[str, Any] = {FIELDS[name]: text for name, text in values.items() if name in FIELDS}
        settings = Settings(**said)
    except ValidationError as error:
        return None, [*unreadable(error), *problems]
    return settings, [*problems, *unlawful(settings)]


def _of_hooks(path: Path) -> Iterator[SettingProblem]:
    from config.hooks import load_hooks  # brings yaml, which most commands do without
    from config.yaml_source import YamlRefused

    name = f"{PREFIX}HOOKS_FILE"
    try:
        load_hooks(path)
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{name} names {path}, which cannot be read: {_reason(error)}."
        yield SettingProblem("error", name, sentence, "Name a text file that this user may read.")
    except YamlRefused as refused:
        for one in refused.findings:
            yield SettingProblem("error", name, f"{one.place}: {one.sentence}", one.remedy)


def _ours(values: Mapping[str, str | None]) -> dict[str, str]:
    """An empty value is the same as none: compose files pass on what is not set as empty."""
    return {name.upper(): value for name, value in values.items() if value and name.upper().startswith(PREFIX)}


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.is_file())


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "unknown reason" if isinstance(error, OSError) else "it is no text"


def _make_key(path: Path) -> None:
    """The file appears whole, and the first of two processes that start together makes it for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        path.hardlink_to(draft)
    except FileExistsError:
        path.stat()
    except OSError as error:
        error.filename = path  # where no room is left nobody is named
        raise
    finally:
        draft.unlink(missing_ok=True)
