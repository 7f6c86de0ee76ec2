"""A day of the year 9999, which many write for ever, in each day of each form: refused, and nothing fails later."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.support.site import Site, text_of

FOR_EVER, REFUSED = "9999-12-31", "31 Dec 9999 is outside 1900 to 2200."
ID = re.compile(r"/[a-z0-9]{12}(?=/|$)|(?<=/)[A-Z]{2,}-\w+")
PAGES = (
    "/deadlines",
    "/agreements",
    "/audits",
    "/exit-plans",
    "/forecast",
    "/reports",
    "/gaps",
    "/assets",
    "/admin/health",
)
#: What a field is given that nobody has filled yet, by its name; else a word.
FILLED = {"email": "olga@hallingdal.example", "delegate": "olga@hallingdal.example", "person": "mei@hallingdal.example",
          "for": "mei@hallingdal.example", "to": "olga@hallingdal.example", "owner": "olga@hallingdal.example",
          "link": "https://files.example/x", "search": "nimbus", "every": "1 year"}  # fmt: skip


class Forms(HTMLParser):
    """The links of a page, and its forms: where each leads and what it would send."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self._form, self._choice = [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "a" and "download" not in said:
            self.links.append(said.get("href", ""))
        elif tag == "form":
            self._form = {"to": said.get("action", ""), "method": said.get("method", "get"), "fields": {}, "days": []}
            self.forms.append(self._form)
        elif self._form is not None and said.get("name") and tag in {"input", "textarea", "select", "button"}:
            self._field(tag, said)
        elif tag == "option" and self._choice and (not self._form["fields"][self._choice] or "selected" in said):
            self._form["fields"][self._choice] = said.get("value", "")

    def _field(self, tag, said):
        name, kind = said["name"], said.get("type", "text")
        if kind == "date":
            self._form["days"].append(name)
        if tag == "select":
            self._form["fields"][name], self._choice = "", name
        elif kind not in {"checkbox", "radio", "file"} or "checked" in said:
            usual = {"date": "2026-12-01", "number": "3"}.get(kind, "words")
            value = FILLED.get(name, usual)
            self._form["fields"].setdefault(name, said.get("value") or value)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = None


@pytest.fixture
def site():
    made = Site()
    made.world.tick()
    yield made
    made.close()


def forms(browser):
    """Every form with a day in it, of one page of each kind that links lead to."""
    seen, ahead, found = set(), list(PAGES), {}
    while ahead:
        path = ahead.pop(0)
        kind = ID.sub("/ID", urlsplit(path).path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = browser.get(path)
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        page = Forms(answer.text)
        ahead += [one for one in page.links if one.startswith("/") and not one.startswith("/static")]
        for form in page.forms:
            if form["days"]:
                found.setdefault((ID.sub("/ID", form["to"]), tuple(form["days"])), form)
    return found


def test_no_form_takes_a_day_without_end_and_nothing_fails_after_it(site):
    browser = site.as_("henrik")
    given = forms(browser)
    assert len(given) > 20
    taken = {}
    for (kind, days), form in given.items():
        for day in days:
            fields = {name: value for name, value in form["fields"].items() if name != "form_token"} | {day: FOR_EVER}
            if form["method"] == "get":
                answer = browser.get(form["to"], params=fields)
            else:
                answer = browser.post(form["to"], **fields)
            if answer.status_code != 422 and REFUSED not in text_of(browser.followed(answer)):
                taken[kind, day] = answer.status_code
    assert taken == {}
    site.world.tick()
    assert [path for path in PAGES if browser.get(path).status_code != 200] == []
