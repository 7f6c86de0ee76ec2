"""One question brings what the gates of messages ask, and nothing else than each store reads by itself."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.people import Absence, AbsenceMode, ContactPoint, ContactState
from lifecycle.playbooks.quiet import Silence, SilenceMode
from store.at_the_gate import look_ahead
from tests.support.sending import Sending
from tests.support.statements import statements


@pytest.fixture(scope="module")
def out():
    return Sending()


def asked(work, one):
    """What a gate asks of the stores about a message."""
    return (
        work.deliveries.body(one.id),
        work.milestones.glance(one.milestone_id),
        work.people.get(one.recipient_id),
        work.silences.open(),
        work.absences.open(),
        work.contact_points.bad(),
        work.keeping.incidents(),
    )


def test_what_is_read_ahead_is_what_each_store_reads_and_is_asked_only_once(out):
    one = out.one
    with out.monitor.look() as alone:
        wanted = asked(alone, one)
    with out.monitor.look() as ahead:
        look_ahead(ahead, [one.id])
        with statements(out.monitor.database) as heard:
            assert asked(ahead, one) == wanted
    assert wanted[0] is not None
    assert heard == []


def test_a_message_about_nothing_to_nobody_in_particular_is_read_ahead_as_well(out):
    step = out.one
    with out.monitor.work() as work:
        bare = {"milestone_id": None, "recipient_id": None, "agreement_id": None}
        odd = replace(step, id="d-odd", dedupe_key="odd", kind="test", **bare)
        work.deliveries.add([(odd, None)])
    with out.monitor.look() as work:
        look_ahead(work, ["d-odd"])
        assert work.deliveries.body("d-odd") is None


def kept(work, what):
    """Something that a gate has to know of."""
    olga, ben = (work.people.by_email(f"{name}@example.com").id for name in ("olga", "ben"))
    now = work.now
    match what:
        case "silence":
            work.silences.add(
                Silence(
                    id="s", mode=SilenceMode.HOLD, search="ACME", reason="", author_id=None, starts_at=now,
                    ends_at=now + timedelta(days=1),
                )
            )  # fmt: skip
        case "absence":
            day = date(2026, 11, 2)
            work.absences.add(
                Absence(id="a", person_id=olga, delegate_id=ben, mode=AbsenceMode.ALSO, from_on=day, until_on=day)
            )
        case "address":
            work.contact_points.keep(
                ContactPoint(
                    id="c", person_id=olga, channel="email", address="olga@example.com",
                    state=ContactState.SUSPECT, since_at=now, why="",
                )
            )  # fmt: skip
        case "incident":
            row = {"id": "i", "kind": "k", "subject": "s", "agreement_id": None, "opened_at": now, "text": ""}
            work.keeping.open_incident(row)


@pytest.mark.parametrize("what", ["silence", "absence", "address", "incident"])
def test_what_there_is_is_found_behind_the_question_whether_there_is_any(out, what):
    class Undone(Exception):
        pass

    with suppress(Undone), out.monitor.work() as work:
        kept(work, what)
        work.session.flush()
        look_ahead(work, [out.id])
        found = [work.silences.open(), work.absences.open(), work.contact_points.bad(), work.keeping.incidents()]
        assert [len(some) for some in found] == [what == one for one in ("silence", "absence", "address", "incident")]
        raise Undone
