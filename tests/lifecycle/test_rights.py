"""Who may do what: the table of the design, cell by cell, and what one may see."""

import pytest

from lifecycle.agreements.agreement import Agreement, AgreementKind
from lifecycle.people import Person, Role
from lifecycle.rights import RIGHTS, Act, Forbidden, Standing, is_inside, may, require

TABLE = """
READ             yes     yes  yes  yes     yes
TRY              yes     yes  yes  yes     yes
ANSWER           ifasked own  yes  ifasked yes
DECIDE           ifasked own  yes  ifasked yes
REGISTER         no      own  yes  no      yes
GOVERN           no      no   yes  no      yes
READ_LOG         no      own  yes  yes     yes
EXPORT_EVIDENCE  no      no   yes  yes     yes
ADMINISTER       no      no   no   no      yes
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
OWN, ASKED = Standing(is_own=True), Standing(is_asked=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_table_is_that_of_the_design(row):
    told = [RIGHTS[Act[row[0]]][role].value.replace(" ", "") for role in Role]
    assert told == row[1:]


def test_every_act_has_a_row():
    assert {row[0] for row in ROWS} == set(Act.__members__) == {act.name for act in RIGHTS}


def test_whoever_was_asked_may_answer_whatever_their_role():
    for role in Role:
        assert may(role, Act.ANSWER, ASKED)
        assert may(role, Act.DECIDE, ASKED)
    assert not may(Role.VIEWER, Act.GOVERN, ASKED)


def test_own_is_of_contributors_alone():
    assert [role for role in Role if may(role, Act.REGISTER, OWN) != may(role, Act.REGISTER)] == [Role.CONTRIBUTOR]


def person(**facts):
    return Person(**{"id": "p1", "email": "Olga@example.com", "name": "Olga", **facts})


def test_a_refusal_says_who_may():
    with pytest.raises(Forbidden) as refused:
        require(person(role=Role.VIEWER), Act.REGISTER)
    assert refused.value.remedy == "Ask somebody who is legal or admin, or the owner or backup of the agreement."


def test_who_is_refused_what_is_their_own_is_not_sent_to_themselves():
    with pytest.raises(Forbidden) as refused:
        require(person(role=Role.VIEWER), Act.ANSWER, OWN)
    needed = "Ask an admin for the role contributor, which owners and backups need, or somebody who is legal or admin."
    assert refused.value.remedy == needed


def test_who_has_left_may_nothing():
    with pytest.raises(Forbidden):
        require(person(role=Role.ADMIN, is_disabled=True), Act.READ)


def agreement(**facts):
    return Agreement(id="a", reference="A", kind=AgreementKind.NDA, counterparty_id="c", counterparty="C", **facts)


@pytest.mark.parametrize(
    ("facts", "inside"),
    [
        ({}, True),
        ({"restricted_to": ("somebody",)}, False),
        ({"restricted_to": ("somebody",), "owner_id": "p1"}, True),
        ({"restricted_to": ("somebody",), "backup_id": "p1"}, True),
        ({"restricted_to": ("p1",)}, True),
        ({"restricted_to": ("olga@example.com",)}, True),
        ({"restricted_to": ("team:legal",)}, True),
        ({"restricted_to": ("Legal",)}, True),
        ({"restricted_to": ("team:sales",)}, False),
    ],
)
def test_no_role_sees_through_a_restriction(facts, inside):
    assert is_inside(person(role=Role.ADMIN, teams=("legal",)), agreement(**facts)) is inside
