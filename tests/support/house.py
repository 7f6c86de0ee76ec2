"""The project's own files, for tests of the house."""

import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("lifecycle", "store", "notifiers", "config", "engine", "jobs", "web", "cli")
_SKIPPED = {".git", ".venv", "build", "dist", "__pycache__", "data"}


@cache
def files():
    """Every file that is under version control, or would be; without git every file that is no product."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in PROJECT.rglob("*") if not _SKIPPED & set(path.relative_to(PROJECT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def texts(*suffixes):
    """``(path inside the project, text)`` of every text file, of these suffixes if any are named."""
    for path in files():
        if suffixes and path.suffix not in suffixes:
            continue
        text = _text(path)
        if text is not None:
            yield path.relative_to(PROJECT).as_posix(), text


@cache
def _text(path):
    """None of what is no text."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return None


@cache
def modules():
    """``(path, text)`` of the modules that ship."""
    return [(name, text) for name, text in texts(".py") if name.split("/")[0] in ROOMS]
