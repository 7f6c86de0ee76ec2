"""Links in messages: each for the one person to whom the message goes, and for nobody else."""

from dataclasses import replace

import pytest

from engine.incoming.links import ActionLink, Links
from tests.support.world import living

LINKS = Links("s" * 32, "https://longstop.example/house/")
BOOK = """
{playbook: mixed, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: [owner, "role:legal", "address:email:contracts@example.com"]}]}]}
"""
PASSED_ON = BOOK.replace(
    'owner, "role:legal", "address:email:contracts@example.com"', '"counterparty:acme@acme.example"'
)
BUNDLED = """
{playbook: mixed, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, urgency: digest, steps: [{ask: owner}]}, {at: -10d, steps: [{ask: owner}]}]}
"""


@pytest.fixture
def world():
    with living("2026-10-30T09:00") as made:
        made.staff()
        made.playbooks(BOOK)
        made.monitor = replace(made.monitor, links=LINKS)
        yield made
        made.expect(*made.unexpected)


def told(world, kind="step"):
    """The deadlines of the messages that came, by address."""
    sheets = [(one.address, world.mail.sheets[one.delivery_id]) for one in world.mail.taken]
    return {
        address: [(line.kind.value, line.url, line.answers) for line in sheet.deadlines]
        for address, sheet in sheets
        if sheet.kind == kind
    }


def read(url):
    assert url.startswith("https://longstop.example/house/act/")
    return LINKS.read(url.rpartition("/")[2])


def test_each_of_our_people_gets_links_of_their_own_and_an_address_none(world):
    world.agreement()
    world.live_until("2026-11-02T09:00")
    messages = told(world)
    row = world.row("ACME-7 notice")
    links = {name: read(messages[f"{name}@example.com"][0][1]) for name in ("olga", "leo")}
    assert links == {
        name: ActionLink(row.id, world.id_of(name), row.revision, "-30d") for name in ("olga", "leo")
    }  # fmt: skip
    assert messages["contracts@example.com"] == [("notice", "", ())]


def test_a_message_offers_what_can_be_answered_from_it(world):
    world.agreement()
    world.live_until("2026-11-02T09:00")
    ((_, url, answers),) = told(world)["leo@example.com"]
    assert answers == tuple((name, f"{url}?do={name}") for name in ("acknowledge", "snooze", "assign", "done"))


def test_a_message_that_is_to_be_passed_on_holds_only_the_way_to_the_page(world):
    """There its reader signs in: nothing in it acts for whoever has it next."""
    house = replace(world.monitor.house, base_url="https://longstop.example/house/")
    world.monitor = replace(world.monitor, house=house)
    world.playbooks(PASSED_ON)
    world.agreement()
    world.live_until("2026-11-02T09:00")
    page = f"https://longstop.example/house/deadlines/{world.row('ACME-7 notice').id}"
    assert told(world) == {"olga@example.com": [("notice", page, ())]}


def test_whoever_is_outside_a_restricted_agreement_gets_no_link(world):
    world.agreement(restricted_to=("mia@example.com",))
    world.live_until("2026-11-02T09:00")
    messages = told(world)
    assert messages["leo@example.com"][0][1:] == ("", ())
    assert read(messages["olga@example.com"][0][1]).person_id == world.id_of("olga")


def test_a_line_of_a_digest_opens_its_deadline(world):
    world.playbooks(BUNDLED)
    world.agreement()
    world.live_until("2026-11-09T09:00")
    ((kind, url, _),) = told(world, "digest")["olga@example.com"]
    assert (kind, read(url).milestone_id) == ("notice", world.row("ACME-7 notice").id)


def test_what_a_link_says_is_what_was_put_in_and_nobody_else_can_write_one():
    link = ActionLink("m1", "p1", 3, "-30d")
    assert LINKS.read(LINKS.token(link)) == link
    other = Links("t" * 32, "https://longstop.example")
    with pytest.raises(Exception, match="not known here"):
        other.read(LINKS.token(link))
    nonce = LINKS.nonce(LINKS.token(link), generation=2, shown_at=5)
    with pytest.raises(Exception, match="not known here"):
        LINKS.read(nonce)  # a form's signature opens no page
    with pytest.raises(Exception, match="not known here"):
        LINKS.read_nonce(LINKS.token(ActionLink("m2", "p1", 3, "-30d")), nonce)
