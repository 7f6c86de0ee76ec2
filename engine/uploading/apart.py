"""A task in a process of its own: asked through its input, answered through its output, every word pickled.

1. All the memory that a large file needs is the other process's, and goes with it; nor does it take turns with pages.
2. How far it is comes back word by word; an error is the same error here.
3. A process that ends without a last word has broken. What it had committed stands, whole batches of rows.
4. When the one that asked is gone, the next word meets nobody, and the other ends between two transactions.

Both ends are this program in the same version: nobody else writes into these pipes.
"""

from __future__ import annotations

import pickle
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol

import structlog

from engine.monitor import place_of
from engine.uploading.task import ImportBroken
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.uploading.task import Heard, Task

log = structlog.get_logger(__name__)


class Apart(Protocol):
    """Does a task in a process of its own."""

    def __call__(self, task: Task, heard: Heard) -> dict[str, Any]:
        """As ``engine.uploading.task.do``; raises ImportBroken where the other process ended before it was done."""


@dataclass(frozen=True, slots=True)
class _Far:
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class _Answer:
    value: Any


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An error by what it is made of: most are made of a sentence's parts, and could not be made again from it."""

    kind: type[LifecycleError]
    args: tuple[Any, ...]
    told: Mapping[str, Any]

    def error(self) -> LifecycleError:
        """The same error."""
        made = self.kind.__new__(self.kind, *self.args)
        made.__dict__.update(self.told)
        return made


def ask(command: Sequence[str], asked: object, heard: Heard) -> Any:  # noqa: ANN401 - whatever is answered
    """What the process that *command* starts answers to *asked*. Raises what it refuses with, or ImportBroken."""
    last: _Answer | _Refusal | None = None
    # A session of its own: Ctrl-C ends the one that asked, and by that the other.
    with subprocess.Popen(  # noqa: S603 - this program itself
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        if _said(process.stdin, asked):
            for word in _words(process.stdout):
                if isinstance(word, _Far):
                    heard(word.done, word.of)
                else:
                    last = word
    match last:
        case _Answer():
            return last.value
        case _Refusal():
            raise last.error()
        case None:
            log.error("an import ended before it was done", status=process.returncode)
            raise ImportBroken


def answer(hearing: IO[bytes], saying: IO[bytes], do: Callable[[Any, Heard], Any]) -> int:
    """The other end: do what is asked, and say what came of it. The status with which the process ends."""
    asked = pickle.load(hearing)  # noqa: S301 - see the module
    try:
        last: object = _Answer(do(asked, lambda done, of: _say(saying, _Far(done, of))))
    except LifecycleError as error:
        last = _Refusal(type(error), error.args, vars(error))
    except BrokenPipeError:  # nobody waits any more
        return 1
    except Exception as error:  # noqa: BLE001 - its text may hold cells; who asked hears that it broke
        log.error("an import failed", why=f"{type(error).__name__} in {place_of(error)}")  # noqa: TRY400
        return 1
    _say(saying, last)
    return 0


def _said(pipe: IO[bytes] | None, asked: object) -> bool:
    """Whether it could be told what is asked."""
    if pipe is None:
        return False
    try:
        with pipe:
            pickle.dump(asked, pipe)
    except BrokenPipeError:
        return False
    return True


def _words(pipe: IO[bytes] | None) -> Iterator[Any]:
    """All that it says, up to its end, also where that comes within a word."""
    while pipe is not None:
        try:
            yield pickle.load(pipe)  # noqa: S301 - see the module
        except (EOFError, pickle.UnpicklingError):
            return


def _say(pipe: IO[bytes], word: object) -> None:
    pickle.dump(word, pipe)
    pipe.flush()
