"""What was typed is kept where a session is over before the form is sent (INTERFACE.md G5)."""

import re
from html import unescape

import pytest

from tests.support.site import Site, text_of
from web.frame.forms import CSRF
from web.frame.sessions import SESSION

NOTE = 'Too dear:\n"ask" <them> & wait'


@pytest.fixture
def site():
    built = Site()
    yield built
    built.close()


@pytest.fixture
def where(site):
    with site.look() as work:
        rows = work.milestones.of(work.agreements.find("NDA-014").id)
    return f"/deadlines/{next(row.id for row in rows if row.key.kind == 'notice' and row.is_live)}"


def hidden(page):
    form = page.partition('/decide">')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(text) for name, text in found}


def decision(site, where):
    with site.look() as work:
        return work.milestones.get(where.rpartition("/")[2]).decision


@pytest.mark.parametrize("is_sent_along", [True, False])
def test_a_form_that_is_sent_after_the_session_is_over_can_be_sent_again(site, where, is_sent_along):
    mei = site.as_("mei")
    typed = {CSRF: mei.token(where), "choice": "stop-renewal", "note": NOTE}
    over = "nobody's" if is_sent_along else None
    mei.http.cookies.delete(SESSION)
    if over:
        mei.http.cookies.set(SESSION, over)
    asked = mei.http.post(f"{where}/decide", data=typed, headers={"sec-fetch-site": "same-origin"})
    assert asked.status_code == 401
    assert "You are no longer signed in. Nothing was changed" in text_of(asked)
    assert NOTE in unescape(asked.text)
    assert decision(site, where) is None

    again = site.as_("mei")
    warned = again.post(f"{where}/decide", **hidden(asked.text))
    assert (warned.status_code, decision(site, where)) == (403, None)
    done = again.post(f"{where}/decide", **hidden(warned.text))
    assert done.status_code == 303
    assert (decision(site, where).choice, decision(site, where).note) == ("stop-renewal", NOTE)


@pytest.mark.parametrize(
    ("headers", "typed"),
    [
        ({"sec-fetch-site": "cross-site"}, {CSRF: "a.b"}),
        ({}, {CSRF: "a.b"}),
        ({"sec-fetch-site": "same-origin"}, {}),
        ({"sec-fetch-site": "same-origin"}, {CSRF: "a.b", "note": "x" * 1_100_000}),
    ],
)
def test_of_what_came_from_elsewhere_or_is_too_much_nothing_is_repeated(site, where, headers, typed):
    answer = site.anybody().http.post(f"{where}/decide", data=typed | {"choice": "renew"}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_password_is_not_repeated_and_a_file_is_to_be_chosen_again(site):
    stranger = site.anybody()
    sent = {CSRF: "a.b", "password_new": "a secret", "evidence": "see the file"}
    files = {"file": ("receipt.pdf", b"%PDF", "application/pdf")}
    answer = stranger.http.post("/deadlines/x/done", data=sent, files=files, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 401
    assert "a secret" not in answer.text
    assert "receipt.pdf: choose the file again" in text_of(answer)
