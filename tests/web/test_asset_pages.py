"""Assets, disclosures and documents on pages and to programs: what they show, what they take, and to whom."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from engine import operations as ops
from engine.shelf import Shelf
from lifecycle.assets.asset import Asset, AssetKind, Ownership
from tests.support.agreements import NEVER, agreement
from tests.support.site import Site, text_of

CANARY = "Xanadu"
OF_NDA = {"effective_on": "2026-01-01", "signed_on": "2025-12-15", "renewal": NEVER, "counterparty": "Mira Labs"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Olga's NDA-9 of a year, and a restricted one that is Sofia's alone."""
    made = Site(filled=False, upload_most=64 * 1024)
    object.__setattr__(made.monitor, "shelf", Shelf(tmp_path_factory.mktemp("shelf")))
    with made.work() as work:
        ours = agreement("NDA-9", end="12 months", owner_id=made.people["Olga"], **OF_NDA)
        secret = agreement(
            f"{CANARY}-1", owner_id=made.people["Sofia"], restricted_to=(made.people["Sofia"],), **OF_NDA
        )
        kept, hidden = ops.register(work, ours), ops.register(work, secret)
        ops.add_asset(work, asset("Compiler", kept.id, ownership=Ownership.JOINT, holders=("Mira Labs",)))
        ops.add_asset(work, asset(f"{CANARY} recipe", hidden.id))
        ops.add_asset(work, asset("Handbook", kept.id, hidden.id))
        ops.disclose(work, hidden, given_on=work.now.date(), what=f"{CANARY} plans")
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return site.as_("olga")


@pytest.fixture(scope="module")
def mei(site):
    return site.as_("mei")


def asset(name, *agreements, **said):
    return Asset(**{"id": "", "name": name, "kind": AssetKind.SOURCE_CODE, "agreements": agreements} | said)


def id_of(site, reference="NDA-9"):
    with site.look() as work:
        return work.agreements.find(reference).id


def asset_id(site, name):
    with site.look() as work:
        return work.assets.named(name).id


def saved(page, path, **fields):
    """Look at what it would move, then keep it."""
    shown = page.post(path, on=path, **fields)
    mark = shown.text.partition('name="mark" value="')[2].partition('"')[0]
    return page.post(path, on=path, step="save", mark=mark, **fields)


# -- assets ----------------------------------------------------------------------------------------------------------


def test_of_many_assets_fifty_are_listed_and_the_next_follow_without_what_is_not_theirs():
    made = Site(filled=False)
    with made.work() as work:
        ours = ops.register(work, agreement("NDA-9", **OF_NDA))
        secret = ops.register(work, agreement("NDA-8", restricted_to=(made.people["Sofia"],), **OF_NDA))
        for number in range(130):
            ops.add_asset(work, asset(f"Asset {number:03}", (secret if number < 20 or number > 120 else ours).id))
        ops.retire_asset(work, work.assets.named("asset 021").id, because="sold")
    henrik, address, found = made.as_("henrik"), "/assets", []
    while address:
        page = henrik.get(address).text
        found.append(re.findall(r">(Asset \d+)<", page))
        further = re.search(r'href="(/assets\?after=[^"]*)" rel="next"', page)
        address = further[1].replace("&amp;", "&") if further else ""
    wanted = [f"Asset {number:03}" for number in range(20, 121) if number != 21]
    assert found == [wanted[:50], wanted[50:]]
    assert henrik.get("/assets?after=%00").status_code == 200
    made.close()


def test_the_list_says_who_owns_it_what_covers_it_and_until_when(olga):
    text = text_of(olga.get("/assets"))
    assert "Compiler Source code · Mira Labs has it" in text
    assert "Owned jointly NDA-9 Thu 31 Dec 2026" in text
    assert "Compiler is covered by nothing after 31 Dec 2026." in text
    assert "no licence is recorded under which it may be used" in text


def test_an_asset_is_added_changed_and_retired_by_its_form(site, mei):
    facts = {"name": "Map data", "kind": "data", "ownership": "third-party", "agreements": "NDA-9"}
    licence = {"licence_from": "Geo", "licence_until": "2027-06-30", "fee": "EUR 1,200", "fee_due_on": "2027-01-04"}
    mei.followed(mei.post("/assets/new", **facts, **licence))
    with site.look() as work:
        made = work.assets.named("Map data")
        duties = {one.kind.value for one in work.agreements.find("NDA-9").obligations}
    assert (str(made.licence.fee.amount), duties) == ("1200.00", {"duty", "fee"})
    mei.followed(mei.post(f"/assets/{made.id}", **facts, **licence | {"fee_every": "12 months"}, because="yearly now"))
    assert 'value="12 months"' in mei.get(f"/assets/{made.id}").text
    assert mei.post(f"/assets/{made.id}/retire", because="").status_code == 422
    assert "watched no longer" in text_of(mei.followed(mei.post(f"/assets/{made.id}/retire", because="Sold")))
    assert "Map data" not in text_of(mei.get("/assets"))
    with site.look() as work:
        assert work.agreements.find("NDA-9").obligations == ()


def test_what_is_wrong_in_the_form_of_an_asset_is_said_at_its_field(mei):
    answer = mei.post("/assets/new", name="Compiler", kind="nonsense", ownership="us", fee="much", agreements="NDA-9")
    assert answer.status_code == 422
    assert "Choose one of them." in text_of(answer)
    assert "Write an amount with its currency" in text_of(answer)
    assert 'value="much"' in answer.text
    nobody = mei.post("/assets/new", name="Thing", kind="data", ownership="us", agreements=f"{CANARY}-1")
    assert (nobody.status_code, f"There is no agreement {CANARY}-1." in text_of(nobody)) == (422, True)


def test_an_owner_changes_what_their_own_agreements_cover_and_nothing_else(site, olga):
    facts = {"name": "Linker", "kind": "source-code", "ownership": "us"}
    assert olga.post("/assets/new", **facts).status_code == 403
    olga.followed(olga.post("/assets/new", **facts, agreements="NDA-9"))
    assert "Save" in olga.get(f"/assets/{asset_id(site, 'Linker')}").text
    shared = asset_id(site, "Handbook")
    assert "Save" not in olga.get(f"/assets/{shared}").text
    refused = olga.post(f"/assets/{shared}", name="Handbook", kind="process", ownership="us", agreements="NDA-9")
    assert refused.status_code == 403


def test_an_agreement_that_somebody_cannot_see_stays_with_the_asset(site, mei):
    shared = asset_id(site, "Handbook")
    mei.followed(mei.post(f"/assets/{shared}", name="Handbook", kind="process", ownership="us", agreements=""))
    with site.look() as work:
        assert work.assets.get(shared).agreements == (work.agreements.find(f"{CANARY}-1").id,)
    with site.work() as work:
        known, nda = work.assets.get(shared), work.agreements.find("NDA-9").id
        ops.change_asset(work, replace(known, agreements=(nda, *known.agreements)), because="as it was")


# -- disclosures -----------------------------------------------------------------------------------------------------


def test_a_disclosure_is_recorded_asked_back_and_shown_with_its_days(site, olga):
    path = f"/agreements/{id_of(site)}"
    olga.followed(saved(olga, f"{path}/disclose", what="Source of 4.2", to="Jane Roe", given_on="2026-11-20"))
    text = text_of(olga.get(f"{path}/disclosures"))
    assert "Fri 20 Nov 2026 Source of 4.2 Jane Roe Thu 31 Dec 2026" in text
    with site.look() as work:
        given = work.agreements.find("NDA-9").disclosures[-1].id
    olga.followed(saved(olga, f"{path}/request-return", disclosure=given, by_on="2026-12-07"))
    assert "due Mon 7 Dec 2026" in text_of(olga.get(f"{path}/disclosures"))
    olga.followed(saved(olga, f"{path}/withdraw-disclosure", disclosure=given, because="Never sent"))
    assert "Withdrawn Never sent" in text_of(olga.get(f"{path}/disclosures"))


def test_a_disclosure_before_the_agreement_began_is_said_so(site, olga):
    path = f"/agreements/{id_of(site)}"
    olga.followed(saved(olga, f"{path}/disclose", what="First talk", given_on="2025-11-03"))
    text = text_of(olga.get(f"{path}/disclosures"))
    assert "It was given before the agreement was signed on 15 Dec 2025." in text
    assert "First talk was disclosed on 3 Nov 2025 under NDA-9: it was given before the agreement was signed" in text
    assert "First talk was disclosed" in text_of(olga.get(f"{path}/related"))


# -- documents -------------------------------------------------------------------------------------------------------


def test_an_original_is_kept_once_and_leaves_as_it_came(site, olga):
    path, content = f"/agreements/{id_of(site)}/documents", b"%PDF-1.7 signed"
    for name in ("../../signed.pdf", "again.pdf"):
        given = {"file": (name, content, "text/html")}
        olga.followed(olga.post(path, files=given, purpose="original", held_by="Legal, safe 2"))
    nda = id_of(site)
    with site.look() as work:
        (kept,) = work.documents.of(nda)
    assert (kept.name, kept.purpose.value, kept.held_by) == ("signed.pdf", "original", "Legal, safe 2")
    assert hashlib.sha256(content).hexdigest()[:12] in olga.get(path).text
    said = text_of(olga.get(path))
    assert ("signed.pdf, kept below." in said, "Nobody has said where it lies." in said) == (True, False)
    answer = olga.get(f"{path}/{kept.id}")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_at_all_and_a_link_that_is_none_are_refused(site, olga):
    path = f"/agreements/{id_of(site)}/documents"
    assert "There is no file and no place where it lies." in text_of(olga.post(path))
    answer = olga.post(path, link="javascript:alert(1)", name="Scan")
    assert (answer.status_code, "This is no link." in text_of(answer)) == (422, True)
    assert 'value="javascript:alert(1)"' in answer.text


def test_a_place_that_is_no_web_address_is_told_and_led_to_by_nothing(site, olga):
    with site.work() as work:
        given = ops.Given(name="Scan", link="javascript:alert(1)")
        ops.keep_document(work, work.agreements.find("NDA-9"), given)
    text = olga.get(f"/agreements/{id_of(site)}/documents").text
    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in text


def test_a_file_of_another_agreement_or_one_that_is_damaged_is_not_handed_out(site, olga, mei):
    with site.work() as work:
        given = ops.Given(name="plan.txt", content=b"secret")
        hidden = ops.keep_document(work, work.agreements.find(f"{CANARY}-1"), given)
        mine = ops.keep_document(work, work.agreements.find("NDA-9"), ops.Given(name="x", content=b"as it was"))
    assert olga.get(f"/agreements/{id_of(site)}/documents/{hidden.id}").status_code == 404
    assert mei.get(f"/agreements/{id_of(site, f'{CANARY}-1')}/documents/{hidden.id}").status_code == 404
    place = site.monitor.shelf.folder / mine.sha256[:2] / mine.sha256
    place.write_bytes(b"changed")
    answer = olga.get(f"/agreements/{id_of(site)}/documents/{mine.id}")
    assert answer.status_code >= 400
    assert "was changed" in text_of(answer)


# -- the other side --------------------------------------------------------------------------------------------------


def test_whom_a_ladder_asks_over_there_is_named_on_the_page_of_the_counterparty(site, mei, olga):
    with site.look() as work:
        path = f"/counterparties/{work.agreements.find('NDA-9').counterparty_id}"
    jane = {"name": "signature", "email": "jane@mira.example", "person": "Jane Roe"}
    assert olga.post(f"{path}/contacts", **jane).status_code == 403
    assert "Nobody is named" in text_of(olga.get(path))
    refused = mei.post(f"{path}/contacts", **jane | {"email": "jane"})
    assert (refused.status_code, "is no mail address" in text_of(refused)) == (422, True)
    assert 'value="Jane Roe"' in refused.text
    shown = text_of(mei.followed(mei.post(f"{path}/contacts", **jane)))
    assert "Jane Roe Remove for signature · jane@mira.example" in shown
    assert "Nobody is named" in text_of(mei.followed(mei.post(f"{path}/contacts", remove="signature")))
    assert mei.post("/counterparties/222222222222/contacts", **jane).status_code == 404


# -- programs --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(site):
    from datetime import timedelta

    from engine.access.tokens import SCOPES, create_token

    http = site.anybody().http
    with site.work() as work:
        person = work.people.by_email("mei@hallingdal.example")
        made = create_token(work, person, SCOPES, work.now.date() + timedelta(days=30))
    http.headers.update({"accept": "application/json", "authorization": f"Bearer {made.text}"})
    return http


def test_programs_do_what_people_do(site, program):
    nda = id_of(site)
    made = program.post("/api/v1/assets", json={"name": "Codec", "kind": "patent", "agreements": ["NDA-9"]})
    assert (made.status_code, made.json()["item"]["protected"]) == (201, {"by": "NDA-9", "until_on": "2026-12-31"})
    place = f"/api/v1/assets/{made.json()['item']['id']}"
    licence = {"from_whom": "Mira", "ends_on": "2027-03-31", "fee": "EUR 500"}
    changed = program.post(f"{place}/amend", json={"licence": licence, "because": "a contract"}).json()["item"]
    assert changed["licence"]["fee"] == {"amount": "500.00", "currency": "EUR"}
    given = {"agreement_id": nda, "asset_id": changed["id"], "given_on": "2026-11-19"}
    assert program.post("/api/v1/disclosures", json=given).status_code == 201
    told = [one for one in program.get(f"/api/v1/disclosures?agreement_id={nda}").json()["items"] if one["asset"]]
    assert [(one["what"], one["asset"]) for one in told] == [("Codec", "Codec")]
    back = f"/api/v1/disclosures/{told[0]['id']}/request-return"
    assert program.post(back, json={"agreement_id": nda, "by_on": "2026-12-14"}).status_code == 200
    assert program.get(f"/api/v1/disclosures/{nda}/{told[0]['id']}").json()["item"]["return_due_on"] == "2026-12-14"
    body = {"agreement_id": nda, "name": "scan.pdf", "content": base64.b64encode(b"scan").decode()}
    document = program.post("/api/v1/documents", json=body).json()["item"]
    assert document["sha256"] == hashlib.sha256(b"scan").hexdigest()
    assert program.post("/api/v1/documents", json=body | {"content": "not base64"}).status_code == 422
    large = base64.b64encode(bytes(site.pages.upload_most + 1)).decode()
    assert program.post("/api/v1/documents", json=body | {"content": large}).status_code in {413, 422}
    assert program.get(f"/api/v1/documents/{nda}/{document['id']}").json()["item"]["name"] == "scan.pdf"
    assert program.post(f"{place}/retire", json={"because": "Sold"}).json()["item"]["retired_because"] == "Sold"


# -- who may see it --------------------------------------------------------------------------------------------------


def test_what_only_a_restricted_agreement_covers_is_nowhere_for_others(site, mei, program):
    hidden, recipe = id_of(site, f"{CANARY}-1"), asset_id(site, f"{CANARY} recipe")
    for path in ("/assets", f"/assets/{asset_id(site, 'Handbook')}", f"/agreements/{id_of(site)}/disclosures"):
        assert CANARY not in mei.get(path).text
    for path in (f"/assets/{recipe}", f"/agreements/{hidden}/disclosures", f"/agreements/{hidden}/documents"):
        answer = mei.get(path)
        assert (answer.status_code, CANARY in answer.text) == (404, False)
    for path in ("assets", "disclosures", f"documents?agreement_id={hidden}", f"assets/{recipe}"):
        assert CANARY not in program.get(f"/api/v1/{path}").text
    assert f"{CANARY} recipe" in site.as_("sofia").get("/assets").text
