from notifiers.slack.manifest import SCOPES, manifest
from tests.support import slack_server


def test_in_socket_mode_slack_calls_nobody():
    made = manifest("https://longstop.example", is_socket=True)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "longstop.example" not in str(made)


def test_in_http_mode_slack_calls_longstop_at_its_address():
    made = manifest("https://longstop.example/", is_socket=False)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == "https://longstop.example/slack/interactions"
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://longstop.example/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == "https://longstop.example/slack/commands"


def test_the_bot_may_do_what_its_calls_need_and_nothing_more():
    needed = {scope for scopes in slack_server._NEEDS.values() for scope in scopes} - {"connections:write"}
    assert set(SCOPES) - {"commands", "metadata.message:read"} == needed


def test_names_are_as_short_as_slack_wants_them():
    about = manifest("", is_socket=True)["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
