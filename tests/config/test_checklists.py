"""Checklist files: what ships, what is refused and where."""

import pytest

from config.checklists import load_checklists, parse_checklists
from config.yaml_source import YamlRefused
from lifecycle.audience import OWNER, parse_audience
from lifecycle.days.periods import Period
from lifecycle.obligations.checklist import At, Checklist, Counted, Every, Template
from lifecycle.obligations.duties import Direction, ObligationKind


def one(item, name="mine"):
    return f"checklist: {name}\nitems:\n  - {item}\n"


def found(text):
    with pytest.raises(YamlRefused) as refused:
        parse_checklists([("f", text)])
    return [(finding.place.line, finding.place.column, finding.code) for finding in refused.value.findings]


def test_seven_checklists_ship_and_every_item_says_what_proves_it():
    found = load_checklists()
    assert [checklist.name for checklist in found] == [
        "exit-bpo",
        "ip-due-diligence",
        "nda-onboarding",
        "regulatory-review",
        "security-review",
        "supplier-selection",
        "training",
    ]
    assert all(template.evidence for checklist in found for template in checklist.templates)


#: What must be looked after in a relationship that hands work and knowledge over, and the item that does.
COVERED = {
    "critical business knowledge": "ip-due-diligence.critical-knowledge",
    "assets and ownership": "ip-due-diligence.assets",
    "past breaches and disputes": "supplier-selection.breaches",
    "foreign law": "supplier-selection.law",
    "jurisdiction, enforceability, disputes": "supplier-selection.jurisdiction",
    "termination, expiry, withdrawal": "supplier-selection.ending",
    "security policy": "security-review.policy",
    "physical security": "security-review.premises",
    "personnel screening and retention": "security-review.personnel",
    "work for competitors": "supplier-selection.competitors",
    "least knowledge": "security-review.least-knowledge",
    "source code handover and documentation": "supplier-selection.source-code",
    "training of ours": "training.ours",
    "training of theirs": "training.theirs",
    "open source": "ip-due-diligence.open-source",
    "personal data": "supplier-selection.personal-data",
    "insurance certificates": "supplier-selection.insurance-renewed",
    "transfer fees": "ip-due-diligence.transfer-fees",
    "maintenance of rights": "regulatory-review.rights-kept-up",
    "changes of law": "regulatory-review.law-here",
}


@pytest.mark.parametrize("subject", sorted(COVERED))
def test_what_must_be_looked_after_has_its_item(subject):
    name, key = COVERED[subject].split(".")
    checklist = next(one for one in load_checklists() if one.name == name)
    assert [one.key for one in checklist.templates if one.key == key] == [key]


def test_items_that_wait_for_one_another_are_refused_by_name():
    text = """
checklist: mine
items:
  - {key: a, name: A, kind: duty, due: on exit, needs: [b]}
  - {key: b, name: B, kind: duty, due: on exit, needs: [c]}
  - {key: c, name: C, kind: duty, due: on exit, needs: [a]}
"""
    with pytest.raises(YamlRefused) as refused:
        parse_checklists([("f", text)])
    assert [one.sentence for one in refused.value.findings] == [
        "These items wait for one another: a needs b needs c needs a."
    ]


def test_an_item_that_needs_what_nobody_knows_is_found():
    assert found(one("{key: a, name: A, kind: duty, due: on exit, needs: [b]}")) == [(1, 1, "E1")]


def test_every_shipped_checklist_says_what_it_is_for_and_steps_of_an_exit_are_exit_steps():
    by_name = {checklist.name: checklist for checklist in load_checklists()}
    assert all(checklist.about for checklist in by_name.values())
    before = [template for template in by_name["exit-bpo"].templates if template.timing.direction is Direction.BEFORE]
    assert {template.kind for template in before} == {ObligationKind.EXIT_STEP}


def test_items_read_as_they_are_written():
    text = """
checklist: mine
about: For trying.
items:
  - {key: a, name: Do it, kind: duty, due: 10bd after effective}
  - {key: b, name: Test it, kind: exit-step, due: 6m before exit, owner: "role:legal"}
  - {key: c, name: Hand over, kind: exit-step, due: on exit}
  - {key: d, name: Look again, kind: review, every: 1y, from: application, first: 20bd, continues: 2y}
"""
    after, before, duty, step = Direction.AFTER, Direction.BEFORE, ObligationKind.DUTY, ObligationKind.EXIT_STEP
    assert parse_checklists([("f", text)]) == (
        Checklist(
            "mine",
            (
                Template("a", "Do it", duty, At(Period(business_days=10), after, Counted.EFFECTIVE), OWNER),
                Template(
                    "b", "Test it", step, At(Period(months=6), before, Counted.EXIT), parse_audience("role:legal")
                ),
                Template("c", "Hand over", step, At(Period(), after, Counted.EXIT)),
                Template(
                    "d",
                    "Look again",
                    ObligationKind.REVIEW,
                    Every(Period(years=1), Counted.APPLICATION, Period(business_days=20)),
                    continues=Period(years=2),
                ),
            ),
            "For trying.",
        ),
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("{key: a, name: A, kind: dutty, due: on exit}", [(3, 29, "E1")]),
        ("{key: a, name: A, kind: duty}", [(3, 5, "E1")]),
        ("{key: a, name: A, kind: duty, every: 1y}", [(3, 5, "E1")]),
        ("{key: a, name: A, kind: duty, every: 1y, from: exit, due: on exit}", [(3, 5, "E1")]),
        ("{key: a, name: A, kind: duty, due: on exit, first: 5bd}", [(3, 5, "E1")]),
        ("{key: a, name: A, kind: duty, every: 1y, from: exit, first: soon}", [(3, 65, "E1")]),
        ("{key: a, name: A, kind: duty, due: soon}", [(3, 40, "E1")]),
        ("{key: a, name: A, kind: duty, due: 5d after lunch}", [(3, 40, "E1")]),
        ("{key: a, name: A, kind: duty, due: on exit, owner: boss}", [(3, 56, "E6")]),
        ("{key: A B, name: A, kind: duty, due: on exit}", [(3, 11, "E1")]),
    ],
)
def test_what_is_wrong_is_found_at_its_place(item, expected):
    assert found(one(item)) == expected


def test_two_items_or_two_lists_of_one_name_are_refused():
    item = "{key: a, name: A, kind: duty, due: on exit}"
    assert found(one(f"{item}\n  - {item}")) == [(4, 5, "E1")]
    assert found(one(item) + "---\n" + one(item)) == [(5, 1, "E1")]


def test_a_checklist_of_ones_own_replaces_the_shipped_one_of_its_name(tmp_path):
    item = "{key: a, name: A, kind: duty, due: on exit}"
    (tmp_path / "own.yaml").write_text(one(item, name="exit-bpo"), encoding="utf-8")
    sizes = {checklist.name: len(checklist.templates) for checklist in load_checklists(tmp_path)}
    assert sizes["exit-bpo"] == 1
    assert sizes.keys() == {checklist.name for checklist in load_checklists()}


def test_what_the_other_side_may_be_asked_for_reads_as_a_thing_and_nothing_is_asked_that_is_ours_to_decide():
    asked = (ObligationKind.EVIDENCE, ObligationKind.CERTIFICATE)
    assert {
        template.name.partition(":")[0]
        for checklist in load_checklists()
        for template in checklist.templates
        if template.kind in asked
    } == {
        "Auditor's report (SOC 2, ISO 27001), with letters that bridge its gaps",
        "Certificate of deletion",
        "Certificate of destruction",
        "Insurance certificates",
        "Renewed insurance certificates",
        "Report of the penetration test",
    }
