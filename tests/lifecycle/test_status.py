"""Where an event leads is a table, and nothing leads anywhere else."""

import pytest

from lifecycle.agreements.status import TRANSITIONS, IllegalTransition, Status, Transition, check, landed


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Transition)
def test_what_the_table_does_not_name_is_refused(status, event):
    listed = TRANSITIONS.get((status, event), frozenset())
    for to in Status:
        if to in listed:
            assert landed("ACME-7", status, event.value, to) is to
        else:
            with pytest.raises(IllegalTransition):
                landed("ACME-7", status, event.value, to)


def test_an_event_that_is_none_leads_nowhere():
    with pytest.raises(IllegalTransition, match="ACME-7 is in force: Vanished is not possible"):
        check("ACME-7", Status.IN_FORCE, "Vanished")


def test_nothing_leads_out_of_the_end():
    assert [event for status, event in TRANSITIONS if status is Status.ENDED] == []


def test_of_what_is_over_it_is_said_that_wrong_facts_can_be_put_right():
    with pytest.raises(IllegalTransition) as refused:
        check("ACME-7", Status.ENDED, "TermRenewed")
    assert refused.value.remedy == "If its facts are wrong, amend them."
