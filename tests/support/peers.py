"""Other programs that read calendars: in ``.venv-peers`` and, for JavaScript, in ``tests/peers`` (``make peers``)."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import uvicorn

PROJECT = Path(__file__).parents[2]
HERE = PROJECT / "tests" / "peers"
BIN = PROJECT / ".venv-peers" / "bin"
JAVASCRIPT = "ical_js"


def skip_without(*names):
    """Skip, by name, what is not installed."""
    absent = [name for name in names if not (BIN / name).exists()]
    if absent:
        pytest.skip(f"{', '.join(absent)} not installed (make peers)")


@cache
def parsers():
    """The parsers of Python that are there."""
    if not (BIN / "python").exists():
        return frozenset()
    return frozenset(json.loads(_said([BIN / "python", HERE / "readers.py", "--names"])))


def read(name, files):
    """What a parser finds in each of *files*, sorted: (UID, first day, day after). Skips one that is not there."""
    if name == JAVASCRIPT:
        if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
            pytest.skip("ical.js not installed (make peers, where node is)")
        found = json.loads(_said(["node", "ical_js.mjs", *files]))
    else:
        if name not in parsers():
            pytest.skip(f"{name} not installed (make peers)")
        found = json.loads(_said([BIN / "python", "readers.py", name, *files]))
    return {Path(path).stem: sorted(map(tuple, entries)) for path, entries in found.items()}


@contextmanager
def served(app):
    """*app* on a real port of this machine; its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", proxy_headers=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def said(program, *words, env=None):
    """What a program of the peers prints; it has to end well."""
    return _said([BIN / program, *words], env=env)


def _said(command, env=None):
    done = subprocess.run([str(one) for one in command], cwd=HERE, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout
