"""``python -m cli.apart``: the process in which a process at work lets a large file be taken in.

It is told all that it needs, settings with their secrets as well, through its input, where nobody else looks.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from engine.bulk import letting_others_write
from engine.uploading import apart
from engine.uploading.folder import Uploads
from engine.uploading.task import do

if TYPE_CHECKING:
    from config.settings import Settings
    from engine.clock import Clock
    from engine.uploading.apart import Apart
    from engine.uploading.task import Heard, Task

#: Without the folder in which the house was started: what lies there is no part of the program.
_COMMAND: Final = (sys.executable, "-P", "-m", "cli.apart")


@dataclass(frozen=True, slots=True)
class _Asked:
    settings: Settings
    clock: Clock
    task: Task


def by_process(settings: Settings, clock: Clock) -> Apart | None:
    """How a task is done in a process of its own; None where the register is in the memory of this one."""
    if settings.database.get_secret_value() in {"sqlite://", "sqlite:///:memory:"}:
        return None

    def done(task: Task, heard: Heard) -> dict[str, Any]:
        found: dict[str, Any] = apart.ask(_COMMAND, _Asked(settings, clock, task), heard)
        return found

    return done


def _do(asked: _Asked, heard: Heard) -> dict[str, Any]:
    from cli import bootstrap, first_run
    from config.logging import configure_logging

    settings = asked.settings
    configure_logging(form=settings.log_format, level=settings.log_level)
    monitor = replace(bootstrap.assembled(settings), clock=asked.clock)
    try:
        uploads = Uploads(settings.data_dir)
        return do(first_run.chosen(monitor, settings), uploads, asked.task, letting_others_write(heard))
    finally:
        bootstrap.closed(monitor)


def main() -> int:
    """Answer on what was standard output; what anybody prints meanwhile goes where the log goes."""
    try:
        with os.fdopen(os.dup(1), "wb") as saying:
            os.dup2(2, 1)
            return apart.answer(sys.stdin.buffer, saying, _do)
    except BrokenPipeError:  # nobody waits any more, and a word was still to be said
        return 1


if __name__ == "__main__":
    sys.exit(main())
