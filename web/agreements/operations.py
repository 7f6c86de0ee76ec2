"""What pages ask of one agreement: the fields of each operation, and how it is done with what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lifecycle.obligations.duties import ObligationKind
from notifiers.wording import day
from web.agreements import doing
from web.agreements.fields import Field, Group, chosen
from web.agreements.said import Said

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


Do = Callable[["Work", "Agreement", Said], "Agreement"]


@dataclass(frozen=True, slots=True)
class Operation:
    """Its title, a sentence about it, its fields on a day, what does it, and what is said when it is done."""

    title: str
    about: str
    fields: Callable[[Work, Agreement, date], tuple[Field, ...]]
    do: Do
    done: str
    is_grave: bool = False

    def groups(self, work: Work, agreement: Agreement, today: date) -> tuple[Group, ...]:
        """The fields under one heading."""
        return (Group("", self.fields(work, agreement, today)),)


def _because(label: str = "Why", *, needed: bool = True) -> Field:
    return Field(name="because", label=label, kind="area", is_required=needed, hint="It is kept in the history.")


def _day(name: str, label: str, value: date | None = None, *, needed: bool = True, hint: str = "") -> Field:
    text = value.isoformat() if value else ""
    return Field(name=name, label=label, kind="date", is_required=needed, value=text, hint=hint)


def _sides(*_: object) -> tuple[tuple[str, str], ...]:
    return (("us", "Ours"), ("them", "Theirs"))


def _notice_fields(_work: Work, agreement: Agreement, today: date) -> tuple[Field, ...]:
    ways = [one.method.name for one in agreement.provisions.notices if one.method]
    return (
        Field(name="by", label="Whose notice it is", kind="choice", choices=_sides(), is_required=True, value="us"),
        _day("sent_on", "Sent on", today),
        Field(name="method", label="By", hint="email, courier, post.", value=ways[0] if ways else ""),
        _day("received_on", "Received on", needed=False, hint="Where it is known."),
        Field(name="proof", label="What proves it", hint="A receipt's number, a link."),
    )


def _duty_fields(work: Work, _agreement: Agreement, _today: date) -> tuple[Field, ...]:
    there = [one for one in work.people.all() if not one.is_disabled]
    people = (("", "The owner of the agreement"), *((one.email, one.label) for one in there))
    kinds = tuple((one.value, chosen(one.value)) for one in ObligationKind)
    return (
        Field(name="name", label="What is to be done", is_required=True),
        Field(name="kind", label="Kind", kind="choice", choices=kinds, value="duty"),
        _day("due_on", "First due on", needed=False),
        Field(name="due", label="Or so long after", hint='"30 days after last-day", "30 days after each quarter".'),
        Field(name="every", label="Comes back every", hint="Such as 12 months. Empty: once."),
        Field(name="owner", label="Who answers for it", kind="choice", choices=people),
    )


def _amended_duty_fields(work: Work, agreement: Agreement, _today: date) -> tuple[Field, ...]:
    there = [one for one in work.people.all() if not one.is_disabled]
    stays = (("", "As it is"), (doing.NONE, "The owner of the agreement"))
    return (
        _going_on(agreement),
        Field(name="name", label="What is to be done", hint="Empty: as it is."),
        _day("due_on", "Due on, from now on first", needed=False, hint="Empty: as it is."),
        Field(name="every", label="Comes back every", hint="Such as 12 months, or none. Empty: as it is."),
        Field(
            name="owner", label="Who answers for it", kind="choice",
            choices=(*stays, *((one.email, one.label) for one in there)),
        ),
        _because(),
    )  # fmt: skip


def _going_on(agreement: Agreement) -> Field:
    there = tuple((one.id, one.name) for one in agreement.obligations if one.ended_on is None)
    return Field(name="obligation", label="Obligation", kind="choice", choices=there, is_required=True)


def _ended_duty_fields(_work: Work, agreement: Agreement, today: date) -> tuple[Field, ...]:
    return (
        _going_on(agreement),
        _day("on", "Nothing is due after", today),
        _because(),
    )


def _restriction_fields(work: Work, agreement: Agreement, _today: date) -> tuple[Field, ...]:
    people = {one.id: one.email for one in work.people.all()}
    now = "; ".join(people.get(one, one) for one in agreement.restricted_to)
    hint = "Addresses or names of people, teams as team:legal, with ; between them. Empty: everybody may see it."
    return (
        Field(name="restricted_to", label="Only seen by", value=now, hint=f"{hint} Owner and backup always do."),
        _because(),
    )


def _disclosure_fields(work: Work, agreement: Agreement, today: date) -> tuple[Field, ...]:
    covered = tuple((one.id, one.name) for one in work.assets.covered_by([agreement.id]) if not one.is_retired)
    asset = Field(name="asset", label="Asset", kind="choice", choices=(("", "None of the register"), *covered))
    return (
        *((asset,) if covered else ()),
        Field(name="what", label="What was handed over", hint="In a few words."),
        Field(name="to", label="To whom", hint="Who received it over there."),
        _day("given_on", "Given on", today),
    )


def _given_fields(agreement: Agreement) -> tuple[Field, ...]:
    there = tuple((one.id, f"{day(one.given_on)}: {one.what}") for one in agreement.disclosures if one.counts)
    return (Field(name="disclosure", label="Disclosure", kind="choice", choices=there, is_required=True),)


OPERATIONS: Final[Mapping[str, Operation]] = {
    "request-signature": Operation(
        "Send for signature",
        "It was sent out, and somebody has to sign.",
        lambda _work, _agreement, today: (
            _day("on", "Sent on", today),
            _day("sign_by_on", "To be signed by", needed=False, hint="Empty: before it takes effect, or in 14 days."),
        ),
        doing.request_signature,
        "It waits for its signature.",
    ),
    "sign": Operation(
        "Record the signature",
        "Both sides have signed.",
        lambda _work, agreement, today: (
            _day("on", "Both had signed on", today),
            Field(name="document", label="Where the signed document lies", value=agreement.document, hint="A link."),
            Field(name="review_every", label="Read it again every", hint="Such as 12 months. Empty: nobody asks."),
        ),
        doing.sign,
        "It is signed.",
    ),
    "abandon": Operation(
        "Abandon",
        "It will never be signed.",
        lambda *_: (_because(),),
        doing.abandon,
        "It is abandoned.",
        is_grave=True,
    ),
    "give-notice": Operation(
        "Record a notice",
        "A side has said that it will not renew, or that it leaves. The last day follows from the terms.",
        _notice_fields,
        doing.give_notice,
        "It is under notice.",
    ),
    "revoke-notice": Operation(
        "Take the notice back",
        "The notice no longer holds: it goes on as before, and a deadline that can still be met is open again.",
        lambda *_: (_because(),),
        doing.revoke_notice,
        "The notice is taken back.",
    ),
    "renew": Operation(
        "Renew",
        "An option was exercised, or the next term was signed. Leave both empty for the length that the terms state.",
        lambda *_: (
            Field(name="lasting", label="For", hint="Such as 12 months."),
            _day("until", "Or until", needed=False, hint="Its new last day."),
        ),
        doing.renew,
        "It is renewed.",
    ),
    "terminate": Operation(
        "Terminate",
        "It ends before its term is over.",
        lambda *_: (_day("last_on", "Last day in force"), _because()),
        doing.terminate,
        "Its end is recorded.",
        is_grave=True,
    ),
    "archive": Operation(
        "Archive",
        "It is put aside, and what is open is withdrawn. Nothing is deleted; it can be taken back.",
        lambda *_: (_because("Why what is open may be dropped", needed=False),),
        doing.archive,
        "It is in the archive.",
        is_grave=True,
    ),
    "restore": Operation(
        "Take back from the archive",
        "What is still ahead is followed again.",
        lambda *_: (_because(needed=False),),
        doing.restore,
        "It is back from the archive.",
    ),
    "restrict": Operation(
        "Who may see it",
        "No role sees through a restriction, not even an admin.",
        _restriction_fields,
        doing.restrict,
        "Who may see it is changed.",
    ),
    "add-obligation": Operation(
        "Add an obligation",
        "A duty with due days, once or again and again: an audit, a review, a fee.",
        _duty_fields,
        doing.add_obligation,
        "The obligation is added.",
    ),
    "amend-obligation": Operation(
        "Amend an obligation",
        "What is due, when, or who answers for it. What was done of it stays in the history.",
        _amended_duty_fields,
        doing.amend_obligation,
        "The obligation is amended.",
    ),
    "end-obligation": Operation(
        "End an obligation",
        "Nothing of it is due after a day.",
        _ended_duty_fields,
        doing.end_obligation,
        "The obligation ends.",
    ),
    "disclose": Operation(
        "Record a disclosure",
        "Something confidential was handed over. What nothing protects is recorded too, and said so.",
        _disclosure_fields,
        doing.disclose,
        "The disclosure is recorded.",
    ),
    "request-return": Operation(
        "Ask to have it back",
        "It is to be returned or destroyed: a deadline that is done with the certificate.",
        lambda _work, agreement, _today: (
            *_given_fields(agreement),
            _day("by_on", "By", needed=False, hint="Empty: in 30 days."),
        ),
        doing.request_return,
        "Its return is a deadline now.",
    ),
    "withdraw-disclosure": Operation(
        "Withdraw a disclosure",
        "It was recorded by mistake: it stays in its place and counts for nothing.",
        lambda _work, agreement, _today: (*_given_fields(agreement), _because()),
        doing.withdraw_disclosure,
        "The disclosure counts for nothing.",
    ),
}
