"""A PostgreSQL server of our own, from the installed binaries, in a scratch folder, as somebody who is not root.

::

    with Server() as server:
        server.url("register")            # after server.make("register")

It listens on a socket in its folder only. Unless it is told to be *durable* it does not wait for the disk: a test's
register need not survive a power cut. Where it may be found by the processes of one run stands in the environment.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

#: The folder of the server that runs for these tests; set by whoever started it.
FOLDER = "TEST_POSTGRES"
_DEBIAN = Path("/usr/lib/postgresql")
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_USUAL = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "jit": "off",
    "deadlock_timeout": "200ms",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """The binaries are not on this machine."""


class Server:
    """One server for one run; ``start`` and ``stop``, or a ``with``."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="longstop-pg-"))
        self._settings = _USUAL if durable else {**_USUAL, **_QUICK}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make a cluster and serve it. Raises NoPostgres, CalledProcessError."""
        programs, data, user = binaries(), self.folder / "data", _user()
        if user is not None:
            shutil.chown(self.folder, user)
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "longstop",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        subprocess.run(made, check=True, user=user, cwd=self.folder, stdout=subprocess.DEVNULL)
        self._serve()

    def restart(self, *, at_once: bool) -> None:
        """Let it begin again; *at_once*: as if it had crashed, else it cuts everybody off and ends in good order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(30)
        self._serve()

    def stop(self) -> None:
        """End it, whoever is still connected, and leave nothing behind.

        A long run leaves hundreds of thousands of small files. Nobody waits until the last of them is gone.
        """
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
        gone = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', self.folder], check=True, start_new_session=True, **gone)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Inside, it takes what it is asked and answers nothing: it and its processes, each of a group of its own."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        os.kill(self._process.pid, signal.SIGSTOP)  # first: it makes no more of them
        stopped = [int(one) for one in children.read_text().split()]
        try:
            for one in stopped:
                os.kill(one, signal.SIGSTOP)
            yield
        finally:
            for one in [*stopped, self._process.pid]:
                os.kill(one, signal.SIGCONT)

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return url(self.folder, name)

    def make(self, name: str, *, like: str = "template0") -> str:
        """Make a database; its URL."""
        with asked(self.folder) as ask:
            ask(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def _serve(self) -> None:
        programs, data, user = binaries(), self.folder / "data", _user()
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        with (self.folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", self.folder, *settings],
                user=user, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                with asked(self.folder):
                    return
            except psycopg.OperationalError:
                if time.monotonic() > until or (self._process and self._process.poll()) is not None:
                    raise AssertionError((self.folder / "log").read_text()) from None
                time.sleep(0.02)


class asked:  # noqa: N801 - reads as a word: with asked(folder) as ask
    """A way to say something to the server as its administrator."""

    def __init__(self, folder: Path | str) -> None:
        self._connection = psycopg.connect(f"host={folder} user=longstop dbname=postgres", autocommit=True)

    def __enter__(self) -> Callable[[str], object]:
        return lambda statement: self._connection.execute(statement.encode())

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def url(folder: Path | str, name: str) -> str:
    """The URL of a database of the server in this folder."""
    return f"postgresql://longstop@/{name}?host={folder}"


def binaries() -> Path:
    """The folder of ``postgres`` and ``initdb``: on the path, else Debian's newest. Raises NoPostgres."""
    on_path = shutil.which("initdb")
    if on_path is not None and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    versions = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise NoPostgres("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return versions[-1].parent


def _user() -> str | None:
    """Who runs it: the server refuses root."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
