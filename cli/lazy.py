"""Groups and commands as typer knows them, with two habits of ours.

The root loads a command's module when the command is asked for, and lists all of them from ``cli.catalogue`` without
loading any. A command shows its example below its options, line by line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as typer_command

from cli.catalogue import ENTRIES, PANELS

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED: Final = 130
_WHOLE: Final = 10_000  # letters, more than any sentence has


class Command(TyperCommand):
    """A command whose epilog is its example, and whose first sentence its group lists whole, whatever the terminal."""

    def get_short_help_str(self, limit: int = _WHOLE) -> str:
        """The first sentence; a line that is too long is wrapped between words, never cut at *limit*."""
        return super().get_short_help_str(max(limit, _WHOLE))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's own classes
        """One line for each line of the example, never wrapped into one another."""
        if self.epilog:
            with formatter.section("Example"):
                for line in self.epilog.splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class Root(TyperGroup):
    """All of ``longstop``: commands in panels, and errors as sentences with their exit codes."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - handed on to typer
        super().__init__(**{**attributes, "commands": _Loaded()})

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's own classes
        for panel in PANELS:
            with formatter.section(panel):
                formatter.write_dl([(name, entry.about) for name, entry in ENTRIES.items() if entry.panel == panel])

    def main(self, args: Sequence[str] | None = None, *given: Any, **options: Any) -> NoReturn:  # noqa: ANN401
        """Run a command line and end the process with the exit code that it deserves (INTERFACE.md C4)."""
        words = list(sys.argv[1:] if args is None else args)
        options["standalone_mode"] = False
        try:
            _check_readable(words)
            code = super().main(words, *given, **options)
            if code == _INTERRUPTED:
                code = _told(KeyboardInterrupt(), words)  # of which typer has made a number
        except BaseException as error:  # noqa: BLE001 - nobody may ever see a traceback
            code = _told(error, words)
        sys.exit(code if isinstance(code, int) else 0)


def _check_readable(words: Sequence[str]) -> None:
    """Raises UsageRefused for bytes that are no UTF-8: no register keeps them."""
    unread = next((word for word in words if any("\ud800" <= sign <= "\udfff" for sign in word)), None)
    if unread is not None:
        from cli.errors import UsageRefused

        remedy = "Write it in UTF-8 under a locale that has it, such as LC_ALL=C.UTF-8; rename such a file."
        raise UsageRefused(f"{unread!a} is no text in UTF-8.", remedy=remedy)


def _told(error: BaseException, words: Sequence[str]) -> int:
    """Say what went wrong; where the answer itself cannot be written, on stderr."""
    from cli.errors import told
    from cli.render import is_read_no_more

    if isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError):
        # Typer has made a number of it, and put a stdout of its own there, which is never broken.
        sys.stdout, error = sys.__stdout__, error.__context__
    if isinstance(error, BrokenPipeError) and is_read_no_more():
        return 0
    is_verbose = "--verbose" in words
    try:
        return told(error, as_json="--json" in words, is_verbose=is_verbose)
    except OSError as refused:
        return told(refused, as_json=False, is_verbose=is_verbose)


class _Loaded(MutableMapping[str, Any]):
    """The commands by name; each is made when it is first looked at."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's class of commands has no public name
        if name not in self._made:
            self._made[name] = _load(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(ENTRIES)

    def __len__(self) -> int:
        return len(ENTRIES)

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401 - as above
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]


def _load(name: str) -> Any:  # noqa: ANN401 - as above
    """The command or group *name*. A module that holds several top-level commands is a group that nobody sees."""
    made = typer_command(import_module(f"cli.commands.{ENTRIES[name].module}").app)
    within = getattr(made, "commands", {})
    if name in within:
        made = within[name]
    made.name = name
    return made
