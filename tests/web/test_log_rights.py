"""The log of messages and events is not everybody's, though the pages on which it stands are (INTERFACE.md section 6).

*Messages* and *History* of an agreement are open to whoever sees it: what will be sent and what was known on a day are
parts of the register. What was sent, to whom, and what has happened stand there for those alone who may read the log.
"""

import pytest

from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site, text_of

MAY_READ = {"olga": True, "mei": True, "sofia": True, "henrik": True, "tomas": False, "amara": False}


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    made.world.playbooks("playbook: default\nladder:\n  - {at: -40d, steps: [{ask: owner}]}\n")
    made.agreement_id = registered(made, "LOG-1", "olga", effective_on="2026-01-01", note="First")
    made.world.travel_to("2026-11-23T10:00")
    made.world.tick()
    with made.look() as work:
        made.sent = [one for one in work.deliveries.listed((), 50) if one.agreement_id == made.agreement_id]
    yield made
    made.close()


def test_there_is_something_to_read(site):
    assert [one.recipient_name for one in site.sent] == ["Olga Brandt"]


@pytest.mark.parametrize(("name", "may"), MAY_READ.items())
def test_the_pages_show_the_log_to_those_who_may_read_it(site, name, may):
    pages = site.as_(name)
    messages = pages.get(f"/agreements/{site.agreement_id}/messages")
    history = pages.get(f"/agreements/{site.agreement_id}/history")
    assert (messages.status_code, history.status_code) == (200, 200)
    assert (f"delivery={site.sent[0].id}" in messages.text) is may
    assert ("henrik@hallingdal.example · page" in text_of(history)) is may
    read = pages.get(f"/agreements/{site.agreement_id}/messages/preview?delivery={site.sent[0].id}")
    assert read.status_code == (200 if may else 403)


@pytest.mark.parametrize(("name", "may"), MAY_READ.items())
def test_programs_read_the_log_by_the_same_rights(site, name, may):
    program = Program(site, name.capitalize())
    assert (site.sent[0].id in {one["id"] for one in program.items("/deliveries?limit=200")}) is may
    assert program.get(f"/deliveries/{site.sent[0].id}").status_code == (200 if may else 404)
    assert program.get(f"/agreements/{site.agreement_id}/events").status_code == (200 if may else 403)
    events = program.get("/events?limit=200")
    found = {one["agreement_id"] for one in events.json()["items"]} if events.status_code == 200 else set()
    assert (site.agreement_id in found) is may
