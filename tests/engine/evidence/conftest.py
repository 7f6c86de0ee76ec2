"""A house in which somebody was told and answered, and one agreement is nobody's business; made once."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.evidence_pack import packing
from engine.shelf import Shelf
from lifecycle.agreements.disclosures import Disclosure
from lifecycle.agreements.documents import Purpose
from tests.support.packs import CANARY, YEAR, Unpacked
from tests.support.world import staffed


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """ACME-7 was told of, acknowledged and ended by notice; BETA-1 is quiet; ZANZIBAR is Leo's alone."""
    world = staffed()
    world.monitor = replace(world.monitor, shelf=Shelf(tmp_path_factory.mktemp("shelf")))
    world.agreement(survival=24, disclosures=(_handed_over(),))
    world.agreement("BETA-1", counterparty="Beta Works", kind="MSA", tags=("critical",))
    world.agreement(
        f"{CANARY}-1", counterparty=f"{CANARY} Holding", owner="leo", backup=None,
        restricted_to=(world.id_of("leo"),), title=f"{CANARY} purchase",
    )  # fmt: skip
    with world.monitor.work() as work:
        given = ops.Given(name="nda.pdf", content=b"%PDF-1.7 signed", purpose=Purpose.ORIGINAL)
        ops.keep_document(work, work.agreements.find("ACME-7"), given)
    world.live_until("2026-11-02T09:00")
    world.say(ops.acknowledge, "ACME-7 notice")
    world.live_until("2026-11-25T09:00")
    world.say(ops.done, "ACME-7 notice", evidence="Courier receipt 4711")
    yield world
    world.monitor.database.close()


def _handed_over():
    return Disclosure(id="d1", given_on=date(2026, 1, 4), what="Source code of the scheduler", to="Acme's team")


@pytest.fixture(scope="session")
def made(lived, tmp_path_factory):
    """The year as the operator exports it: where it lies, and what the export said."""
    path = tmp_path_factory.mktemp("packs") / "year.zip"
    return path, packing.export(lived.monitor, YEAR, None, path)


@pytest.fixture
def pack(made):
    """The year's pack, taken apart."""
    return Unpacked(made[0])
