"""Which doors are open by which settings."""

import pytest

from cli import bootstrap
from cli.doors import doors, hearing_slack, site
from config.yaml_source import YamlRefused
from tests.support.slack_server import APP_TOKEN, TOKEN, SlackServer
from tests.support.slack_socket import SlackSocket
from tests.support.world import World

SLACK = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": "8f742231b10e8888"}


def paths(monitor, **given):
    return {route.path for door in doors(monitor, bootstrap.settings_of(given)) for route in door.routes}


@pytest.fixture
def assembled(tmp_path):
    """The engine as the bootstrap makes it."""
    monitor = bootstrap.assembled(bootstrap.settings_of({"DATA_DIR": str(tmp_path)}))
    yield monitor
    bootstrap.closed(monitor)


def test_links_are_always_open_and_slack_only_in_http_mode(assembled):
    slack = {"/slack/interactions", "/slack/commands", "/slack/events"}
    always = paths(assembled)
    assert "/act/{token}" in always
    assert paths(assembled, SLACK_MODE="socket", **SLACK) == always
    assert paths(assembled, SLACK_MODE="http", **SLACK) - always == slack


def test_a_file_of_hooks_opens_their_doors_or_is_refused(assembled, tmp_path):
    (tmp_path / "secret").write_text("documenso-secret")
    file = tmp_path / "hooks.yaml"
    file.write_text("dso: {preset: documenso, verify: {secret_file: secret}}")
    assert paths(assembled, HOOKS_FILE=str(file)) - paths(assembled) == {"/hooks/{name}"}
    file.write_text("dso: {preset: documenso}")
    with pytest.raises(YamlRefused, match="secret is missing"):
        paths(assembled, HOOKS_FILE=str(file))


def test_the_pages_know_the_rules_that_ship_and_those_of_the_house(assembled, tmp_path):
    own = tmp_path / "playbooks" / "checklists"
    own.mkdir(parents=True)
    items = "items: [{key: look, name: Look, kind: duty, due: 5bd after application, evidence: A note}]"
    (own / "harvest.yaml").write_text(f"checklist: harvest\nabout: What is ripe\n{items}\n")
    pages = site(assembled, bootstrap.settings_of({"DATA_DIR": str(tmp_path), "PLAYBOOK_DIR": str(own.parent)}))
    names = {one.name for one in pages.rules.checklists()}
    assert {"harvest", "nda-onboarding"} <= names


def test_the_links_of_one_start_open_at_the_next(tmp_path):
    def made():
        monitor = bootstrap.assembled(bootstrap.settings_of({"DATA_DIR": str(tmp_path)}))
        bootstrap.closed(monitor)
        return monitor.links

    token = made().nonce("token", generation=1, shown_at=2)
    assert made().read_nonce("token", token).generation == 1
    (tmp_path / "secret-key").unlink()
    with pytest.raises(Exception, match="not known here"):
        made().read_nonce("token", token)


def test_slacks_socket_is_heard_in_socket_mode_alone():
    world = World()
    with SlackServer() as server, SlackSocket() as end:
        server.socket_url = end.url
        for mode, connections in (("http", 0), ("socket", 1)):
            settings = bootstrap.settings_of({"SLACK_MODE": mode, "SLACK_API_URL": server.url, **SLACK})
            with hearing_slack(world.monitor, settings):
                if mode == "socket":
                    end.send({"type": "hello", "envelope_id": "e0", "payload": {}})
                assert end.connections == connections
    world.monitor.database.close()


def test_as_many_messages_are_handed_over_at_once_as_is_set(tmp_path):
    monitor = bootstrap.assembled(bootstrap.settings_of({"DATA_DIR": str(tmp_path), "SENDERS": "3"}))
    bootstrap.closed(monitor)
    assert monitor.house.senders == 3
