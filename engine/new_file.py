"""A file that somebody asked for gets its name only where nothing bears it: what lies there may be the last good."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How the folder begins in which a file is made before it has its name.
BESIDE: Final = ".longstop-"


class FileThere(StoreError):
    """Nothing is overwritten."""

    code = "already-there"

    def __init__(self, file: Path) -> None:
        super().__init__(f"There is already a file {file}.", remedy="Name a file that is not there yet, or move it.")


@contextmanager
def new_file(out: Path) -> Iterator[Path]:
    """A path beside *out* to write to; what was written there, whole, is called *out* in the end.

    Raises FileThere, before anything is done and in the end; OSError, of *out*, where nothing can be written.
    """
    must_be_new(out)
    with asked_for(out), TemporaryDirectory(dir=out.parent, prefix=BESIDE) as made:
        part = Path(made) / out.name
        yield part
        if part.exists():
            put_new(part, out)


@contextmanager
def new_folder(into: Path) -> Iterator[None]:
    """The folder *into*, empty or not there yet, and so again where filling it breaks off. Raises OSError."""
    made = [one for one in (into, *into.parents) if not one.exists()]
    into.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for path in into.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for one in made:
            one.rmdir()
        raise


@contextmanager
def asked_for(out: Path) -> Iterator[None]:
    """An OSError of what lies BESIDE *out*, or of nothing that it names, is one of *out*."""
    try:
        yield
    except OSError as error:
        if error.filename is None or BESIDE in str(error.filename):
            error.filename, error.filename2 = str(out), None
        raise


def must_be_new(out: Path) -> None:
    """Raises FileThere where something lies at *out*, also a link to nothing."""
    if os.path.lexists(out):
        raise FileThere(out)


def put_new(part: Path, out: Path) -> None:
    """Give *part*, which stays, its name. Raises FileThere where somebody took that name meanwhile, OSError."""
    try:
        os.link(part, out)
    except FileExistsError:
        raise FileThere(out) from None
    except OSError:  # a disk without hard links: a name that is taken in this moment is lost
        part.replace(out)
