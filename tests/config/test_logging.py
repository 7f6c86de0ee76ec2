"""The log: one line a fact, readable by machines, silent about secrets whoever speaks."""

import io
import json
import logging
from time import process_time

import pytest
import structlog

from config.logging import configure_logging, redact


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def log():
    """Configure the log into a string and put everything back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def _log(form="json", level="info", stream=None):
        stream = stream or io.StringIO()
        configure_logging(form=form, level=level, stream=stream)
        return stream

    yield _log
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_fact_is_one_json_line_with_level_instant_and_ids(log):
    stream = log()
    structlog.get_logger("engine.delivery.outbox").info("delivery.accepted", delivery_id="d1", attempts=2)
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery.accepted",
        "level": "info",
        "logger": "engine.delivery.outbox",
        "delivery_id": "d1",
        "attempts": 2,
    }


def test_bound_ids_are_on_every_line(log):
    stream = log()
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger().info("one")
    logging.getLogger("uvicorn.error").info("two")
    assert [line["request_id"] for line in lines(stream)] == ["r1", "r1"]


def test_the_standard_library_speaks_through_the_same_door(log):
    stream = log()
    logging.getLogger("engine").warning("for %s", "olga.berg@example.com", extra={"milestone_id": "m1"})
    (line,) = lines(stream)
    assert (line["event"], line["milestone_id"], line["level"]) == ("for o***@example.com", "m1", "warning")


def test_what_a_server_says_in_colours_as_well_is_said_once(log):
    stream = log()
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "\x1b[36mStarted\x1b[0m"})
    (line,) = lines(stream)
    assert sorted(line) == ["event", "level", "logger", "timestamp"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GET /act/eyJhbGciOi.x-y_z?next=1", "GET /act/***?next=1"),
        ("POST /evidence-upload/nQip_ov-NYxS HTTP/1.1", "POST /evidence-upload/*** HTTP/1.1"),
        ('"POST /act/abc.def/done HTTP/1.1"', '"POST /act/***/done HTTP/1.1"'),
        ("GET /digests/Zm9v.YmFy 200", "GET /digests/*** 200"),
        ("POST /password/Zm9vYmFy-_x 303", "POST /password/*** 303"),
        ("GET /feeds/Zm9vYmFy-_x.ics 304", "GET /feeds/***.ics 304"),
        ("GET /feeds/Zm9vYmFy/todo.ics 200", "GET /feeds/***/todo.ics 200"),
        ("Authorization: Bearer lst_abc123", "Authorization: Bearer ***"),
        ("token lst_abcDEF-1 revoked", "token lst_*** revoked"),
        ("xoxb-123-abc and xapp-1-A-b", "xoxb-*** and xapp-***"),
        ("postgresql://me:hunter2@db/longstop", "postgresql://***@db/longstop"),
        ("imaps://b@example.com:pw@mail.example.com/INBOX", "imaps://***@mail.example.com/INBOX"),
        ("to dana@example.com, d@x.example.org", "to d***@example.com, d***@x.example.org"),
        ("password=hunter2&user=me", "password=***&user=me"),
        (
            "agreement ACME-7 due 2026-12-01 in /data/longstop.db",
            "agreement ACME-7 due 2026-12-01 in /data/longstop.db",
        ),
        ("GET /deadlines/4f2a", "GET /deadlines/4f2a"),
    ],
)
def test_secrets_in_text_are_hidden_and_the_rest_stays(text, hidden):
    assert redact(text) == hidden


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "/feeds/", "x://", "://", "password=", "token", "secret ", "lst_", "Bearer ", "xoxb-"]
)
def test_a_long_text_takes_the_time_of_its_length(piece):
    began = process_time()
    redact(piece * (100_000 // len(piece)))
    redact("/feeds/" + piece * (100_000 // len(piece)) + "@")
    assert process_time() - began < 5, "begun anew at every letter it takes a minute"


def test_redacting_twice_is_the_same_as_once():
    text = "dana@example.com /act/abc /feeds/x.ics Bearer abc postgresql://a:b@c/d password=1"
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("key", ["password", "smtp_password", "SECRET_KEY", "access_token", "Cookie", "api_key"])
def test_a_key_that_sounds_secret_hides_its_value(log, key):
    stream = log()
    structlog.get_logger().info("x", **{key: "hunter2", "nested": {key: ["hunter2"]}})
    assert "hunter2" not in stream.getvalue()
    assert lines(stream)[0][key] == "***"


def test_lists_mappings_and_objects_are_searched_too(log):
    stream = log()

    class Speaks:
        def __str__(self):
            return "dana@example.com"

    structlog.get_logger().info("x", people=["dana@example.com"], by={"mail": ("dana@example.com",)}, thing=Speaks())
    assert "dana" not in stream.getvalue()
    assert stream.getvalue().count("d***@example.com") == 3


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_is_told_without_its_secrets(log, form):
    stream = log(form)
    sentence = "cannot open postgresql://me:hunter2@db/longstop"
    try:
        raise ValueError(sentence)  # noqa: TRY301 - to be caught and logged
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("other").exception("failed too")
    assert "hunter2" not in stream.getvalue()
    assert stream.getvalue().count("postgresql://***@db/longstop") == 2
    assert stream.getvalue().count("Traceback") == 2


def test_a_terminal_gets_text_and_a_pipe_gets_json(log):
    terminal = log("auto", stream=Terminal())
    structlog.get_logger().info("hello", milestone_id="m1")
    assert not terminal.getvalue().startswith("{")
    assert "hello" in terminal.getvalue()
    pipe = log("auto")
    structlog.get_logger().info("hello")
    assert lines(pipe)[0]["event"] == "hello"


def test_what_is_below_the_level_is_not_said(log):
    stream = log(level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("any").info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_chatty_libraries_are_heard_only_when_asked(log):
    quiet = log()
    logging.getLogger("apscheduler.executors.default").info("Running job")
    assert quiet.getvalue() == ""
    asked = log(level="debug")
    logging.getLogger("apscheduler.executors.default").info("Running job")
    assert lines(asked)[0]["event"] == "Running job"


def test_configuring_twice_says_each_line_once(log):
    log()
    stream = log()
    structlog.get_logger().info("once")
    assert len(lines(stream)) == 1
