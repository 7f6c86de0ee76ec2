"""What nobody has said, and what nobody would hear."""

from dataclasses import replace

import pytest

from lifecycle.agreements.status import Status
from lifecycle.days.dates import Period
from lifecycle.findings.of_silence import UnheardStep, silence_findings
from tests.support.agreements import agreement

KEPT = replace(agreement(), owner_id="olga", backup_id="ben", status=Status.IN_FORCE)


def told(*agreements, left=(), unheard=()):
    return [one.code for one in silence_findings(agreements, left, unheard)]


def test_an_agreement_with_people_is_not_silent():
    assert told(KEPT) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"owner_id": None}, "no-owner"),
        ({"owner_id": "lars"}, "owner-left"),
        ({"backup_id": None}, "no-backup"),
        ({"backup_id": "lars"}, "backup-left"),
        ({"tags": ("Critical",)}, "no-exit-plan"),
    ],
)
def test_each_silence_has_a_code_of_its_own(said, code):
    assert told(replace(KEPT, **said), left={"lars"}) == [code]


def test_a_critical_agreement_with_a_length_for_its_exit_is_planned():
    assert told(replace(KEPT, tags=("critical",), exit_plan=Period(months=6))) == []


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"status": Status.ENDED}, []),
        ({"is_archived": True}, []),
        ({"status": Status.SURVIVING}, ["no-owner"]),
    ],
)
def test_what_is_over_needs_nobody_but_while_something_survives_it_needs_an_owner(said, codes):
    silent = replace(KEPT, owner_id=None, tags=("critical",))
    assert told(replace(silent, **said)) == codes


def test_a_step_that_reaches_nobody_is_told_for_agreements_that_are_spoken_of():
    steps = (UnheardStep("ACME-7", "-30d", "team:procurement"), UnheardStep("OTHER", "-7d", "role:legal"))
    (finding,) = silence_findings([KEPT], (), steps)
    assert finding.text == "The step -30d of ACME-7 asks team:procurement, and reaches nobody."


def test_a_finding_is_named_by_all_that_it_says():
    (one,) = silence_findings([replace(KEPT, owner_id=None)], ())
    (other,) = silence_findings([replace(KEPT, owner_id=None, reference="ACME-8")], ())
    assert one.id == silence_findings([replace(KEPT, owner_id=None, title="Another")], ())[0].id
    assert one.id != other.id
