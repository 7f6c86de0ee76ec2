"""The first run of a house: its first admin, by the settings or by the setup token, and what that one has chosen."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr
from typing import TYPE_CHECKING

from engine.access import setup
from engine.access.setup import SetupToken

if TYPE_CHECKING:
    from cli.render import Terminal
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


def say_how_to_begin(terminal: Terminal, monitor: Monitor, settings: Settings, place: str) -> None:
    """While nobody can sign in: where the first admin comes in, and by what. Raises OSError."""
    token = SetupToken(settings.data_dir)
    with monitor.look() as work:
        is_needed = setup.is_needed(work)
    if is_needed:
        terminal.note(f"Nobody can sign in yet. Open {place}{settings.root_path}/setup with this token:")
        terminal.note(f"  {token.made()}")
    else:
        token.die()
