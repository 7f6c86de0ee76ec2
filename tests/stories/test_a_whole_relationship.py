"""A relationship with a supplier from the first talk to five years after the exit: every message, and the proof of all.

What people were told is in ``tests/golden/messages/relationship.txt``, each message once. Nothing else may come.
"""

from datetime import date

import pytest

from engine.evidence_pack import packing, verifying
from engine.evidence_pack.asking import Asked
from tests.support.golden import assert_golden
from tests.support.packs import Unpacked
from tests.support.relationship import Told, live

PAPERS = ("NDA-9", "MSA-9", "SOW-9A", "SOW-9B")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The house after eight years and a half."""
    world = Told(tmp_path_factory.mktemp("shelf"))
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
