"""A playbook as YAML: what is written reads as the same."""

import pytest
import yaml

from config.playbook_writing import redrafted, written
from config.playbooks import parse_playbooks, shipped

FULL = """
playbook: full
match: {kind: [MSA], tags: {all: [critical], none: [old]}, value: ">= 100000 EUR", milestone: notice}
buffer: 10d
quiet: {hours: "18:00-08:00", weekends: true}
priority: 3
ladder:
  - {name: "2026", at: -90d, urgency: digest, steps: [{ask: owner}]}
  - at: -10bd
    require: decision
    steps:
      - {ask: [owner, "team:legal and tax"], via: [slack, email]}
      - {after: 2bd, ask: manager, repeat: {every: 1bd, times: 3}}
"""


@pytest.mark.parametrize("playbook", [*shipped(), *parse_playbooks(FULL, "full")], ids=lambda one: one.name)
def test_what_is_written_reads_as_the_same_playbook(playbook):
    assert parse_playbooks(written(playbook), "again") == (playbook,)


def test_what_is_as_usual_is_not_written():
    (playbook,) = parse_playbooks("playbook: brief\nladder: [{at: -7d, steps: [{ask: owner}]}]", "brief")
    said = {"playbook": "brief", "ladder": [{"at": "-7d", "steps": [{"ask": "owner"}]}]}
    assert yaml.safe_load(written(playbook)) == said


def test_a_draft_keeps_what_is_wrong():
    (playbook,) = parse_playbooks(FULL, "full")
    draft = yaml.safe_load(redrafted(playbook, [{"at": "soon"}]))
    assert (draft["ladder"], draft["priority"]) == ([{"at": "soon"}], 3)
