"""The first run of a house: its first admin, by the settings or by the setup token, and what that one has chosen."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr
from typing import TYPE_CHECKING

from cli.telling import is_json_alone, tell
from engine.access import setup
from engine.access.setup import SetupToken

if TYPE_CHECKING:
    from cli.run import Run
    from config.settings import Settings
    from engine.monitor import Monitor, Work


def admin_of_settings(work: Work, settings: Settings) -> None:
    """Make the admin whom the settings name, where there is none yet. Raises PasswordRefused."""
    if settings.admin_email and settings.admin_password and setup.is_needed(work):
        password = settings.admin_password.get_secret_value()
        setup.first_admin(work, setup.Newcomer(parseaddr(settings.admin_email)[1], password))


def chosen(monitor: Monitor, settings: Settings) -> Monitor:
    """The engine for the house that its first admin told of; what the settings say weighs more."""
    with monitor.look() as work:
        choices = setup.choices_of(work)
    return replace(monitor, house=choices.over(monitor.house, fixed=settings.model_fields_set))


def say_how_to_begin(run: Run, monitor: Monitor, place: str) -> None:
    """While nobody can sign in: where the first admin comes in, and by what. Raises OSError."""
    where = run.settings.data_dir
    token = SetupToken(where)
    with monitor.look() as work:
        is_needed = setup.is_needed(work)
    if not is_needed:
        token.die()
        return
    made, door = token.made(), f"{place}{run.settings.root_path}/setup"
    if is_json_alone(run):  # a secret is no line of a log
        tell(run, f"Nobody can sign in yet. Open {door} with the token that stands in {where / setup.FILE}.")
    else:
        run.terminal.note(f"Nobody can sign in yet. Open {door} with this token:\n  {made}")
