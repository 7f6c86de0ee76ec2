"""Laws of the house that no linter states as sharply."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.support.house import PROJECT, ROOMS, modules

CHANNELS = {"slack", "email", "webhook", "console", "smtp"}
CHANNEL = re.compile("|".join(f"[\"']{name}[\"']" for name in sorted(CHANNELS)))
PROJECT_FILE = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def imported(text):
    """Top-level names of everything that a module imports, at any depth of it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_the_law_imports_nothing_but_itself_and_the_standard_library():
    allowed = sys.stdlib_module_names | {"lifecycle"}
    strangers = {
        (name, module)
        for name, text in modules()
        if name.startswith("lifecycle/")
        for module in imported(text)
        if module not in allowed
    }
    assert strangers == set()


def test_the_law_opens_nothing_and_looks_at_no_clock():
    """No I/O, no clock, no randomness: nothing that answers differently to the same question."""
    worldly = {
        "os",
        "io",
        "socket",
        "subprocess",
        "sqlite3",
        "random",
        "secrets",
        "time",
        "pathlib",
        "logging",
        "urllib",
    }
    strays = {
        (name, module)
        for name, text in modules()
        if name.startswith("lifecycle/")
        for module in imported(text)
        if module in worldly
    }
    assert strays == set()


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_says_and_opens_nothing(room):
    """No work at import time: no output, no thread, no file of ours."""
    code = (
        f"import sys, threading, {room}; "
        "assert threading.active_count() == 1; assert not any(m.startswith('sqlalchemy.dialects') for m in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_dependency_is_imported_somewhere():
    names = {
        "argon2-cffi": "argon2",
        "pyyaml": "yaml",
        "xlsxwriter": "xlsxwriter",
        "python-calamine": "python_calamine",
        "psycopg": "psycopg",
    }
    for requirement in PROJECT_FILE["project"]["dependencies"]:
        name = re.match(r"[\w-]+", requirement)[0]
        module = names.get(name, name.replace("-", "_"))
        assert module in PREPARED or is_imported(module), f"{name} is installed for nobody"


def is_imported(module):
    """Only those are parsed, which takes long, where the name stands beside one of the two words."""
    named = re.compile(rf"\b(?:import|from)\s.*\b{re.escape(module)}\b")
    return any(module in imported(text) for _, text in modules() if named.search(text))


#: Rooms that are prepared bring these; tzdata is data that zoneinfo reads, multipart is how uploads are read.
PREPARED = {
    "tzdata",
    "python_multipart",
    "slack_sdk",
    "fastapi",
    "uvicorn",
    "prometheus_client",
    "argon2",
    "itsdangerous",
}


def test_every_package_of_the_wheel_is_a_room():
    included = {name for name in PROJECT_FILE["tool"]["setuptools"]["packages"]["find"]["include"] if "." not in name}
    assert included == set(ROOMS)


def test_the_contracts_cover_every_room():
    assert set(PROJECT_FILE["tool"]["importlinter"]["root_packages"]) == set(ROOMS)


def test_no_channel_is_known_to_the_engine_by_its_name():
    """What makes a channel different is said by its notifier; the names of the law's own two stand there as well."""
    apart = ("engine/intake/", "engine/documents/")  # where ``email`` is a column, and a field
    named = {
        (name, node.value)
        for name, text in modules()
        if name.startswith(("engine/", "lifecycle/delivery", "lifecycle/pacing")) and not name.startswith(apart)
        if CHANNEL.search(text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in CHANNELS
    }
    assert named == set()
