"""A calendar is taken once, by a program: what its person may see now, in the bytes that everybody else gets."""

import pytest

from cli.feeds import Wanted
from lifecycle.feeds import Detail
from tests.support.ics_lint import lint
from tests.support.program import Program
from tests.support.site import Site
from web.feeds.rendering import Reader, rendered, scene_of


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


def entries(answer):
    return answer.text.count("BEGIN:VEVENT")


def test_a_search_is_a_calendar_file_with_the_bytes_of_the_command_line(site):
    olga = Program(site, "Olga", "read")
    answer = olga.get("/feeds/render?search=owner:me&kinds=notice&months_ahead=12")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="longstop.ics"'
    assert answer.headers["cache-control"] == "no-store"
    assert lint(answer.content) == []
    with site.look() as work:
        person = work.people.get(site.people["Olga"])
        wanted = Wanted(search="owner:me", kinds=("notice",), months_ahead=12).feed(
            work, Detail.FULL, person_id=person.id
        )
        told = rendered(work, scene_of(work, wanted, site.pages.style, Reader(person=person)))
    assert answer.content == told.data
    assert entries(answer) == told.entries > 0
    assert olga.items("/feeds") == [], "nobody subscribed"


def test_ones_own_feed_is_taken_with_the_bytes_that_its_page_gives(site):
    olga = Program(site, "Olga")
    made = olga.done("/feeds", {"name": "Mine", "detail": "redacted"}, status=201)
    once = Program(site, "Olga", "read").get(f"/feeds/{made['id']}/render")
    served = site.as_("olga").get(f"/subscribe/{made['id']}.ics")
    assert (once.status_code, served.status_code) == (200, 200)
    assert once.content == served.content
    assert Program(site, "Mei").get(f"/feeds/{made['id']}/render").status_code == 404
    assert Program(site, "Henrik").get(f"/feeds/{made['id']}/render").status_code == 404, "not even an admin's"


def test_nobody_gets_more_than_they_may_see(site):
    with site.look() as work:
        hidden = next(one for one in work.agreements.all() if one.is_restricted and not one.is_archived)
    asked = f"/feeds/render?search={hidden.reference}&months_ahead=60"
    assert entries(Program(site, "Mei").get(asked)) >= 1
    seen = Program(site, "Amara").get(asked)
    assert (seen.status_code, hidden.reference in seen.text) == (200, False)
    assert site.anybody().get(f"/api/v1{asked}").status_code == 401
    assert Program(site, "Olga", "metrics").get(asked).status_code == 403


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("months_ahead=2", "usage"),
        ("search=nonsense:word", "usage"),
        ("search=is:acknowledged", "usage"),
        ("limit=3", "invalid"),
    ],
)
def test_what_no_calendar_can_be_is_refused_with_a_remedy(site, query, code):
    answer = Program(site, "Olga").get(f"/feeds/render?{query}")
    said = answer.json()
    assert (answer.status_code, said["code"], bool(said["remedy"])) == (422, code, True)
