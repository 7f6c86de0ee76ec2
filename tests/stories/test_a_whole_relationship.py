"""A relationship with a supplier from the first talk to five years after the exit: every message, and the proof of all.

What people were told is in ``tests/golden/messages/relationship.txt``, each message once. Nothing else may come.
"""

from collections import defaultdict
from datetime import date

import pytest

from engine.evidence_pack import packing, verifying
from engine.evidence_pack.asking import Asked
from tests.support.golden import assert_golden
from tests.support.packs import Unpacked
from tests.support.relationship import NOVA, live
from tests.support.relationship_in_slack import ToldInSlack
from tests.support.slack_server import SlackServer

PAPERS = ("NDA-9", "MSA-9", "SOW-9A", "SOW-9B")
#: In the last fortnight on every working day; from the day after the last safe one also who stands in.
TOLD_BY_THEN = {
    **{f"2027-11-{on}": {"Kim", "Mia"} for on in (18, 19, 22, 23, 24, 25, 26, 29, 30)},
    "2027-12-03": {"Ben", "Kim", "Mia"},
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The house after eight years and a half."""
    with SlackServer() as server:
        world = ToldInSlack(server, tmp_path_factory.mktemp("shelf"))
        live(world)
        yield world
        world.monitor.database.close()


@pytest.fixture(scope="module")
def pack(told, tmp_path_factory):
    """All of it as one file that proves itself."""
    out = tmp_path_factory.mktemp("pack") / "nova.zip"
    asked = Asked(from_on=date(2026, 1, 1), until_on=date(2034, 7, 10), counterparty="Nova Werke GmbH")
    with told.monitor.look() as work:
        leo = work.people.by_email("leo@example.com")
    packing.export(told.monitor, asked, leo, out)
    return out


def test_everybody_was_told_what_the_golden_file_says_and_nothing_else(told):
    said = [
        f"{at.astimezone(told.zone):%Y-%m-%d %H:%M}  to {' '.join(who)}\nSubject: {subject}\n\n{text}\n"
        for at, who, subject, text in told.messages()
    ]
    assert_golden("messages/relationship.txt", f"\n{'=' * 100}\n".join(said).encode())


def test_every_agreement_is_over_and_nothing_is_owed(told):
    with told.monitor.look() as work:
        found = {one.reference: one.status.value for one in work.agreements.all()}
        owed = [row.key for row in work.milestones.live() if row.is_deadline]
        work.log.verify()
    assert found == dict.fromkeys(PAPERS, "ended") | {"Counterparty: Nova Werke GmbH": "draft"}
    assert owed == []
    assert told.audited() == set()


def test_who_is_told_in_slack_answers_there(told):
    there = [one for one in told.events() if one["channel"] == "slack"]
    assert [(one["type"], one["actor"], one["at"][:10]) for one in there] == [
        ("MilestoneAcknowledged", "leo@example.com", "2028-10-18"),
        ("MilestoneDone", "leo@example.com", "2028-11-17"),
    ]
    (step,) = [one for one in told.conversation("leo") if "works council" in str(one["blocks"])]
    assert "Done on Fri 17 Nov 2028 by leo@example.com" in step["text"]
    assert all("leo@example.com" not in who for _, who, _, _ in told.messages())


def test_what_went_wrong_is_on_record(told):
    kinds = [one["payload"]["kind"] for one in told.events("IncidentOpened")]
    assert kinds.count("renewed_without_decision") == 1
    assert kinds.count("owner_left") == 3


def test_the_pack_of_all_years_proves_itself(told, pack):
    found = verifying.verify(pack)
    assert found.damages == ()
    unpacked = Unpacked(pack)
    assert {one["reference"] for one in unpacked.rows("register.jsonl")} == {*PAPERS, "Counterparty: Nova Werke GmbH"}
    assert len(unpacked.rows("documents.jsonl")) == 3
    steps = [one for one in unpacked.rows("messages.jsonl") if one["state"] == "accepted"]
    assert len(steps) > len(told.messages()) / 2


def test_what_was_accepted_with_a_reason_is_listed_and_was_told_once(told):
    said = "SOW-9B has work done, and no clause is recorded that says whose the results are."
    assert [said in text for _, _, _, text in told.messages()].count(True) == 1
    with told.monitor.look() as work:
        (kept,) = [one for one in work.findings.accepted() if one.text == said]
    assert (kept.accepted_by, kept.because) == (
        "olga@example.com",
        "Maintenance makes nothing new; Leo has read it.",
    )


def test_what_was_known_and_who_was_told_on_a_day_before_all_went_wrong(told, tmp_path):
    """On 3 December 2027 the notice day of the framework agreement was over, and everybody had been told for weeks."""
    on = date(2027, 12, 3)
    asked = Asked(from_on=date(2027, 11, 1), until_on=on, as_of_on=on, counterparty=NOVA)
    with told.monitor.look() as work:
        leo = work.people.by_email("leo@example.com")
    packing.export(told.monitor, asked, leo, tmp_path / "then.zip")
    assert verifying.verify(tmp_path / "then.zip").damages == ()
    then = Unpacked(tmp_path / "then.zip")
    (msa,) = [one for one in then.rows("register.jsonl") if one["reference"] == "MSA-9"]
    assert (msa["status"], msa["owner"]["name"], msa["last_on"]) == ("in_force", "Kim", "2028-03-01")
    notice = next(one for one in then.rows("deadlines.jsonl") if (one["reference"], one["kind"]) == ("MSA-9", "notice"))
    assert (notice["safe_on"], notice["state"], notice["is_overdue"]) == ("2027-12-02", "open", True)
    about = [one for one in then.rows("messages.jsonl") if one["deadline_id"] == notice["id"]]
    told_on = defaultdict(set)
    for one in about:
        told_on[one["accepted_at"][:10]].add(one["to"]["name"])
    assert told_on == TOLD_BY_THEN


@pytest.mark.parametrize("name", ["register.jsonl", "deadlines.jsonl", "messages.jsonl", "events.jsonl"])
def test_a_row_that_was_taken_out_of_the_pack_is_named(pack, tmp_path, name):
    unpacked = Unpacked(pack)
    unpacked.drop_row(name, 1)
    found = verifying.verify(unpacked.write(tmp_path / "changed.zip"))
    assert name in {one.file for one in found.damages}


def test_a_report_that_was_exchanged_is_named(pack, tmp_path):
    unpacked = Unpacked(pack)
    report = next(one for one in unpacked.files if one.startswith("documents/"))
    unpacked.files[report] += b" and more"
    found = verifying.verify(unpacked.write(tmp_path / "changed.zip"))
    assert report in {one.file for one in found.damages}
