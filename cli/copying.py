"""Moving house: a whole register from one database into another, of the same kind or the other."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import Failed, UsageRefused
from store.copying import copy_register
from store.database import open_database
from store.migrate import is_current, must_not_be_newer, upgrade

if TYPE_CHECKING:
    from store.database import Database

_KINDS = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


def copied(from_url: str, to_url: str) -> dict[str, int]:
    """How many rows were copied, by table; the target gets this version's form first.

    Raises UsageRefused for what is no URL of a database, Failed for no register of this version, TargetNotEmpty,
    NewerDatabase, DatabaseBusy, ChainBroken.
    """
    if from_url == to_url:
        raise UsageRefused("Both are the same database.", remedy="Name two.")
    file = from_url.removeprefix("sqlite:///")
    if file != from_url and not Path(file).is_file():
        raise UsageRefused(
            f"There is no file {file}.", remedy="An absolute path has four strokes: sqlite:////data/longstop.db"
        )
    folder = Path(to_url.removeprefix("sqlite:///")).parent
    if to_url.startswith("sqlite:///") and not folder.is_dir():
        raise UsageRefused(f"There is no folder {folder}.", remedy="Make it, or name another one.")
    with ExitStack() as stack:
        source, target = (_opened(stack, one) for one in (from_url, to_url))
        must_not_be_newer(source)
        if not is_current(source):
            remedy = "Bring it there first: `longstop db upgrade` with its URL in LONGSTOP_DATABASE_URL."
            raise Failed("The source is no register of this version.", remedy=remedy)
        upgrade(target)
        return copy_register(source, target, verify=True)


def _opened(stack: ExitStack, url: str) -> Database:
    if not url.startswith(_KINDS):
        raise UsageRefused(
            "That is no URL of a database.", remedy="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        )
    database = open_database(url)
    stack.callback(database.close)
    return database
