"""The app that Longstop is in Slack, as Slack takes it (https://docs.slack.dev/reference/app-manifest).

``connections:write`` is no scope of the bot: in socket mode it belongs to the app-level token, which Slack lets people
make by hand (*Basic Information, App-Level Tokens*). Not verified against a real workspace.
"""

from __future__ import annotations

from typing import Any, Final

#: What the bot may do, and what for.
SCOPES: Final = (
    "chat:write",  # messages
    "im:write",  # conversations with people
    "users:read",  # who was deactivated
    "users:read.email",  # who is behind a mail address
    "commands",  # /deadlines
    "channels:history",  # whether a message arrived whose answer was lost
    "groups:history",
    "im:history",
    "metadata.message:read",
)
COMMAND: Final = "/deadlines"
EVENTS: Final = ("app_home_opened",)
_NAME: Final = "Longstop"
_ABOUT: Final = "Watches agreements, and makes sure that the right person acts before the last safe day"


def manifest(base_url: str, *, is_socket: bool) -> dict[str, Any]:
    """The manifest; in http mode Slack calls Longstop at *base_url*."""
    base = base_url.rstrip("/")

    def called_at(path: str, key: str = "request_url") -> dict[str, str]:
        return {} if is_socket else {key: f"{base}/slack/{path}"}

    command = {"command": COMMAND, "description": "My next deadlines", "should_escape": True}
    return {
        "display_information": {"name": _NAME, "description": _ABOUT},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [command | called_at("commands", "url")],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **called_at("events")},
            "interactivity": {"is_enabled": True, **called_at("interactions")},
            "org_deploy_enabled": False,
            "socket_mode_enabled": is_socket,
            "token_rotation_enabled": False,
        },
    }
