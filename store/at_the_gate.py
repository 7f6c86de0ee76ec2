"""What gates ask about messages, read in one question for all of them and handed to those who keep it.

A question costs a journey to the server, or as much of the processor as ten of its rows. Those who are away, silences,
bad addresses and incidents are mostly nobody and nothing: here is only asked whether there are any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select, text

from store.milestones import SEEN, glance_of
from store.outbox_questions import Body
from store.people import read_person
from store.prepared import PreparedAmong
from store.schema import (
    absences,
    agreements,
    bodies,
    contact_points,
    deliveries,
    incidents,
    milestones,
    people,
    silences,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.unit_of_work import UnitOfWork

_ANY: Final = (
    exists().where(silences.c.ended_at.is_(None)).correlate(None),
    exists().where(absences.c.ended_at.is_(None)).correlate(None),
    exists().where(contact_points.c.state != text("'ok'")).correlate(None),
    exists().where(incidents.c.closed_at.is_(None)).correlate(None),
)
_COMPOSED: Final = (bodies.c.subject, bodies.c.content_type, bodies.c.body)
_ASKED: Final = PreparedAmong(
    select(deliveries.c.id, deliveries.c.lease_token, *_ANY, *_COMPOSED, *SEEN, *people.c)
    .select_from(deliveries)
    .outerjoin(bodies, bodies.c.delivery_id == deliveries.c.id)
    .outerjoin(milestones, milestones.c.id == deliveries.c.milestone_id)
    .outerjoin(agreements, agreements.c.id == milestones.c.agreement_id)
    .outerjoin(people, people.c.id == deliveries.c.recipient_id),
    deliveries.c.id,
)
_ANY_AT: Final = 2
_BODY_AT: Final = _ANY_AT + len(_ANY)
_GLANCE_AT: Final = _BODY_AT + len(_COMPOSED)
_PERSON_AT: Final = _GLANCE_AT + len(SEEN)


def look_ahead(work: UnitOfWork, ids: Sequence[str]) -> None:
    """Have at hand what the gates of these messages ask. Nothing that waits to be written may be an answer.

    A row of a person that makes no sense is not read: whoever asks for it, alone, hears of it.
    """
    found = list(work.session.ask_among(_ASKED, ids))
    work.deliveries.have_tokens(dict.fromkeys(ids) | {row[0]: row[1] for row in found})
    work.deliveries.have_bodies({row[0]: _body(row) for row in found})
    glances = [row[_GLANCE_AT:_PERSON_AT] for row in found]
    work.milestones.have_glances(glance_of(one) for one in glances if one[0] is not None)
    known = (read_person(row[_PERSON_AT:]) for row in found if row[_PERSON_AT] is not None)
    work.people.have(one for one in known if one is not None)
    for row in found[:1]:
        _rule_out(work, row[_ANY_AT:_BODY_AT])


def _body(row: tuple[Any, ...]) -> Body | None:
    subject, content_type, body = row[_BODY_AT:_GLANCE_AT]
    return None if body is None else Body(subject, content_type, body)


def _rule_out(work: UnitOfWork, is_any: tuple[Any, ...]) -> None:
    """Tell those whose table holds nothing that counts; the others read it when they are asked."""
    have_none = (
        work.silences.have_none,
        work.absences.have_none,
        work.contact_points.have_none,
        work.keeping.have_none,
    )
    for tell, there_are in zip(have_none, is_any, strict=True):
        if not there_are:
            tell()
