"""Names and texts that mean harm: in the header of a file that is handed out, and in rules that are tried."""

import time

import pytest

from engine import operations as ops
from engine.shelf import Shelf
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site, text_of

NAMES = (
    'a"; filename="b.exe',
    "signed.pdf\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "Vertrag, geprüft.pdf",
    "\u202egpj.exe",
    "x" * 5000,
)
#: Nine aliases of nine aliases, twelve deep: 282 billion words, if anybody spelt them out.
BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
)
TEXTS = {
    "aliases of aliases": BOMB,
    "aliases as a ladder": f"{BOMB}playbook: x\nladder: *m\n",
    "aliases as tags": f"{BOMB}playbook: x\nmatch: {{tag: *m}}\nladder: []\n",
    "brackets without end": "playbook: " + "[" * 5000,
    "a thing of Python": "playbook: !!python/object/apply:os.system ['true']\nladder: []\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False)
    object.__setattr__(made.monitor, "shelf", Shelf(tmp_path_factory.mktemp("shelf")))
    registered(made, "NDA-9", "olga")
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return site.as_("olga")


@pytest.mark.parametrize("name", NAMES, ids=["quotes", "line", "folders", "German", "backwards", "long"])
def test_the_name_of_a_kept_file_is_never_more_than_its_name(site, olga, name):
    with site.work() as work:
        holder = work.agreements.find("NDA-9")
        given = ops.Given(name=name, content=b"%PDF-1.7 " + name.encode(), media_type="text/html")
        kept = ops.keep_document(work, holder, given)
    at_page = olga.get(f"/agreements/{holder.id}/documents/{kept.id}")
    at_program = Program(site, "Olga").get(f"/documents/{holder.id}/{kept.id}/content")
    for answer in (at_page, at_program):
        told = answer.headers["content-disposition"]
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
        assert told.startswith("attachment; filename*=UTF-8''")
        assert set(told.partition("''")[2]) & set("\r\n\"';/\\ ") == set()
        assert "set-cookie" not in answer.headers
    assert "sandbox" in at_page.headers["content-security-policy"]


@pytest.mark.parametrize("what", TEXTS)
def test_rules_that_mean_harm_are_refused_in_bounded_time(site, what):
    mei = site.as_("mei")
    begun = time.process_time()
    page = mei.post("/playbooks/_new/try", text=TEXTS[what])
    program = Program(site, "Mei").post("/playbooks/plan", {"text": TEXTS[what]})
    assert time.process_time() - begun < 10
    assert page.status_code == 422
    assert "line" in text_of(page).lower()
    assert program.status_code == 422


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/deadlines", {"span": "²"}, 200),
        ("/deadlines", {"span": "9" * 5000}, 200),
        ("/admin/log", {"before": "9" * 25}, 200),
        ("/admin/log", {"before": "9" * 5000}, 200),
        ("/admin/log", {"from": "0001-01-01"}, 422),
        ("/admin/log", {"until": "9999-12-31"}, 422),
        ("/reports", {"from": "2026-01-01", "until": "0001-01-01"}, 200),
    ],
)
def test_a_number_or_a_day_out_of_all_bounds_in_an_address_fails_nothing(site, path, said, status):
    assert site.as_("henrik").get(path, params=said).status_code == status


def test_a_span_out_of_all_bounds_is_refused_beside_its_field(site):
    henrik = site.as_("henrik")
    for given in ({"from": "0001-01-01", "until": "2026-01-01"}, {"from": "2026-01-01", "until": "9999-12-31"}):
        answer = henrik.post("/evidence", **given)
        assert answer.status_code == 422
        assert "is outside 1900 to 2200" in text_of(answer)


@pytest.mark.parametrize("revision", ["²", "9" * 5000, "-1"])
def test_a_revision_that_is_none_fails_nothing(site, olga, revision):
    with site.look() as work:
        known = work.milestones.of(work.agreements.find("NDA-9").id)
    one = next(row.id for row in known if row.is_deadline)
    answer = olga.post(f"/deadlines/{one}/ack", revision=revision)
    together = olga.post("/deadlines/bulk", id=one, do="ack", **{f"revision-{one}": revision})
    assert max(answer.status_code, together.status_code) < 500
