"""How a command is asked: what every reading and every changing command understands beside its own options.

``reading`` adds ``--json``, ``--as`` and ``--today``; ``changing`` adds ``--json``, ``--as``, ``--dry-run`` and
``--yes``; ``trying`` the same without ``--as``; ``reckoning`` adds ``--json`` and ``--today``; ``plain`` only
``--json``. The command gets a ``Run`` as its first argument.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, get_type_hints

import typer

if TYPE_CHECKING:
    from cli.run import Run

P = ParamSpec("P")

_JSON = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
_TODAY = Annotated[str, typer.Option("--today", metavar="DATE", help="As if it were this day.", show_default=False)]


def _somebody(email: str | None) -> str:
    """Nobody is meant by an address that is empty, least of all the operator. Raises UsageRefused."""
    if email is not None and not email.strip():
        from cli.errors import UsageRefused

        raise UsageRefused("--as: it names nobody.", remedy="Write an address, or leave --as out to act as operator.")
    return email or ""


_AS = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="EMAIL",
        help="Act and see as this person, with their rights.",
        show_default=False,
        callback=_somebody,
    ),
]
_DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Do it, show what it does, and keep nothing.")]
_YES = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_ALL = {
    "as_json": (_JSON, False),
    "today": (_TODAY, ""),
    "as_email": (_AS, None),
    "is_dry_run": (_DRY_RUN, False),
    "is_yes": (_YES, False),
}


def plain(command: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command that neither reads nor changes the register."""
    return _with(command, "as_json")


def trying(command: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command of the operator alone that can be tried first."""
    return _with(command, "as_json", "is_dry_run", "is_yes")


def reckoning(command: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command that asks what day it is, but not who asks: what it tells is the same for everybody."""
    return _with(command, "as_json", "today")


def reading(command: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command that shows the register, and changes nothing."""
    return _with(command, "as_json", "as_email", "today")


def changing(command: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command that changes the register."""
    return _with(command, "as_json", "as_email", "is_dry_run", "is_yes")


def _with(command: Callable[Concatenate[Run, P], None], *names: str) -> Callable[..., None]:
    """*command* as typer shall see it: its own options, then those that are *names*."""
    signature = inspect.signature(command)
    hints = get_type_hints(command, localns={"Run": object}, include_extras=True)
    own = [each.replace(annotation=hints[each.name]) for each in list(signature.parameters.values())[1:]]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name in names
        for annotation, default in [_ALL[name]]
    ]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    answer: Callable[..., None] = command

    @wraps(command)
    def asked(ctx: typer.Context, **given: Any) -> None:  # noqa: ANN401 - whatever typer has read
        from cli.run import Asked, Run

        with Run(ctx.find_root().obj, Asked(**{name: given.pop(name) for name in names})) as run:
            answer(run, **given)

    parameters = [context, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *added]
    asked.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # as inspect reads it
    asked.__annotations__ = {each.name: each.annotation for each in parameters}
    return asked
