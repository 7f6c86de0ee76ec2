"""Passwords at the command line: asked for twice, read from a file, or made up; never an argument that others see."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cli.errors import UsageRefused
from engine.documents.people import person_row

if TYPE_CHECKING:
    from pathlib import Path

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.people import Person


def password_for(run: Run, email: str, *, file: Path | None, is_generated: bool) -> str:
    """The password that somebody shall have. Raises UsageRefused, also for a file that cannot be read."""
    if is_generated and file is not None:
        raise UsageRefused("Say --generate or --file, not both.", remedy="--generate makes one up.")
    if is_generated:
        return secrets.token_urlsafe(15)
    if file is not None:
        return _first_line(file)
    first = None if run.as_json else run.terminal.secret(f"New password of {email}")
    if first is None:
        raise UsageRefused("There is nobody to ask for a password.", remedy="Say --generate, or --file FILE.")
    if first != run.terminal.secret("The same again"):
        raise UsageRefused("The two are not the same. Nothing was changed.", remedy="Type it again.")
    return first


def tell_password(run: Run, work: Work, person: Person, shown: str) -> None:
    """Say that it is set; one that was made up is *shown*, this once."""
    work.settle()
    shown = "" if run.is_dry_run else shown  # what is rolled back opens nothing
    if run.as_json:
        item = {**person_row(work, person), "password": shown or None, "is_dry_run": run.is_dry_run}
        run.answer("person-password", item=item)
        return
    run.terminal.line(f"{person.email} has a new password{run.tried}.")
    if shown:
        run.terminal.line(f"  {shown}")


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageRefused(
            f"--file: {file} cannot be read.", remedy="Name a text file that is there and that this user may read."
        ) from error
    return lines[0] if lines else ""
