"""Items of a checklist, applied by one command, asked in Slack and by mail, closed wherever somebody is, with evidence.

All of it happens in one register: the command line opens it beside the house that sends.
"""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI

from cli.rules import WrittenRules
from config.playbooks import shipped
from engine.access.entering import begin
from engine.incoming.links import Links
from engine.shelf import Shelf
from lifecycle.events import Actor
from store.database import open_database, sqlite_url
from store.migrate import upgrade
from tests.support.asking import Client
from tests.support.cli import Longstop
from tests.support.databases import is_postgres, made
from tests.support.site import BASE, KEY, Browser
from tests.support.slack_reader import SECRET, Reader
from tests.support.slack_server import TOKEN, SlackServer
from tests.support.slack_world import SlackWorld
from web.actions import router
from web.app import make_app
from web.frame.sessions import SESSION
from web.frame.site import Site as Pages
from web.health import Watched

#: One item in Slack and by mail on each of three days.
ASKED = """
{playbook: items, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -3bd, steps: [{ask: owner, via: all}]}, {at: +1d, steps: [{ask: owner, via: all}]}]}
"""
PDF = b"%PDF-1.7 the scan of the signed original"
TERMS = b"36 months; confidentiality for 5 years"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Monday, 2 March 2026: an NDA signed on the Friday before, in a register that others can open as well."""
    database = open_database(made() if is_postgres() else sqlite_url(tmp_path / "longstop.db"))
    upgrade(database)
    with SlackServer() as server:
        settings = {"MODE": "http", "BOT_TOKEN": TOKEN, "SIGNING_SECRET": SECRET, "API_URL": server.url}
        for name, value in settings.items():  # the command line is told what the house is told
            monkeypatch.setenv(f"LONGSTOP_SLACK_{name}", value)
        world = SlackWorld(server, "2026-03-02T07:00", database=database)
        world.monitor = replace(world.monitor, links=Links(KEY, BASE), shelf=Shelf(tmp_path / "documents"))
        world.playbooks(*shipped(), ASKED)
        world.staff()
        world.agreement("NDA-1", title="Mutual NDA", signed_on="2026-02-27", effective_on="2026-03-02")
        yield world
        world.check()
        world.monitor.database.close()


@pytest.fixture
def asked(house, tmp_path):
    """Olga has applied the checklist, and on Wednesday she was asked for four of its items."""
    answer = command(house, tmp_path, "checklist", "apply", "nda-onboarding", "NDA-1", "--as", "olga@example.com")
    assert "10 obligations are new." in answer.out
    house.live_until("2026-03-04T09:00")
    house.expect(
        "2026-03-03 08:30 olga olga olga@slack olga@slack: NDA-1 duty -3bd.0",  # file, details
        "2026-03-03 08:30 olga olga@slack: NDA-1 screening -3bd.0",
        "2026-03-04 08:30 olga olga@slack: NDA-1 duty -3bd.0",  # need-to-know
    )
    return house


def command(world, folder, *words):
    """Say something on the command line, now."""
    longstop = Longstop(folder)
    longstop.now = world.clock.now()
    longstop.url = world.monitor.database.engine.url.render_as_string(hide_password=False) if is_postgres() else ""
    return longstop(*words)


def item(world, key):
    """The deadline of an item."""
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("NDA-1").id)
    return next(row for row in rows if row.key.subject == f"nda-onboarding.{key}")


def browser(world, name):
    """Somebody who is signed in to the pages of this house."""
    site = Pages(monitor=world.monitor, key=KEY, data_dir=Path("/nonexistent"), base_url=BASE, rules=WrittenRules())
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
    made = Browser(make_app(watched, site=site))
    with world.monitor.work(Actor("test", "test")) as work:
        token = begin(work, work.people.by_email(f"{name}@example.com"), via="password", days=14).token
    made.http.cookies.set(SESSION, token)
    return made


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def mailed(world, words):
    """The link of this name in the newest mail that asks for a thing."""
    for one in reversed(world.mail.taken):
        html = message_from_bytes(one.frozen.body, policy=default).get_body(("html",)).get_content()
        if words in html:
            found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', html)
            return {unescape(name): unescape(url) for url, name in found}
    raise AssertionError(f"no mail asks for {words}")


def in_slack(world, _):
    reader, conversation = Reader(world), world.conversation("olga")
    at = next(n for n, one in enumerate(conversation) if "Screen the counterparty" in str(one["blocks"]))
    reader.press("olga", reader.button("olga", "done", at))
    assert "Wanted: Search report. A file, a link or a sentence." in str(world.server.views[-1]["view"])
    reader.fill("olga", evidence="Search report of 4 March, no hits")


def by_mail(world, _):
    link = mailed(world, "Name the people who may see confidential information")["Done"].removeprefix(BASE)
    app = FastAPI()
    app.include_router(router(world.monitor))
    visitor = Client(app, base_url=BASE)
    page = visitor.get(link).text
    assert "Wanted: List of names on both sides." in unescape(page)
    nonce = re.search('name="nonce" value="([^"]+)"', page)[1]
    given = {"nonce": nonce, "do": "done", "evidence": "List of 4 March: Ada, Ben; theirs: J. Doe"}
    assert visitor.post(link.partition("?")[0], data=given).status_code == 200


def on_the_page(world, _):
    row = item(world, "file")
    file = {"file": ("nda-signed.pdf", PDF, "application/pdf")}
    olga = browser(world, "olga")
    assert "Wanted: The file or where the paper lies. A link or a sentence" in unescape(
        olga.get(f"/deadlines/{row.id}").text
    )
    answer = olga.post(f"/deadlines/{row.id}/done", revision=str(row.revision), evidence="", files=file)
    assert answer.status_code == 303


def on_the_command_line(world, folder):
    (folder / "terms.txt").write_bytes(TERMS)
    words = ("done", item(world, "details").id, "--evidence", folder / "terms.txt", "--as", "olga@example.com")
    command(world, folder, *words)


WAYS = {"screening": in_slack, "need-to-know": by_mail, "file": on_the_page, "details": on_the_command_line}


def test_each_is_asked_for_with_what_proves_it(asked):
    in_slack = [str(one["blocks"]) for one in asked.conversation("olga")]
    by_mail = [message_from_bytes(one.frozen.body, policy=default) for one in asked.mail.taken]
    screening = [one for one in in_slack if "Screen the counterparty" in one]
    names = [one for one in by_mail if "Name the people who may see confidential information" in text_of(one)]
    assert [one.count("Wanted as proof: Search report.") for one in screening] == [1]
    assert [text_of(one).count("Wanted as proof: List of names on both sides.") for one in names] == [1]


def test_each_is_closed_with_evidence_where_somebody_is(asked, tmp_path):
    for key, close in WAYS.items():
        assert item(asked, key).state == "open"
        close(asked, tmp_path)
        assert item(asked, key).state == "done"
    told = {key: item(asked, key).outcome.evidence for key in WAYS}
    assert told == {
        "screening": "Search report of 4 March, no hits",
        "need-to-know": "List of 4 March: Ada, Ben; theirs: J. Doe",
        "file": f"nda-signed.pdf (sha256 {sha256(PDF).hexdigest()})",
        "details": f"terms.txt (sha256 {sha256(TERMS).hexdigest()})",
    }
    assert [(one["actor"], one["channel"]) for one in asked.events("MilestoneDone")] == [
        ("olga@example.com", channel) for channel in ("slack", "link", "web", "cli")
    ]


def test_files_are_kept_and_nobody_is_asked_again(asked, tmp_path):
    for close in WAYS.values():
        close(asked, tmp_path)
    with asked.monitor.look() as work:
        kept = {one.name: one for one in work.documents.of(work.agreements.find("NDA-1").id)}
    assert {name: one.milestone_id for name, one in kept.items()} == {
        "nda-signed.pdf": item(asked, "file").id, "terms.txt": item(asked, "details").id
    }  # fmt: skip
    assert asked.monitor.shelf.take(kept["nda-signed.pdf"].sha256) == PDF
    asked.live_until("2026-03-10T12:00")  # each was due on the 6th or the 9th
    asked.expect()
    read = [asked.reads("olga", at) for at in range(len(asked.conversation("olga")))]
    assert ["Done on Wed 4 Mar 2026" in one for one in read] == [True] * 4
    screening = "complete the screening “Screen the counterparty before the first disclosure”"
    assert [one.count(screening) for one in read if "Search report of 4 March" in one] == [1]
