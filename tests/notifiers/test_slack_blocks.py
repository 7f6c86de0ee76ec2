"""What people read in Slack: within every limit, nothing foreign becomes a mention, only the buttons still possible."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import MARKERS, MilestoneKind, MilestoneState
from notifiers.sheet import Standing
from notifiers.slack import limits
from notifiers.slack.blocks import message_blocks
from notifiers.slack.escaping import escape
from tests.support.facts import HOSTILE, deadline, digest, facts

URL = "https://longstop.example/deadlines/k3v9q2"
ANSWERED = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)
UNTIL = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def strings(value):
    """Every text in a message."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def valid(blocks):
    """Slack's own models take every block."""
    assert len(blocks) <= limits.BLOCKS
    for block in blocks:
        Block.parse(json.loads(json.dumps(block))).to_dict()
    return blocks


def actions(blocks):
    return [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


def said(blocks):
    return "\n".join(strings(blocks))


def shown(state, **standing):
    return facts(deadline(url=URL), standing=Standing(state=state, **standing))


def test_the_header_says_how_long_is_left_and_what_to_do():
    (header, *_) = message_blocks(facts())
    assert header["text"]["text"] == "10 days left: Acme Labs GmbH \N{EN DASH} Hosting MSA, send non-renewal notice"


def test_the_lead_line_stands_below_the_header():
    blocks = message_blocks(facts())
    assert blocks[1]["text"]["text"] == (
        "Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026 (in 10 days), or it renews for 12 months."
    )


def test_a_first_message_can_be_answered_in_every_way():
    blocks = valid(message_blocks(facts(deadline(url=URL))))
    assert actions(blocks) == ["acknowledge", "snooze", "done", "decide", "assign", "open"]


def test_acknowledge_alone_is_primary():
    (row,) = [block for block in message_blocks(facts()) if block["type"] == "actions"]
    assert [one["action_id"] for one in row["elements"] if one.get("style") == "primary"] == ["acknowledge"]


def test_a_button_says_which_deadline_as_of_which_revision_at_which_stage():
    (row,) = [block for block in message_blocks(facts(deadline(revision=3))) if block["type"] == "actions"]
    assert {one["value"] for one in row["elements"]} == {'{"milestone":"k3v9q2","revision":3,"stage":"-30d"}'}


def test_buttons_have_names_of_their_own_for_screen_readers():
    (row,) = [block for block in message_blocks(facts()) if block["type"] == "actions"]
    assert row["elements"][0]["accessibility_label"] == "Acknowledge: Acme Labs GmbH \N{EN DASH} Hosting MSA"


@pytest.mark.parametrize("kind", sorted(MARKERS))
def test_a_marker_asks_for_no_answer(kind):
    assert actions(valid(message_blocks(facts(deadline(kind, is_deadline=False, url=URL))))) == ["open"]


@pytest.mark.parametrize("kind", list(MilestoneKind))
def test_every_kind_of_milestone_is_laid_out_within_the_limits(kind):
    valid(message_blocks(facts(deadline(kind, is_deadline=kind not in MARKERS))))


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_every_kind_of_message_is_laid_out_within_the_limits(kind):
    assert valid(message_blocks(facts(kind=kind, heading="It happened", text="One.\nTwo.")))


def test_an_acknowledged_deadline_is_still_open_and_is_not_acknowledged_again():
    blocks = message_blocks(shown(MilestoneState.ACKNOWLEDGED, by="Olga", at=ANSWERED, until_at=UNTIL))
    assert actions(blocks) == ["snooze", "done", "decide", "assign", "open"]
    assert blocks[1]["text"]["text"] == (
        "Acknowledged by Olga, Sat 21 Nov 2026 10:12 Europe/Berlin. "
        "Quiet until Tue 24 Nov 2026 08:30 Europe/Berlin. Still open."
    )


def test_a_snoozed_deadline_can_still_be_acknowledged():
    blocks = message_blocks(shown(MilestoneState.SNOOZED, by="Olga", at=ANSWERED, until_at=UNTIL))
    assert actions(blocks) == ["acknowledge", "snooze", "done", "decide", "assign", "open"]
    assert "Snoozed by Olga" in blocks[1]["text"]["text"]


def test_a_noted_answer_says_that_more_is_needed():
    blocks = message_blocks(shown(MilestoneState.OPEN, by="Olga", at=ANSWERED))
    assert blocks[1]["text"]["text"] == "Noted by Olga, Sat 21 Nov 2026 10:12 Europe/Berlin. Still open."
    assert "acknowledge" not in actions(blocks)


def test_an_open_deadline_that_nobody_answered_reads_as_at_first():
    assert message_blocks(shown(MilestoneState.OPEN)) == message_blocks(facts(deadline(url=URL)))


@pytest.mark.parametrize("state", ["done", "decided", "waived", "withdrawn", "passed", "mooted"])
def test_what_has_ended_can_only_be_opened_and_asks_for_nothing(state):
    blocks = valid(message_blocks(shown(MilestoneState(state), by="Leo", at=ANSWERED, on=date(2026, 11, 20))))
    assert actions(blocks) == ["open"]
    assert "Send non-renewal notice" not in said(blocks)
    assert "What happens next" not in said(blocks)
    assert "days left" not in said(blocks)


def test_an_outcome_says_who_when_and_with_what():
    standing = {"by": "Olga", "at": ANSWERED, "on": date(2026, 11, 20), "note": "Sent by courier <1Z999>"}
    blocks = message_blocks(shown(MilestoneState.DONE, **standing))
    assert blocks[1]["text"]["text"] == (
        "Done on Fri 20 Nov 2026 by Olga, Sat 21 Nov 2026 10:12 Europe/Berlin: Sent by courier &lt;1Z999&gt;"
    )


def test_snooze_is_not_offered_where_it_would_be_refused():
    assert "snooze" not in actions(message_blocks(facts(can_snooze=False)))


def test_an_outsider_reads_one_line_and_has_no_buttons():
    told = facts(deadline(is_restricted=True, url=URL), is_outsider=True)
    assert said(valid(message_blocks(told))) == ("section\nmrkdwn\nMSA-0042: Tue 1 Dec 2026. Ask the owner for access.")


def test_an_escalation_names_the_silence_before_the_lead_line():
    told = facts(is_escalation=True, require="decision", silent_since_on=date(2026, 11, 2))
    assert message_blocks(told)[1]["text"]["text"] == "No decision since Mon 2 Nov."


def test_a_digest_has_ten_rows_and_counts_the_rest():
    rows = [deadline(milestone_id=f"m-{n}", reference=f"MSA-{n}", url=URL) for n in range(30)]
    blocks = valid(message_blocks(digest(rows)))
    assert len([block for block in blocks if "accessory" in block]) == 10
    assert "and 20 more" in said(blocks)


def test_a_digest_counts_rows_of_each_group_that_do_not_fit():
    near = [deadline(milestone_id=f"m-{n}", safe_on=date(2026, 11, 25)) for n in range(8)]
    far = [deadline(milestone_id=f"f-{n}", safe_on=date(2026, 12, 20)) for n in range(8)]
    blocks = valid(message_blocks(digest([*near, *far])))
    assert len([block for block in blocks if "(in 4 days)" in said([block])]) == 8
    assert len([block for block in blocks if "(in 29 days)" in said([block])]) == 2
    assert "and 6 more" in said(blocks)


def test_an_empty_digest_says_that_all_is_quiet():
    assert "All quiet" in said(valid(message_blocks(digest([], ahead=(3, date(2027, 3, 4))))))


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_a_hostile_title_is_laid_out_within_the_limits_and_mentions_nobody(title):
    one = deadline(title=title, counterparty=title, name=title, reference=title, owner=title, backup=title)
    standing = Standing(state=MilestoneState.DONE, by=title, note=title, at=ANSWERED)
    for told in (facts(one), facts(one, standing=standing), digest([one] * 12), facts(one, is_outsider=True),
                 facts(kind=DeliveryKind.INCIDENT, heading=title, text=title)):  # fmt: skip
        for text in strings(valid(message_blocks(told))):
            assert "<" not in text.replace("&lt;", "")
            assert ">" not in text.replace("&gt;", "")
            assert "\u202e" not in text
            assert len(text) <= 3000
            json.dumps(text).encode().decode("ascii")


def test_every_text_is_taken_literally():
    for block in message_blocks(facts(deadline(url=URL))):
        for text in [block.get("text", {}), *block.get("fields", []), *block.get("elements", [])]:
            if text.get("type") == "mrkdwn":
                assert text["verbatim"] is True
            if text.get("type") == "plain_text":
                assert text["emoji"] is False


@given(st.text("<&>a ", max_size=400), st.integers(8, 60))
def test_what_is_escaped_and_cut_never_ends_inside_an_escape(text, limit):
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    read = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert escape(read) == escaped
    assert read == text or text.startswith(read.removesuffix("...").rstrip())


def test_a_text_that_fits_is_left_whole():
    assert escape("a < b & c", 17) == "a &lt; b &amp; c"


def test_more_blocks_than_slack_takes_are_counted():
    told = facts(text="\n".join(f"Line {n}." for n in range(80)))
    blocks = valid(message_blocks(told))
    assert len(blocks) == limits.BLOCKS
    assert "more parts do not fit" in said(blocks)


def test_the_composed_day_is_plain_text():
    assert "<!date" not in said(message_blocks(replace(facts(), today=date(2026, 3, 31))))
