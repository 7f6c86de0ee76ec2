"""Whom a ladder asks on the other side: named once, and what is refused writes nothing."""

import pytest

from engine import operations as ops
from lifecycle.errors import LifecycleError
from tests.support.world import living

ACME = "Acme Labs"
JANE = {"name": "compliance", "email": "jane@acme.example", "person": "Jane Roe"}


@pytest.fixture(scope="module")
def world():
    with living("2026-01-05T09:00") as made:
        made.staff()
        made.agreement()
        yield made
        made.expect(*made.unexpected)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "joe@acme.example"}, "already-there"),
        ({"name": "COMPLIANCE"}, "already-there"),
        ({"person": ""}, "already-there"),
        ({"name": "signature", "email": "jane"}, "refused"),
        ({"name": "<b>", "email": "joe@acme.example"}, "refused"),
    ],
)
def test_a_contact_that_is_refused_writes_nothing_even_where_its_work_is_kept(world, changes, code):
    with world.monitor.work() as work:
        ops.add_contact(work, ACME, **JANE)
    with world.monitor.work() as work:
        before = work.log.head()
        with pytest.raises(LifecycleError) as refused:
            ops.add_contact(work, ACME, **JANE | changes)
        assert refused.value.code == code
    with world.monitor.look() as work:
        kept = work.contacts.of(work.counterparties.id_of(ACME))
        assert [(one.name, one.email, one.person) for one in kept] == [tuple(JANE.values())]
        assert work.log.head() == before
