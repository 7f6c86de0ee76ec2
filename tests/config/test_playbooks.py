"""Playbook files: what ships, what is refused and where."""

import json
import re
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.playbook_checks import RegisterFacts
from config.playbook_schema import playbook_schema
from config.playbooks import YamlRefused, check, load_playbooks, parse_playbooks, shipped
from lifecycle.audience import BACKUP, MANAGER, OWNER
from lifecycle.days.periods import Period
from lifecycle.milestones.milestone import MARKERS, MilestoneKind
from lifecycle.playbooks.canonical import canonical, from_canonical
from lifecycle.playbooks.matching import MatchFacts, choose
from lifecycle.playbooks.playbook import Require, Urgency

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "playbook.schema.json"
GOOD = "{at: -30d, steps: [{ask: [owner, backup]}]}"


def one(ladder=GOOD, name="mine", **keys):
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"playbook: {name}\n{more}ladder:\n  - {ladder}\n"


def found(text, **known):
    return [(finding.place.line, finding.place.column, finding.code) for finding in check(text, "mine.yaml", **known)]


def codes(text, **known):
    return [code for _, _, code in found(text, **known)]


def by_name(name):
    return next(playbook for playbook in shipped() if playbook.name == name)


def text_of(playbook):
    return (ROOT / "config" / "playbooks" / f"{playbook.name}.yaml").read_text(encoding="utf-8")


def test_six_playbooks_ship_and_nothing_is_wrong_with_them():
    assert [playbook.name for playbook in load_playbooks()] == ["audit", "default", "exit", "msa", "nda", "signature"]
    for playbook in shipped():
        assert check(text_of(playbook), f"{playbook.name}.yaml", others=shipped()) == ()


def test_the_shipped_nda_playbook_reads_as_it_is_written():
    nda = by_name("nda")
    assert (nda.buffer, nda.quiet.hours, nda.quiet.weekends) == (Period(business_days=3), (time(18), time(8)), True)
    assert str(nda.match.value) == ">= 100000 EUR"
    assert nda.match.keys == 4
    assert [(stage.key, stage.urgency, stage.require) for stage in nda.stages] == [
        ("-90d", Urgency.DIGEST, Require.ACKNOWLEDGEMENT),
        ("-30d", Urgency.INTERRUPT, Require.ACKNOWLEDGEMENT),
        ("-7d", Urgency.INTERRUPT, Require.DECISION),
        ("+1d", Urgency.INTERRUPT, Require.OUTCOME),
    ]
    assert [(step.ask, step.after, step.via) for step in nda.stages[1].steps] == [
        ((OWNER,), 0, ("slack", "email")),
        ((BACKUP,), 3, "best"),
        ((MANAGER,), 6, "best"),
    ]


@pytest.mark.parametrize("kind", sorted(set(MilestoneKind) - MARKERS))
def test_no_deadline_is_without_a_ladder(kind):
    assert choose(shipped(), MatchFacts(kind="other", milestone=kind)).stages


def test_every_shipped_playbook_comes_back_from_its_canonical_json():
    assert tuple(from_canonical(canonical(playbook)) for playbook in shipped()) == shipped()


def test_a_playbook_of_ones_own_replaces_the_shipped_one_of_its_name(tmp_path):
    (tmp_path / "own.yaml").write_text(one(name="nda", match="{kind: [NDA], team: legal}"), encoding="utf-8")
    loaded = {playbook.name: playbook for playbook in load_playbooks(tmp_path)}
    assert sorted(loaded) == ["audit", "default", "exit", "msa", "nda", "signature"]
    assert [stage.key for stage in loaded["nda"].stages] == ["-30d"]


def test_the_errors_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "a.yaml").write_text(one("{at: 30d, steps: [{ask: owner}]}"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(one("{at: -30d, steps: [{ask: boss}]}", name="b"), encoding="utf-8")
    with pytest.raises(YamlRefused) as refused:
        load_playbooks(tmp_path)
    assert [(Path(each.place.file).name, each.code) for each in refused.value.findings] == [
        ("a.yaml", "E2"),
        ("b.yaml", "E6"),
    ]


def test_a_finding_says_place_code_sentence_and_remedy():
    (finding,) = check(one("{at: -30d, steps: [{ask: boss}]}"), "mine.yaml")
    assert str(finding) == (
        'mine.yaml:3:30: E6, "boss" is no audience. Write owner, backup, manager, team:NAME, role:NAME, '
        "address:CHANNEL:ADDRESS or counterparty:CONTACT."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: [", [(2, 1, "E0")], id="no YAML"),
        pytest.param("- a", [(1, 1, "E0")], id="no mapping"),
        pytest.param("playbook: mine\nladder: []\n", [(2, 9, "E0")], id="no stages"),
        pytest.param(one(lader="1"), [(2, 1, "E1")], id="unknown key"),
        pytest.param(one(priority="1", buffer="soon"), [(3, 9, "E1")], id="no length"),
        pytest.param(one(match="{milestone: notce}"), [(2, 20, "E1")], id="no kind of milestone"),
        pytest.param(one(match='{value: "much"}'), [(2, 16, "E1")], id="no bound"),
        pytest.param("playbook: x\nplaybook: y\nladder: [" + GOOD + "]", [(2, 1, "E1")], id="key twice"),
        pytest.param("ladder: [" + GOOD + "]", [(1, 1, "E1")], id="no name"),
        pytest.param(one("{at: 30d, steps: [{ask: [owner, backup]}]}"), [(3, 10, "E2")], id="no sign"),
        pytest.param(one(GOOD + "\n  - {at: -31d, steps: [{ask: owner}]}"), [(4, 5, "E2")], id="unordered"),
        pytest.param(one(GOOD + "\n  - {at: -30d, steps: [{ask: owner}]}"), [(4, 5, "E2"), (4, 5, "E2")], id="twice"),
        pytest.param(one("{at: -30d, steps: [{ask: owner, after: 2bd}]}"), [(3, 44, "E3")], id="after on the first"),
        pytest.param(one("{at: -30d, steps: [{ask: owner}, {ask: backup}]}"), [(3, 38, "E3")], id="no after"),
        pytest.param(one("{at: -30d, steps: [{ask: owner}, {after: 2d, ask: backup}]}"), [(3, 46, "E3")], id="days"),
        pytest.param(
            one("{at: -30d, steps: [{ask: owner, repeat: {every: 0bd, times: 3}}]}"), [(3, 53, "E5")], id="every"
        ),
        pytest.param(
            one("{at: -30d, steps: [{ask: owner, repeat: {every: 1bd, times: 21}}]}"), [(3, 65, "E5")], id="times"
        ),
        pytest.param(
            one("{at: -30d, steps: [{ask: owner, repeat: {every: 1bd, times: 2}}, {after: 9bd, ask: backup}]}"),
            [(3, 45, "E5")],
            id="repeat before the last",
        ),
        pytest.param(one("{at: -30d, steps: [{ask: []}]}"), [(3, 30, "E6")], id="nobody"),
        pytest.param(one(quiet="{hours: 18:00}"), [(2, 16, "E10")], id="plain time"),
    ],
)
def test_what_is_wrong_in_itself_is_found_at_its_place(text, expected):
    assert found(text) == expected


def test_a_step_that_the_next_stage_always_overtakes_is_never_reached():
    late = one("{at: -20d, steps: [{ask: owner}, {after: 12bd, ask: backup}]}\n  - {at: -10d, steps: [{ask: manager}]}")
    assert found(late) == [(3, 38, "E4")]


def test_a_step_that_is_overtaken_on_some_weekdays_is_a_warning():
    tight = one("{at: -20d, steps: [{ask: owner}, {after: 7bd, ask: backup}]}\n  - {at: -10d, steps: [{ask: manager}]}")
    assert found(tight) == [(3, 38, "N1")]


def test_a_channel_must_be_configured_where_the_channels_are_known():
    via = one('{at: -30d, steps: [{ask: [owner, "address:fax:1"], via: [slack, email]}]}')
    assert codes(via, channels=["slack"]) == ["E7", "E7"]
    assert codes(via, channels=["slack", "email", "fax"]) == codes(via) == []


def test_two_playbooks_that_match_equally_are_refused():
    rival = one(match="{kind: [DPA]}")
    assert codes(rival, others=shipped()) == ["E8"]  # an audit of a DPA would be for both
    assert codes(one(match="{kind: [DPA]}", priority="1"), others=shipped()) == []
    assert codes(one(match="{milestone: [fee]}"), others=shipped()) == []
    assert codes(rival + "---\n" + one(name="other", match="{kind: [dpa]}")) == ["E8"]


def test_the_same_name_twice_is_refused():
    assert codes(one(match="{kind: [DPA]}") + "---\n" + one(match="{kind: [SLA]}")) == ["E8"]


@pytest.mark.parametrize(
    ("ladder", "is_refused"),
    [
        ("{at: -90d, urgency: digest, steps: [{ask: [owner, backup]}]}", True),
        ("{at: -90d, urgency: digest, steps: [{ask: [owner, backup]}]}\n  - {at: -5d, steps: [{ask: owner}]}", True),
        ("{at: -90d, urgency: digest, steps: [{ask: [owner, backup]}]}\n  - {at: -8d, steps: [{ask: owner}]}", False),
        ("{at: -3d, steps: [{ask: [owner, backup]}]}", False),
        ("{at: +1d, steps: [{ask: [owner, backup]}]}", True),
    ],
)
def test_somebody_must_be_interrupted_before_the_target_day(ladder, is_refused):
    assert ("E9" in codes(one(ladder))) is is_refused


def test_digests_are_enough_for_markers():
    digest = "{at: -30d, urgency: digest, steps: [{ask: [owner, backup]}]}"
    assert codes(one(digest, match="{milestone: [renewal, term-end]}")) == []


def test_nobody_owes_an_outcome_for_a_marker():
    outcome = "{at: -30d, require: outcome, steps: [{ask: [owner, backup]}]}"
    assert found(one(outcome, match="{milestone: [notice, renewal]}")) == [(4, 5, "E11")]
    assert found(one(outcome, match="{milestone: [notice]}")) == []


@pytest.mark.parametrize(
    ("hours", "is_refused"),
    [
        ("12:00-08:00", False),
        ("12:00-08:01", True),
        ("04:00-00:00", False),
        ("08:00-05:00", True),
        ("08:00-08:00", True),
    ],
)
def test_four_hours_a_day_must_be_open(hours, is_refused):
    assert ("E12" in codes(one(quiet=f'{{hours: "{hours}"}}'))) is is_refused


def test_asking_only_the_owner_is_a_warning():
    assert codes(one("{at: -30d, steps: [{ask: owner}]}")) == ["N3"]


def test_what_the_register_knows_is_told_at_the_step_and_the_stage():
    facts = RegisterFacts(unreached={("mine", "backup"): 3}, past={("mine", "-30d"): 8})
    assert [str(finding) for finding in check(one(), "f", facts=facts)] == [
        "f:3:5: N4, -30d is past for 8 milestones. They begin with a later stage.",
        "f:3:24: N2, backup reaches nobody for 3 agreements. Set it in the register.",
    ]


def test_the_default_cannot_be_made_to_match_less():
    assert codes(one(name="default", match="{kind: [NDA]}")) == ["E1"]
    assert codes(one(name="default"), others=shipped()) == []


def test_warnings_do_not_refuse_a_file():
    assert len(parse_playbooks(one("{at: -30d, steps: [{ask: owner}]}"), "f")) == 1
    with pytest.raises(YamlRefused):
        parse_playbooks(one("{at: -30d, steps: [{ask: boss}]}"), "f")


def test_tags_alone_mean_any_of_them():
    (short,) = parse_playbooks(one(match="{tags: [critical, secret]}"), "f")
    (long,) = parse_playbooks(one(match="{tags: {any: [secret, critical]}}"), "f")
    assert short.match == long.match


def test_an_alias_of_everything_in_itself_is_refused_and_nothing_hangs():
    assert codes("&a {playbook: x, ladder: [*a]}")


YAML = st.text(alphabet='abeltx{}[]:,-0159d+&*"\n #|>!', max_size=80)


@given(YAML)
def test_no_text_breaks_the_check(text):
    assert all(finding.place.line >= 1 for finding in check("playbook: x\nladder: " + text, "f"))


def test_the_schema_for_editors_is_the_readers_own():
    assert SCHEMA.read_text(encoding="utf-8") == json.dumps(playbook_schema(), indent=2) + "\n"


def valid(value, schema):
    """Enough of JSON Schema for ours."""
    if "anyOf" in schema:
        return any(valid(value, option) for option in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    return VALID[schema["type"]](value, schema)


def _valid_object(value, schema):
    known, needed = schema["properties"], schema.get("required", [])
    is_shaped = isinstance(value, dict) and set(needed) <= set(value) <= set(known)
    return is_shaped and all(valid(each, known[key]) for key, each in value.items())


VALID = {
    "object": _valid_object,
    "array": lambda value, schema: (
        isinstance(value, list) and value and all(valid(one, schema["items"]) for one in value)
    ),
    "string": lambda value, schema: isinstance(value, str) and re.search(schema.get("pattern", ""), value) is not None,
    "integer": lambda value, schema: isinstance(value, int) and schema["minimum"] <= value <= schema["maximum"],
    "boolean": lambda value, _: isinstance(value, bool),
}


def test_every_shipped_playbook_is_valid_by_the_schema_and_a_wrong_one_is_not():
    yaml = pytest.importorskip("yaml")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema == playbook_schema()
    for playbook in shipped():
        assert valid(yaml.safe_load(text_of(playbook)), schema)
    assert valid(yaml.safe_load(one()), schema)
    for wrong in (one(lader="1"), one("{at: 30d, steps: [{ask: owner}]}"), one("{at: -3d, steps: [{ask: boss}]}")):
        assert not valid(yaml.safe_load(wrong), schema)
