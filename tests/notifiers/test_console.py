import io
import json

from lifecycle.delivery import Accepted, InDoubt
from notifiers.base import Outgoing
from notifiers.console import ConsoleNotifier
from tests.support.facts import facts


def outgoing(notifier):
    return Outgoing("d-000001", "dana@example.com", notifier.compose(facts()))


def test_a_message_is_readable_text_with_address_and_subject():
    stream = io.StringIO()
    notifier = ConsoleNotifier(stream)
    assert notifier.send(outgoing(notifier), lambda: True) == Accepted()
    lines = stream.getvalue().split("\n")
    assert lines[1:3] == [
        "To: dana@example.com",
        "Subject: [Action by 1 Dec] Acme Labs GmbH \N{EN DASH} Hosting MSA: send non-renewal notice",
    ]
    assert lines[4].startswith("Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026")


def test_a_message_in_a_log_of_json_is_one_line_of_it():
    stream = io.StringIO()
    notifier = ConsoleNotifier(stream, as_json=True)
    message = outgoing(notifier)
    assert notifier.send(message, lambda: True) == Accepted()
    [line] = stream.getvalue().splitlines()
    assert json.loads(line) == {
        "event": "message",
        "to": "dana@example.com",
        "subject": message.frozen.subject,
        "text": message.frozen.body.decode(),
    }


def test_a_closed_stream_leaves_a_doubt():
    stream = io.StringIO()
    notifier = ConsoleNotifier(stream)
    message = outgoing(notifier)
    stream.close()
    assert notifier.send(message, lambda: True) == InDoubt("the stream broke: ValueError")


def test_a_stream_that_knows_no_umlauts_leaves_a_doubt():
    notifier = ConsoleNotifier(io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert isinstance(notifier.send(outgoing(notifier), lambda: True), InDoubt)
