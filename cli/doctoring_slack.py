"""What a doctor looks at in Slack: whether the token opens a workspace, and what the bot may not do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.examined import BAD, OK, WARNING, Examined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings

_TIMEOUT: Final = 5.0  # seconds
_NAME: Final = "slack"


def slack_examined(settings: Settings, *, is_offline: bool) -> Iterator[Examined]:
    """One call of Slack; nothing where it is not set up."""
    if settings.slack_mode == "off":
        return
    if is_offline:
        yield Examined(_NAME, OK, f"{settings.slack_mode} mode, not asked")
        return
    from notifiers.slack.checking import Workspace, workspace
    from notifiers.slack.client import SlackClient

    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    found = workspace(SlackClient(token, api_url=settings.slack_api_url, timeout=_TIMEOUT))
    if not isinstance(found, Workspace):
        remedy = "Look at LONGSTOP_SLACK_BOT_TOKEN and at the way to Slack; install the app anew if it was taken out."
        yield Examined(_NAME, BAD, found.trouble.why, remedy)
    elif found.missing:
        told = f"{found.team}: the bot may not {', '.join(found.missing)}"
        yield Examined(_NAME, WARNING, told, "Add these scopes (`longstop slack manifest`) and install the app anew.")
    else:
        yield Examined(_NAME, OK, f"{found.team}, {settings.slack_mode} mode")
