"""Forms, homes and answers to commands are what Slack takes, and mention nobody, whatever stands in a title."""

import json
from datetime import date

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from notifiers.slack import forms, home, limits
from notifiers.slack.parts import value_of
from tests.support.facts import HOSTILE, deadline

TODAY = date(2026, 11, 22)
META = {"milestone": "k3v9q2", "revision": 3, "stage": "-30d", "generation": 17}
HOSTILE_TEXTS = pytest.mark.parametrize("text", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())


def named(text):
    return deadline(title=text, counterparty=text, name=text, reference=text, owner=text, backup=text, proof=text)


def strings(value):
    """Every text that is shown; what the form carries for us alone is none."""
    if isinstance(value, dict):
        value = [each for key, each in value.items() if key != "private_metadata"]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def is_harmless(shown):
    json.dumps(shown).encode().decode("ascii")
    return all("<" not in text and ">" not in text and "\u202e" not in text for text in strings(shown))


@HOSTILE_TEXTS
def test_every_form_is_one_that_slack_takes_whatever_stands_in_a_title(text):
    one = named(text)
    last_on = date(2026, 12, 1)
    made = (
        forms.snooze_form(one, TODAY, META, first_on=TODAY, last_on=last_on),
        forms.done_form(one, TODAY, META),
        forms.decide_form(one, TODAY, META, choices=["renew", "renegotiate", "stop-renewal"]),
        forms.assign_form(one, TODAY, META),
        forms.notice(text, text, text),
    )
    for form in made:
        View(**form).to_dict()  # raises where Slack would refuse
        assert is_harmless(form)
    assert [json.loads(form["private_metadata"]) for form in made[:4]] == [META] * 4


@HOSTILE_TEXTS
def test_every_home_is_one_that_slack_takes_whatever_stands_in_a_title(text):
    for view in (home.home([named(text)] * 12, TODAY, more=3), home.home([], TODAY, more=0), home.home_of_nobody()):
        View(**view).to_dict()
        assert is_harmless(view)


@HOSTILE_TEXTS
def test_every_answer_to_a_command_stays_within_the_limits_whatever_was_searched(text):
    for answer in (home.listed([named(text)] * 12, TODAY, more=3, search=text), home.said(text)):
        assert len(answer["text"]) <= limits.TEXT
        assert len(answer["blocks"]) <= limits.BLOCKS
        for block in answer["blocks"]:
            Block.parse(json.loads(json.dumps(block))).to_dict()
        assert is_harmless(answer)


def test_what_a_button_carries_comes_back_as_it_was():
    """And stays within what a button takes, for the longest name that a stage may have."""
    stage = "s" * 60
    assert json.loads(value_of("k3v9q2k3v9q2", 999, stage)) == {
        "milestone": "k3v9q2k3v9q2",
        "revision": 999,
        "stage": stage,
    }
    assert len(value_of("k3v9q2k3v9q2", 999, stage)) <= limits.VALUE
