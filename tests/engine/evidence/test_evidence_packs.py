"""What stands in an evidence pack, for whom, and as of which day."""

import hashlib
from datetime import date

import pytest

from engine import operations as ops
from engine.evidence_pack import packing
from engine.evidence_pack.asking import Asked, SpanRefused
from engine.evidence_pack.verifying import verify
from engine.operations.notice_effect import NoticeFacts
from lifecycle.errors import DayOutOfRange
from lifecycle.events import Actor
from tests.support.agreements import provided
from tests.support.packs import CANARY, YEAR, Unpacked
from tests.support.room import little_room


def exported(world, path, asked=YEAR, by=None):
    """A pack as somebody may have it, taken apart."""
    with world.monitor.look() as work:
        person = work.people.by_email(f"{by}@example.com") if by else None
    told = packing.export(world.monitor, asked, person, path)
    return told, Unpacked(path)


def notice(pack):
    return next(row for row in pack.rows("deadlines.jsonl") if (row["reference"], row["kind"]) == ("ACME-7", "notice"))


def test_a_pack_is_whole_and_says_what_is_in_it(made, pack):
    found = verify(made[0], seal=made[1].seal)
    assert found.damages == ()
    assert found.rows == dict(made[1].rows)
    assert [row["reference"] for row in pack.rows("register.jsonl")] == ["ACME-7", "BETA-1", f"{CANARY}-1"]
    assert pack.manifest["agreements"] == {"included": 3, "restricted_to_others": 0}


def test_the_register_tells_terms_and_what_was_handed_over(pack):
    acme = pack.rows("register.jsonl")[0]
    assert acme["provisions"]["survivals"]
    assert [one["what"] for one in acme["disclosures"]] == ["Source code of the scheduler"]


def test_a_deadline_stands_there_with_what_came_of_it_and_every_step_to_its_day(pack):
    row = notice(pack)
    assert (row["state"], row["safe_on"], row["outcome"]["evidence"]) == ("done", "2026-12-02", "Courier receipt 4711")
    derived = next(one for one in pack.rows("derivations.jsonl") if one["deadline_id"] == row["id"])
    assert derived["safe_on"] == row["safe_on"]
    assert [step["n"] for step in derived["steps"]] == list(range(1, len(derived["steps"]) + 1))
    assert derived["calendars"][0]["code"] == "DE-BE"


def test_every_day_has_its_derivation(pack):
    derived = {row["deadline_id"]: row["safe_on"] for row in pack.rows("derivations.jsonl")}
    days = {row["id"]: row["safe_on"] for row in pack.rows("deadlines.jsonl")}
    assert derived == days
    assert {"renewal", "notice", "survival-end"} <= {row["kind"] for row in pack.rows("deadlines.jsonl")}


@pytest.mark.parametrize("as_of_on", [None, date(2026, 12, 3)])
@pytest.mark.parametrize("changed", ["notice given", "notice period amended"])
def test_what_was_answered_keeps_the_reasons_of_its_day_whatever_becomes_of_the_facts(
    lived, tmp_path, as_of_on, changed
):
    world = lived.twin()
    if changed == "notice given":
        world.do(ops.give_notice, "ACME-7", NoticeFacts(sent_on=date(2026, 11, 24), by="us", method="post"))
    else:
        world.amend(provisions=provided(notice_days=90, survival=24))
    world.travel_to("2026-12-04T09:00")
    _, pack = exported(world, tmp_path / "pack.zip", Asked(**_year(), as_of_on=as_of_on))
    row = notice(pack)
    assert (row["state"], row["safe_on"]) == ("done", "2026-12-02")
    [derived] = [one for one in pack.rows("derivations.jsonl") if one["deadline_id"] == row["id"]]
    assert (derived["safe_on"], derived["steps"][0]["on"]) == ("2026-12-02", "2027-01-31")
    assert row["why"].endswith("2 Dec 2026: 60 days before, the day of notice not counted.")
    world.monitor.database.close()


def test_a_message_stands_there_with_its_reader_its_tries_and_the_answers_that_followed(lived, pack):
    deadline = notice(pack)["id"]
    told = [row for row in pack.rows("messages.jsonl") if row["deadline_id"] == deadline and row["state"] == "accepted"]
    assert (told[0]["to"]["address"], told[0]["stage"]) == ("olga@example.com", "-30d.0.0")
    first = told[0]
    assert [one["result"] for one in first["tries"]] == ["accepted"]
    assert [(one["answer"], one["by"]) for one in first["answers"]] == [
        ("acknowledged", "olga@example.com"),
        ("done", "olga@example.com"),
    ]
    with lived.monitor.look() as work:
        body = work.deliveries.body(first["id"])
    assert first["sha256"] == hashlib.sha256(body.body).hexdigest()


def test_what_is_gathered_in_a_digest_leads_to_the_digest_that_left(pack):
    rows = {row["id"]: row for row in pack.rows("messages.jsonl")}
    gathered = [row for row in rows.values() if row["gathered_in"]]
    assert gathered
    assert {rows[row["gathered_in"]]["state"] for row in gathered} == {"accepted"}


def test_no_text_of_a_message_is_in_a_pack_for_its_links_act(pack):
    assert b"/act/" not in b"".join(pack.files.values())


def test_documents_and_playbooks_lie_there_under_their_hashes(pack):
    (document,) = pack.rows("documents.jsonl")
    assert pack.files[f"documents/{document['sha256']}"] == b"%PDF-1.7 signed"
    for row in pack.rows("playbooks.jsonl"):
        content = pack.files[f"playbooks/{row['playbook']}.{row['version']}.json"]
        assert hashlib.sha256(content).hexdigest() == row["sha256"]


def test_the_log_stands_there_without_a_gap(lived, pack):
    rows = pack.rows("events.jsonl")
    there = [one["position"] for one in lived.events() if "2026-01-01" <= one["at"] < "2027"]
    assert [row["position"] for row in rows] == there[: len(rows)]
    assert pack.manifest["chain"]["left_out"] == 0
    assert pack.manifest["chain"]["hash"] == rows[-1]["hash"]


def test_what_somebody_may_not_see_is_in_no_file_and_only_counted(lived, tmp_path):
    told, pack = exported(lived, tmp_path / "ada.zip", by="ada")
    assert (told.agreements, told.left_out) == (2, 1)
    assert CANARY.encode() not in b"".join(pack.files.values())
    assert pack.manifest["agreements"] == {"included": 2, "restricted_to_others": 1}
    assert pack.manifest["chain"]["left_out"] > 0
    assert verify(tmp_path / "ada.zip").damages == ()


def test_a_search_does_not_find_out_what_is_restricted(lived, tmp_path):
    by_name, _ = exported(lived, tmp_path / "a.zip", Asked(**_year(), search=CANARY.lower()), by="ada")
    by_nonsense, _ = exported(lived, tmp_path / "b.zip", Asked(**_year(), search="nonsense"), by="ada")
    assert (by_name.agreements, by_name.left_out) == (by_nonsense.agreements, by_nonsense.left_out) == (0, 1)


@pytest.mark.parametrize("said", [{"search": "tag:critical"}, {"counterparty": "beta"}])
def test_a_narrowed_pack_holds_what_fits_and_of_the_rest_only_that_it_is_left_out(lived, tmp_path, said):
    _, pack = exported(lived, tmp_path / "beta.zip", Asked(**_year(), **said))
    assert [row["reference"] for row in pack.rows("register.jsonl")] == ["BETA-1"]
    assert {row["agreement_id"] for row in pack.rows("deadlines.jsonl")} == {lived.get("BETA-1").id}
    assert b"ACME-7" not in b"".join(pack.files.values())
    assert verify(tmp_path / "beta.zip").damages == ()


def test_as_of_a_past_day_nothing_is_known_that_came_later(lived, tmp_path):
    _, pack = exported(lived, tmp_path / "then.zip", Asked(**_year(), as_of_on=date(2026, 11, 10)))
    row = notice(pack)
    assert (row["state"], row["acknowledged"]["by"], row["outcome"]) == ("acknowledged", "olga@example.com", None)
    assert row["safe_on"] == "2026-12-02"
    assert max(one["at"] for one in pack.rows("events.jsonl")) < "2026-11-11"
    assert "-7d" not in {(one["stage"] or "").partition(".")[0] for one in pack.rows("messages.jsonl")}
    assert pack.manifest["known_on"] == "2026-11-10"
    assert verify(tmp_path / "then.zip").damages == ()


def test_as_of_a_day_before_it_was_amended_an_agreement_has_its_older_facts(tmp_path, lived):
    world = lived.twin()
    world.amend(title="Framework for all of Europe")
    world.travel_to("2026-12-01T09:00")
    _, then = exported(world, tmp_path / "then.zip", Asked(**_year(), as_of_on=date(2026, 11, 24)))
    _, now = exported(world, tmp_path / "now.zip", YEAR)
    titles = [
        row["title"] for pack in (then, now) for row in pack.rows("register.jsonl") if row["reference"] == "ACME-7"
    ]
    assert titles == ["", "Framework for all of Europe"]
    world.monitor.database.close()


def test_the_same_question_on_the_same_day_gives_the_same_bytes(lived, made, tmp_path):
    exported(lived, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == made[0].read_bytes()


def test_the_log_knows_which_packs_were_made(lived, made):
    world = lived.twin()
    packing.note(world.monitor, YEAR, made[1], Actor("ada@example.com", "cli"))
    (row,) = world.events("EvidencePackMade")
    assert (row["payload"]["seal"], row["payload"]["agreements"]) == (made[1].seal, 3)
    world.monitor.database.close()


def test_a_kept_file_that_is_gone_is_said_and_stops_no_pack(lived, pack, tmp_path):
    sha256 = pack.rows("documents.jsonl")[0]["sha256"]
    place = lived.monitor.shelf.folder / sha256[:2] / sha256
    content = place.read_bytes()
    place.write_bytes(b"forged")
    try:
        told, without = exported(lived, tmp_path / "gone.zip")
    finally:
        place.write_bytes(content)
    name, agreement_id = (pack.rows("documents.jsonl")[0][key] for key in ("name", "agreement_id"))
    reference = next(row["reference"] for row in pack.rows("register.jsonl") if row["id"] == agreement_id)
    assert (told.missing, without.manifest["missing_files"]) == ((f"{name} of {reference}",), [sha256])
    assert without.rows("documents.jsonl")[0]["is_there"] is False
    assert verify(tmp_path / "gone.zip").damages == ()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until_on": date(2025, 1, 1)}, "1 Jan 2026 is after 1 Jan 2025."),
        ({"as_of_on": date(2027, 1, 1)}, "Nobody knows yet what will be known on 1 Jan 2027."),
    ],
)
def test_days_that_make_no_span_are_refused(lived, tmp_path, said, sentence):
    with pytest.raises(SpanRefused, match=sentence):
        packing.export(lived.monitor, Asked(**_year() | said), None, tmp_path / "none.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_span_outside_the_years_of_the_calendars_is_refused(lived, tmp_path):
    with pytest.raises(DayOutOfRange, match="31 Dec 9999 is outside 1900 to 2200"):
        packing.export(lived.monitor, Asked(**_year() | {"until_on": date(9999, 12, 31)}), None, tmp_path / "none.zip")
    assert list(tmp_path.iterdir()) == []


def _year():
    return {"from_on": YEAR.from_on, "until_on": YEAR.until_on}


def test_a_pack_that_finds_no_room_names_its_file_and_leaves_none(lived, tmp_path):
    out = tmp_path / "year.zip"
    with little_room(), pytest.raises(OSError, match="File too large") as raised:
        packing.export(lived.monitor, YEAR, None, out)
    assert (raised.value.filename, list(tmp_path.iterdir())) == (str(out), [])


def test_a_pack_is_for_nobody_else(made):
    assert made[0].stat().st_mode & 0o777 == 0o600
