"""Clicks that come by Slack's socket: the same deeds, acknowledged after they are kept."""

import gc
import warnings
from contextlib import contextmanager

import pytest

from config.playbooks import shipped
from notifiers.slack.client import SlackClient
from notifiers.slack.parts import value_of
from store.database import open_database
from tests.support.databases import in_file
from tests.support.slack_server import APP_TOKEN, TOKEN, SlackServer
from tests.support.slack_socket import SlackSocket
from tests.support.world import World
from web.slack.door import SlackDoor
from web.slack.listener import SlackListener
from web.slack.people import Accounts


@pytest.fixture
def world(tmp_path):
    """Olga was told this morning; in a file, for the socket has threads of its own."""
    database = in_file(tmp_path)
    made = World("2026-11-02T08:30", database=database)
    made.playbooks(*shipped())
    made.staff()
    made.agreement()
    made.live_until("2026-11-02T09:00")
    made.expect(*made.unexpected)
    yield made
    database.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the SDK leaves a socket open whose handshake fails
        gc.collect()


@contextmanager
def listening(world, server, end):
    client = SlackClient(TOKEN, api_url=server.url, timeout=5.0)
    door = SlackDoor(world.monitor, client, Accounts(world.monitor, client))
    listener = SlackListener(door, app_token=APP_TOKEN, api_url=server.url)
    listener.start()
    try:
        yield listener
    finally:
        with end.talking():
            listener.close()


def click(world, user, envelope, action="acknowledge"):
    row = world.row("ACME-7 notice")
    pressed = {
        "action_id": action,
        "action_ts": "1793606400.000100",
        "value": value_of(row.id, row.revision, "-30d"),
    }
    payload = {
        "type": "block_actions",
        "team": {"id": "T0001"},
        "user": {"id": user, "username": "olga", "team_id": "T0001"},
        "trigger_id": "1.2.3",
        "actions": [pressed],
    }
    return {"type": "interactive", "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}


def test_an_envelope_is_acknowledged_after_it_was_kept_and_once_sent_again_acts_once(world):
    with SlackServer() as server, SlackSocket() as end:
        olga, server.socket_url = server.user("Olga"), end.url
        with listening(world, server, end):
            for count in range(2):
                end.send(click(world, olga, f"e{count}"))
                assert end.heard() == {"envelope_id": f"e{count}"}
                assert world.row("ACME-7 notice").state == "acknowledged"
    assert len(world.events("MilestoneAcknowledged")) == 1


def test_a_command_is_answered_in_its_acknowledgement(world):
    with SlackServer() as server, SlackSocket() as end:
        olga, server.socket_url = server.user("Olga"), end.url
        with listening(world, server, end):
            said = {"command": "/deadlines", "text": "", "team_id": "T0001", "user_id": olga, "user_name": "olga"}
            envelope = {"type": "slash_commands", "envelope_id": "e1", "payload": said}
            end.send({**envelope, "accepts_response_payload": True})
            answer = end.heard()
    assert (answer["envelope_id"], answer["payload"]["response_type"]) == ("e1", "ephemeral")
    assert answer["payload"]["text"] == "Your next deadlines: 6 deadlines"


def test_what_could_not_be_kept_is_not_acknowledged(world):
    with SlackServer() as server, SlackSocket() as end:
        olga, server.socket_url = server.user("Olga"), end.url
        envelope = click(world, olga, "e1")
        whole, nothing = world.monitor.database, open_database("sqlite://")
        with listening(world, server, end):
            object.__setattr__(world.monitor, "database", nothing)
            end.send(envelope)
            assert end.heard(1.0) is None
            object.__setattr__(world.monitor, "database", whole)
            end.send(envelope)
            assert end.heard() == {"envelope_id": "e1"}
        nothing.close()
    assert world.row("ACME-7 notice").state == "acknowledged"


def test_a_socket_that_cannot_be_opened_yet_is_tried_again(world):
    with SlackServer() as server, SlackSocket() as end:
        olga = server.user("Olga")
        with listening(world, server, end):
            assert server.asked.wait(20), "nobody asks where the socket is"
            server.socket_url = end.url
            end.send(click(world, olga, "e1"))
            assert end.heard() == {"envelope_id": "e1"}
