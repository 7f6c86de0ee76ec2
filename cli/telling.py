"""What a process at work says of itself: beside its log, or as lines of it where that is to be JSON alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from cli import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.run import Run

log = structlog.get_logger(__name__)


def tell(run: Run, text: str, *, is_news: bool = False) -> None:
    """Say it; *is_news*: as it should be, and nothing to be warned of."""
    if not is_json_alone(run):
        run.terminal.note(text)
    elif is_news:
        log.info(text)
    else:
        log.warning(text)


def is_json_alone(run: Run) -> bool:
    """Whether no plain line may stand in the log. Raises SettingsError."""
    return run.settings.log_format == "json"


@contextmanager
def ending_in_its_log(run: Run) -> Iterator[None]:
    """What ends the process inside is told where the rest is told, once it is known where that is."""
    run.settings  # noqa: B018 - what is wrong with the settings is told as ever
    try:
        yield
    except Exception as error:
        if not is_json_alone(run):
            raise
        raise SystemExit(errors.logged(error)) from error
