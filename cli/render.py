"""The only module that prints. Answers go to stdout; log, progress, questions and errors to stderr.

On a terminal lists are tables that fit its width, and cards where it is narrow; elsewhere they are plain columns that
no program has to untangle: no colour, no wrapping, no progress, no question.
"""

from __future__ import annotations

import io
import json
import os
import select
import shutil
import sys
from contextlib import contextmanager, redirect_stdout
from getpass import getpass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

NARROW: Final = 76  # columns below which a table is no longer readable
#: What a cell means, and how that looks; a word or a sign always says it too (INTERFACE.md P24).
STYLES: Final = {
    "overdue": "bold red",
    "soon": "bold yellow",
    "good": "green",
    "quiet": "dim",
    "strong": "bold",
    "plain": "",
}


class Cell(NamedTuple):
    """A text and what it means."""

    text: str
    style: str = "plain"


class Column(NamedTuple):
    """A head; *is_fixed* columns are never wrapped, *share* is what the others get of the room that is left."""

    head: str
    is_fixed: bool = True
    share: int = 1


#: What a terminal would obey: control characters but for ends of lines and tabulators, and switches of direction.
_OBEYED: Final = dict.fromkeys(
    [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"]
    + [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def line(text: str = "") -> None:
    """One line of an answer, without what a terminal would obey: it may hold what others have written."""
    print(text.translate(_OBEYED))


def write_anything() -> None:
    """What the locale of this process cannot write becomes a question mark, no error behind a change that was kept."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_read_no_more() -> bool:
    """Whether whoever reads the answer has seen enough; then nothing more is written."""
    try:
        sys.stdout.flush()
        is_over = _has_no_reader(sys.stdout.fileno())  # what has failed once may have left nothing to flush
    except BrokenPipeError:
        is_over = True
    if is_over:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return is_over


def _has_no_reader(descriptor: int) -> bool:
    asked = select.poll()
    asked.register(descriptor, select.POLLOUT)
    return any(said & select.POLLERR for _, said in asked.poll(0))


def _is_answered() -> bool:
    """Whether somebody is there who can be asked; where the shell closed a stream there is none."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


class _Held(io.StringIO):
    """An answer that waits; it looks like where it will go."""

    def __init__(self, *, is_live: bool) -> None:
        super().__init__()
        self._is_live = is_live

    def isatty(self) -> bool:
        return self._is_live


class Terminal:
    """Where one command's answer goes."""

    def __init__(self, *, is_quiet: bool = False, is_colourless: bool = False) -> None:
        self.is_quiet = is_quiet
        self.is_colourless = is_colourless or bool(os.environ.get("NO_COLOR"))

    @property
    def is_live(self) -> bool:
        """Whether a person reads the answer as it comes."""
        return sys.stdout is not None and sys.stdout.isatty()  # none is there where the shell closed it

    @property
    def width(self) -> int:
        """How many columns there are."""
        return shutil.get_terminal_size((100, 24)).columns

    def line(self, text: str = "") -> None:
        """One line of the answer."""
        line(text)

    def document(self, document: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        """The answer as one JSON document."""
        encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
        is_unicode = encoding.lower().startswith("utf")  # elsewhere as escapes, which any locale can write
        print(json.dumps(document, ensure_ascii=not is_unicode, indent=2))

    def raw(self, data: bytes) -> None:
        """The answer as bytes, as a file has them."""
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Answers inside are given when it ends, and not at all if it fails: nothing is called done before it is."""
        answer = _Held(is_live=self.is_live)
        with redirect_stdout(answer):
            yield
        if sys.stdout is None:  # the shell closed it
            return
        try:
            sys.stdout.write(answer.getvalue())
            sys.stdout.flush()
        except BrokenPipeError:
            is_read_no_more()  # what was done stays done

    def note(self, text: str) -> None:
        """Something beside the answer."""
        if not self.is_quiet:
            print(text.translate(_OBEYED), file=sys.stderr)

    def error(self, sentence: str, remedy: str = "", *, usage: str = "") -> None:
        """What went wrong and what to do; a command without words gets its help."""
        if usage:
            print(usage, file=sys.stderr)
        if sentence:
            print(f"Error: {sentence}".translate(_OBEYED), file=sys.stderr)
        if remedy:
            print(f"  {remedy}".translate(_OBEYED), file=sys.stderr)

    def asks(self, question: str) -> bool:
        """Ask for a yes; without a terminal nobody can answer, so it is a no."""
        if not _is_answered():
            return False
        print(f"{question} [y/N] ".translate(_OBEYED), end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().casefold() in {"y", "yes"}

    def secret(self, question: str) -> str | None:
        """Ask for something that is not shown while it is typed; None without a terminal."""
        if not _is_answered():
            return None
        return getpass(f"{question}: ", stream=sys.stderr)

    def heading(self, text: str, style: str = "strong") -> None:
        """A line above what belongs to it."""
        if self.is_live:
            self.console().print(_styled(Cell(text, style)))
        else:
            line(text)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        """A list: a table, cards on a narrow terminal, plain columns where nobody looks."""
        cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
        if not self.is_live:
            _plain(columns, cells)
        elif self.width < NARROW:
            _cards(self.console(), cells)
        else:
            _table(self.console(), columns, cells)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names and values below one another; what is empty is left out."""
        told = [(name, value) for name, value in facts if value]
        room = max((len(name) for name, _ in told), default=0)
        for name, value in told:
            first, *rest = value.splitlines() or [""]
            line(f"{name:<{room}}  {first}")
            for more in rest:
                line(f"{'':<{room}}  {more}")

    def banner(self, text: str) -> None:
        """A sentence that nobody may overlook."""
        if not self.is_live:
            line(f"== {text} ==")
            return
        from rich.panel import Panel
        from rich.text import Text

        self.console().print(Panel(Text(text), border_style="cyan", expand=False))

    @contextmanager
    def progress(self, words: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on stderr while something long runs; the function that it yields hears how much is done of how much."""
        if self.is_quiet or not sys.stderr.isatty():
            yield lambda done, of: None  # noqa: ARG005 - nobody looks
            return
        from rich.progress import Progress

        with Progress(console=self.console(is_error=True), transient=True) as bar:
            task = bar.add_task(words, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)

    def console(self, *, is_error: bool = False) -> Console:
        """Rich's console, for what needs the whole terminal."""
        from rich.console import Console

        return Console(stderr=is_error, no_color=self.is_colourless, highlight=False, soft_wrap=False)


def _plain(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
    heads = [column.head for column in columns]
    told = [[one_line(cell.text) for cell in row] for row in rows]
    widths = [max(map(len, texts)) for texts in zip(heads, *told, strict=True)] if told else [len(h) for h in heads]
    for texts in (heads, *told):
        line("  ".join(f"{text:<{width}}" for text, width in zip(texts, widths, strict=True)).rstrip())


def _table(console: Console, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", expand=False)
    for column in columns:
        table.add_column(column.head, no_wrap=column.is_fixed, ratio=None if column.is_fixed else column.share)
    for row in rows:
        table.add_row(*(_styled(cell) for cell in row))
    console.print(table)


def _cards(console: Console, rows: Sequence[Sequence[Cell]]) -> None:
    from rich.padding import Padding

    for row in rows:
        first, *rest = row
        console.print(_styled(first if first.style != "plain" else Cell(first.text, "strong")))
        for cell in rest:
            if cell.text:
                console.print(Padding(_styled(cell), (0, 0, 0, 2)))


def _styled(cell: Cell) -> Any:  # noqa: ANN401 - rich's Text, which is imported when it is needed
    from rich.text import Text

    return Text(printable(cell.text), style=STYLES[cell.style])


def printable(text: str) -> str:
    """*text* without what a terminal would obey: control characters and switches of direction."""
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable())


def one_line(text: str) -> str:
    """*text* on one line, without what a terminal would obey."""
    return printable(" ".join(text.split()))
