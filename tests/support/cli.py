"""The command line as a script meets it: words in, exit code, stdout and stderr out, in this process.

Every answer with ``--json`` is held to its schema in ``docs/schemas``.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from typer.main import get_command

from cli.main import Given, app
from engine.clock import VirtualClock
from store.database import open_database, sqlite_url
from tests.support import databases
from tests.support.schemas import faults

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # for every command that is run here


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def item(self) -> Any:
        return self.document["item"]

    @property
    def items(self) -> Any:
        return self.document["items"]


class Longstop:
    """``longstop = Longstop(tmp_path); longstop("deadlines", "--json").items``."""

    def __init__(self, data_dir: Path, *, like: Longstop | None = None, url: str = "") -> None:
        """A register of its own in a folder, or a copy of another one's."""
        self.data_dir = data_dir
        self.now = NOW
        self.url = url  # of the database, where it is not the folder's
        if databases.is_postgres() and not url:
            self.url = databases.made("template0" if like is None else databases.name_of(like.url))
        if like is not None:
            shutil.copytree(like.data_dir, data_dir)

    def __call__(self, *words: object, expect: int | None = 0) -> Answer:
        """Run a command line; *expect* is the exit code that it has to have."""
        answer = run("--data-dir", str(self.data_dir), *map(str, words), now=self.now, database=self.url)
        assert expect is None or answer.code == expect, f"{words}: {answer.code}\n{answer.out}\n{answer.err}"
        if "--json" in words:
            assert faults(answer.document) == []
        return answer

    def sql(self, statement: str, *, unguarded: str = "") -> list[Any]:
        """Say something to the database past the program; *unguarded* names an append-only table to be changed."""
        database = open_database(self.url or sqlite_url(self.data_dir / "longstop.db"))
        try:
            with database.writing() as connection:
                if unguarded:
                    databases.unguard(connection, unguarded)
                found = connection.exec_driver_sql(statement)
                return list(found) if found.returns_rows else []
        finally:
            database.close()

    def staff(self) -> None:
        """Olga owns, Ben stands in, Mia manages Olga, Leo is legal, Ada runs the house."""
        for name, more in {
            "mia": (),
            "olga": ("--manager", "mia@example.com"),
            "ben": (),
            "leo": ("--role", "legal"),
            "ada": ("--role", "admin"),
        }.items():
            self("person", "add", f"{name}@example.com", "--name", name.capitalize(), *more)

    def agreement(self, reference: str = "ACME-7", *more: object, owner: str = "olga@example.com") -> Answer:
        """A year that began on 1 February 2026 and renews itself unless notice leaves in time."""
        return self(
            "agreement", "add", reference, "--counterparty", "Acme Labs", "--kind", "MSA", "--title", "Hosting MSA",
            "--effective-on", "2026-02-01", "--term", "12 months", "--renewal", "automatic", "--renewal-term",
            "12 months", "--notice-period", "60 days", "--owner", owner, "--backup", "ben@example.com", *more,
        )  # fmt: skip


def run(*words: str, now: datetime = NOW, database: str = "") -> Answer:
    """Run ``longstop`` with these words; nobody is at the terminal. *database*: its URL, if not the folder's."""
    out, err = _Pipe(), _Pipe()
    before, sys.stdin = sys.stdin, io.StringIO()
    if database:
        os.environ["LONGSTOP_DATABASE_URL"] = database
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = _code(list(words), now)
    finally:
        sys.stdin = before
        if database:
            del os.environ["LONGSTOP_DATABASE_URL"]
    return Answer(code, out.text, err.text)


def _code(words: list[str], now: datetime) -> int:
    try:
        _program().main(words, prog_name="longstop", obj=Given(clock=VirtualClock(now)))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    raise AssertionError("a command line ends its process")


@cache
def _program() -> Any:
    return get_command(app)


class _Pipe(io.TextIOWrapper):
    """A pipe as a process has it: text and bytes, and nobody looks."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)

    @property
    def text(self) -> str:
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode()
