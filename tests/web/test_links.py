"""Every link of every page leads somewhere, and every form asks where something answers (INTERFACE.md A6)."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from tests.support.site import Site

pytestmark = pytest.mark.rights
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
SENT = re.compile(r'<(?:form\b(?=[^>]*\smethod="post")[^>]*?\saction|button\b[^>]*?\sformaction)="([^"]+)"')
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
IDS = re.compile(r"(?<=/)[a-z0-9]{12,}(?=/|$|\.)")
_AT_ONCE = 2  # pages of one kind, whatever their ids and queries are


class Walk:
    """From one page along every link, as one person; pages of the same kind are alike after the second."""

    def __init__(self, site, name):
        self.browser, self.broken, self.unnamed, self.seen = site.as_(name), {}, {}, Counter()
        self.forms, waiting, known = {}, deque(["/deadlines"]), set()
        while waiting:
            path = waiting.popleft()
            if path in known or not self._is_new(path):
                continue
            known.add(path)
            waiting.extend(self._looked(path))

    def _is_new(self, path):
        kind = _kind(path)
        self.seen[kind] += 1
        return self.seen[kind] <= _AT_ONCE

    def _looked(self, path):
        answer = self.browser.get(path)
        if answer.status_code >= 400:
            self.broken[path] = answer.status_code
        if answer.status_code == 303:
            return [_inside(path, answer.headers["location"])]
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        self._fields(path, answer.text)
        for found in SENT.findall(answer.text):
            if (target := _inside(path, unescape(found))) is not None:
                self.forms.setdefault(_kind(target), path)
        return [one for href in LINK.findall(answer.text) if (one := _inside(path, unescape(href)))]

    def _fields(self, path, text):
        labels = set(re.findall(r'<label\b[^>]*?\sfor="([^"]+)"', text))
        for field in FIELD.findall(text):
            said = dict(re.findall(r'\s([\w-]+)="([^"]*)"', field))
            if said.get("type") in {"hidden", "submit"} or "aria-label" in said or "aria-labelledby" in said:
                continue
            around = text[: text.index(field)]
            is_inside = around.rfind("<label") > around.rfind("</label")
            if said.get("id") not in labels and not is_inside:
                self.unnamed[path] = field


def _inside(path, href):
    """The path to which a link of a page leads; None where it leads elsewhere."""
    parts = urlsplit(urljoin(f"https://longstop.example{path}", href))
    if parts.netloc != "longstop.example" or parts.path.startswith(("/static/", "/logout")):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _kind(path):
    return IDS.sub("ID", urlsplit(path).path)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(data_dir=tmp_path_factory.mktemp("data"))
    made.world.tick()
    yield made
    made.close()


@pytest.fixture(scope="module")
def walk(site):
    return Walk(site, "henrik")


def test_no_link_is_dead_and_no_field_without_a_name(walk):
    assert (walk.broken, walk.unnamed) == ({}, {})
    assert len(walk.seen) > 40


def test_every_form_is_sent_where_something_answers(site, walk):
    http = site.as_("henrik").http
    asked = {kind: http.post(kind.replace("ID", "2222222222"), data={}).status_code for kind in walk.forms}
    assert {kind: walk.forms[kind] for kind, status in asked.items() if status == 405} == {}
    assert len(asked) > 20
