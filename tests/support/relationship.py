"""A whole relationship with a supplier, from the first talk to five years after the exit, as people lived it.

``Told(folder)`` is the house in which it happens; ``live`` runs its chapters one after the other. What everybody was
told is in ``messages``: one entry for each message, also where several people got the same.
"""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from functools import cache

from config.checklists import load_checklists
from engine import operations as ops
from engine.findings.standing import judged_about
from engine.incoming.links import Links
from engine.operations import Found, Given, Retested, Sent, Wanted
from engine.operations.exiting import Held
from engine.operations.leaving import hand_over, standing_with
from engine.operations.notice_effect import NoticeFacts
from engine.shelf import Shelf
from engine.watcher import findings_watch
from lifecycle.agreements.agreement import Money
from lifecycle.agreements.documents import Purpose
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.days.dates import Period
from lifecycle.events import Actor
from lifecycle.obligations.audits import AuditRight, Severity
from lifecycle.obligations.evidence import EvidenceKind
from lifecycle.terms.terms import Anchor, Restriction, Side, Survival
from tests.support.agreements import AUTOMATIC, NEVER, once, provided
from tests.support.world import World

NOVA = "Nova Werke GmbH"
FIVE_YEARS = Period(years=5)
RIGHT = AuditRight(
    id="", every=Period(years=1), due_on=date(2026, 9, 30), notice=Period(days=30), scope="security and sub-processors"
)
#: What is over in silence, unless somebody wants to hear of it.
ENDS = """
{playbook: ends, match: {milestone: [survival-end, restriction-end]}, ladder: [{at: -30d, steps: [{ask: owner}]}]}
"""
_ANYBODYS_HOUR = timedelta(days=4)  # within which it comes, also over a long weekend
STEPS = ("exit-step", "return", "duty")
#: What Leo says in the months of the exit: that he has it, and that it is done.
LEO_ANSWERS = {
    3: ("2028-10-18T11:00", "Agree which services go on after the last day and at what price", "acknowledge", {}),
    4: (
        "2028-11-17T10:00",
        "Inform and consult staff whose employment may transfer",
        "done",
        {"evidence": "Minutes of the works council, 17 November"},
    ),
}
_BASE = "https://longstop.example"


class Told(World):
    """Monday, 5 January 2026: the staff, the first talk with Nova Werke, and nothing else."""

    def __init__(self, folder, **said):
        given = {"organisation": "Northwind Ltd", "base_url": _BASE, "external_mail": "send"}
        super().__init__("2026-01-05T09:00", **(given | said))
        self.monitor = replace(self.monitor, shelf=Shelf(folder), links=Links("of a story", _BASE))
        self.playbooks(ENDS)
        self.staff()
        self.person("Kim", manager="mia")

    def live_until(self, at):
        """As always; what does not fit together is looked for before, and until everybody's hour has come."""
        findings_watch.look(self.monitor)
        until_at = min(self.clock.now() + _ANYBODYS_HOUR, self.instant(at))
        while self._is_untold() and (look_at := findings_watch.due_at(self.monitor)) <= until_at:
            super().live_until(look_at)
            findings_watch.look(self.monitor)
        super().live_until(at)

    def _is_untold(self):
        with self.monitor.look() as work:
            return bool(work.findings.untold_owners())

    def done_until(self, on, evidence, *kinds, by="olga", reference=None):
        """Whatever is owed by a day, of these kinds or of all, is done."""
        with self.monitor.look() as work:
            wanted = work.agreements.find(reference).id if reference else None
            rows = [row for row in work.milestones.live() if row.is_deadline and row.safe_on <= date.fromisoformat(on)]
        for row in rows:
            if (not kinds or row.key.kind in kinds) and wanted in {None, row.key.holder}:
                with self.monitor.work(somebody(by)) as work:
                    ops.done(work, row.id, evidence=evidence)

    def accept(self, reference, code, *, because, by="olga"):
        """Somebody lives with what was found about an agreement."""
        with self.by(by) as work:
            found = judged_about(work, work.agreements.find(reference), None)
            ops.accept_finding(work, next(one for one, _ in found if one.code == code), because=because)

    def answer(self, name, thing, action, **said):
        """Somebody answers the deadline of this name, at the pages."""
        with self.monitor.look() as work:
            (row,) = [row for row in work.milestones.live() if row.name == thing]
        with self.by(name) as work:
            {"acknowledge": ops.acknowledge, "done": ops.done}[action](work, row.id, **said)

    def by(self, name):
        """A transaction in somebody's name."""
        return self.monitor.work(somebody(name))

    def messages(self):
        """``(at, (addresses), subject, text)`` of every message that left, in the order of time."""
        told = defaultdict(list)
        for one in self.mail.taken:
            subject, text = _read(one.frozen.body)
            told[one.at, subject, self._readable(text)].append(one.address)
        return sorted((at, tuple(sorted(who)), subject, text) for (at, subject, text), who in told.items())

    def _readable(self, text):
        """A link's secret, and a page's id, say nothing to a reader and are others each time."""
        text = re.sub(r"/evidence-upload/\S+", "/evidence-upload/TOKEN", text)
        return re.sub(rf"({_BASE}/\w+)/[\w.-]+", r"\1/ID", text)


@cache
def _read(body):
    """Subject and plain text of a mail; its other headers, which take longest to parse, are of no interest here."""
    mail = message_from_bytes(body)
    plain = next(one for one in mail.walk() if one.get_content_type() == "text/plain")
    text = plain.get_payload(decode=True).decode(plain.get_content_charset())
    return str(default.header_fetch_parse("Subject", mail["subject"])), text.replace("\r\n", "\n").strip()


def live(world, chapters=None):
    """From the first talk to five years after the exit, or as far as *chapters* go."""
    for chapter in CHAPTERS if chapters is None else chapters:
        chapter(world)


# -- the chapters ----------------------------------------------------------------------------------------------------


def _talk(world):
    """An NDA is asked for with the proposal, the supplier is looked into, and something is told too early."""
    told = provided_nda("36 months")
    nda = world.agreement(
        "NDA-9", counterparty=NOVA, title="Mutual NDA", signed_on=None, effective_on=None, provisions=told,
        template="Mutual NDA of 2025", project="Gripper software",
    )  # fmt: skip
    with world.by("olga") as work:
        ops.name_contact(work, NOVA, name="signature", email="r.stein@nova.example", person="Ruth Stein")
        ops.name_contact(work, NOVA, name="compliance", email="j.vogt@nova.example", person="Jan Vogt")
        holder = ops.holder_of(work, NOVA, owner_id=nda.owner_id)
        ops.lay_checklist(work, work.agreements.get(holder.id), shipped("supplier-selection"), date(2026, 1, 5))
        robot = Asset(id="", name="Gripper firmware", kind=AssetKind.SOURCE_CODE, agreements=(nda.id,))
        world.firmware = ops.add_asset(work, robot).id
    world.do(ops.request_signature, "NDA-9", on=date(2026, 1, 5), sign_by_on=date(2026, 1, 19))
    world.live_until("2026-01-06T15:00")
    world.done_until("2026-02-02", "File note of 6 January", "due-diligence", "screening", "certificate")
    world.live_until("2026-01-14T11:00")
    world.do(ops.disclose, "NDA-9", given_on=date(2026, 1, 14), to="Ruth Stein", asset_id=world.firmware)


def _sign(world):
    """It is signed late; the original is kept, and where its paper lies."""
    world.live_until("2026-01-22T15:00")
    world.do(ops.sign, "NDA-9", on=date(2026, 1, 22))
    original = Given(
        name="nda-9-signed.pdf", content=b"%PDF-1.7 signed by both", purpose=Purpose.ORIGINAL, held_by="Legal, safe 2"
    )
    world.do(ops.keep_document, "NDA-9", original)


def _begin(world):
    """A framework agreement with two orders under it; more is disclosed, and a tool of theirs is licensed."""
    world.live_until("2026-02-16T10:00")
    non_solicit = Restriction("non-solicit", Side.EITHER, Period(months=24), Anchor.EXPIRY)
    msa = replace(provided(end="24 months", notice_days=90), restrictions=(non_solicit,))
    world.agreement(
        "MSA-9", kind="MSA", counterparty=NOVA, title="Framework agreement", signed_on="2026-02-16",
        effective_on="2026-03-02", provisions=msa, value=Money(Decimal(480000), "EUR"), tags=("critical",),
        obligations=(once("training", "Train their team in our rules", "2026-03-31"),),
    )  # fmt: skip
    world.agreement(
        "SOW-9A", kind="SOW", counterparty=NOVA, parent="MSA-9", title="Gripper software", signed_on="2026-02-16",
        effective_on="2026-03-02", end="22 months", renewal=NEVER,
    )  # fmt: skip
    world.agreement(
        "SOW-9B", kind="SOW", counterparty=NOVA, parent="MSA-9", title="Maintenance", signed_on="2026-02-16",
        effective_on="2026-04-01", end="12 months", renewal=AUTOMATIC, notice_days=30,
    )  # fmt: skip
    licence = Licence(from_whom=NOVA, ends_on=date(2028, 2, 29))
    with world.by("olga") as work:
        covering = tuple(work.agreements.find(one).id for one in ("NDA-9", "MSA-9", "SOW-9A"))
        known = work.assets.get(world.firmware)
        ops.change_asset(work, replace(known, agreements=covering, holders=(NOVA,)), because="they work on it")
        tool = Asset(
            id="", name="Nova test bench", kind=AssetKind.SOURCE_CODE, ownership=Ownership.THEM, licence=licence,
            agreements=(covering[1],),
        )  # fmt: skip
        world.bench = ops.add_asset(work, tool).id
    world.do(ops.add_audit_right, "MSA-9", RIGHT)
    world.live_until("2026-03-03T10:00")
    world.accept("SOW-9B", "results-without-owner", because="Maintenance makes nothing new; Leo has read it.")
    world.done_until("2026-03-31", "List of names, 3 March", "training")
    world.live_until("2026-03-10T10:00")
    world.do(ops.disclose, "NDA-9", given_on=date(2026, 3, 10), what="Price list 2026", to="Ruth Stein")
    world.live_until("2026-07-01T10:00")
    world.do(ops.disclose, "NDA-9", given_on=date(2026, 7, 1), what="Fault statistics of customers", to="Jan Vogt")


def _first_audit(world):
    """It is announced, the report is asked for and comes through the link, has a finding, is mended and accepted."""
    world.live_until("2026-08-06T10:00")
    world.done_until("2026-08-31", "Letter of 6 August", "duty", reference="MSA-9")
    world.live_until("2026-08-28T10:00")
    with world.by("olga") as work:
        msa = work.agreements.find("MSA-9")
        wanted = Wanted(
            kind=EvidenceKind.SOC2_TYPE_2, contact=ops.contact_named(work, msa, "compliance"),
            milestone_id=next(row.id for row in work.milestones.of(msa.id) if row.key.kind == "audit" and row.is_live),
            covers_from=date(2025, 7, 1), covers_until=date(2026, 6, 30),
        )  # fmt: skip
        asked = ops.request_evidence(work, msa, wanted)
    world.live_until("2026-09-09T14:00")
    with world.monitor.work() as work:
        file = Given(name="soc2-2026.pdf", content=b"%PDF-1.7 the auditor's words of 2026")
        taken = ops.take_upload(work, asked.url.rpartition("/")[2], Sent(given=file))
    world.live_until("2026-09-14T10:00")
    found = Found(
        text="Backups were never restored", severity=Severity.HIGH, remedy_by_on=date(2026, 11, 30),
        retest_by_on=date(2026, 12, 15), request_id=taken.request.id,
    )  # fmt: skip
    world.do(ops.record_finding, "MSA-9", found)
    world.done_until("2026-09-30", "The report, read on 14 September", "audit", reference="MSA-9")
    world.live_until("2026-11-05T10:00")
    world.done_until("2026-11-30", "Their log of restores, 4 November", "finding", reference="MSA-9")
    world.live_until("2026-12-08T10:00")
    passed = Retested(on=date(2026, 12, 8), is_passed=True, result="Two restores seen in their log")
    world.do(ops.retest, "MSA-9", "f1", passed)
    with world.by("olga") as work:
        ops.accept_evidence(work, taken.request.id, until_on=date(2027, 9, 30))


def _amend(world):
    """The NDA would end before the framework agreement, and so would an order: both are given more time."""
    world.live_until("2026-12-10T10:00")
    world.done_until("2027-01-05", "Certificates of 2027", "certificate")
    world.live_until("2027-01-18T10:00")
    world.say(ops.decide, "SOW-9B notice", choice="renew", note="Maintenance goes on.")
    because = "Amendment 1 of 18 January 2027"
    world.amend("NDA-9", because=because, provisions=provided_nda("2029-06-30"))
    world.amend("SOW-9A", because=because, provisions=provided(end="24 months", renewal=NEVER))


def _leaver(world):
    """Olga leaves, nobody took over what was hers; after the weekly word of it Kim does."""
    world.live_until("2027-04-30T17:00")
    world.leave("olga")
    world.live_until("2027-05-11T10:00")
    with world.by("ada") as work:
        olga, kim = (work.people.by_email(f"{name}@example.com") for name in ("olga", "kim"))
        hand_over(work, standing_with(work, olga, lambda _: True), to=kim)


def _second_audit(world):
    """The next report is asked for, comes and is accepted; the right ends with the relationship."""
    world.live_until("2027-08-27T10:00")
    world.done_until("2027-09-15", "Letter of 27 August", "duty", by="kim", reference="MSA-9")
    with world.by("kim") as work:
        msa = work.agreements.find("MSA-9")
        wanted = Wanted(
            kind=EvidenceKind.SOC2_TYPE_2, contact=ops.contact_named(work, msa, "compliance"),
            milestone_id=next(row.id for row in work.milestones.of(msa.id) if row.key.kind == "audit" and row.is_live),
            covers_from=date(2026, 7, 1), covers_until=date(2027, 6, 30),
        )  # fmt: skip
        asked = ops.request_evidence(work, msa, wanted)
    world.live_until("2027-09-07T14:00")
    with world.monitor.work() as work:
        file = Given(name="soc2-2027.pdf", content=b"%PDF-1.7 the auditor's words of 2027")
        taken = ops.take_upload(work, asked.url.rpartition("/")[2], Sent(given=file))
    world.live_until("2027-09-13T10:00")
    with world.by("kim") as work:
        ops.accept_evidence(work, taken.request.id, until_on=date(2028, 9, 29))


def _missed(world):
    """Nobody answers for the framework agreement: its notice day passes, and it renews without a decision."""
    world.live_until("2027-12-08T10:00")
    world.say(ops.decide, "SOW-9B notice", by="kim", choice="renew", note="Maintenance goes on.")
    world.done_until("2028-01-05", "Certificates of 2028", "certificate", by="kim")
    world.live_until("2028-01-31T10:00")
    world.done_until("2028-02-29", "Extension of 31 January 2028", "duty", by="kim", reference="MSA-9")
    with world.by("kim") as work:
        bench = work.assets.get(world.bench)
        extended = replace(bench, licence=replace(bench.licence, ends_on=date(2029, 3, 31)))
        ops.change_asset(work, extended, because="Extended to the month after the agreement")
    world.live_until("2028-03-06T10:00")


def _exit(world):
    """It is planned how to leave, notice is given in time, and every step is done with its proof."""
    world.live_until("2028-05-02T10:00")
    world.do(ops.plan_exit, "MSA-9", shipped("exit-bpo"), by="kim")
    world.do(ops.plan_test, "MSA-9", due_on=date(2028, 6, 15), by="kim")
    world.live_until("2028-06-07T10:00")
    passed = Held(on=date(2028, 6, 7), is_passed=True, result="Everybody knew their part")
    world.do(ops.record_test, "MSA-9", passed, by="kim")
    world.live_until("2028-06-30T10:00")
    world.say(ops.decide, "MSA-9 notice", by="kim", choice="stop-renewal", note="We build the software ourselves.")
    world.live_until("2028-07-03T10:00")
    served = NoticeFacts(
        sent_on=date(2028, 7, 3), by="us", method="courier", received_on=date(2028, 7, 4), proof="Waybill 1Z 999 417"
    )
    world.do(ops.give_notice, "MSA-9", served, by="leo")
    world.do(ops.terminate, "SOW-9B", last_on=date(2029, 3, 1), because="It ends with the framework", by="leo")
    world.do(ops.end_audit_right, "MSA-9", "a1", on=date(2028, 7, 3), because="We leave", by="leo")
    for month in range(8):
        _month_of_exit(world, month)
    with world.by("kim") as work:
        ops.retire_asset(work, world.bench, because="it was given back")
    _month_of_exit(world, 8)


def _month_of_exit(world, month):
    """On the 20th, from July 2028 on, what is due in the next fortnight is done."""
    on = date(2028 + (6 + month) // 12, (6 + month) % 12 + 1, 20)
    if month in LEO_ANSWERS:
        at, thing, action, said = LEO_ANSWERS[month]
        world.live_until(at)
        world.answer("leo", thing, action, **said)
    world.live_until(f"{on}T10:00")
    world.done_until(str(on + timedelta(days=21)), "Certificates of 2029", "certificate", by="kim")
    world.done_until(str(on + timedelta(days=14)), f"File note of {on}", *STEPS, by="kim", reference="MSA-9")


def _after(world):
    """What is owed after the end is done, and for five years what was told stays protected."""
    world.live_until("2029-04-10T10:00")
    world.done_until("2029-05-31", "Certificate of 9 April 2029", by="kim")
    world.live_until("2029-07-06T10:00")
    world.done_until("2029-07-31", "Certificate of destruction, 6 July 2029", "return", by="kim")
    with world.by("kim") as work:
        firmware = work.assets.get(world.firmware)
        ops.change_asset(work, replace(firmware, holders=()), because="it came back, and theirs was destroyed")
    world.live_until("2034-07-10T10:00")


def provided_nda(end):
    """Five years from each disclosure, and five from the end for all that was ever told; trade secrets for ever."""
    each = Survival("confidentiality of what is disclosed", FIVE_YEARS, Anchor.EACH_DISCLOSURE)
    all_told = Survival("confidentiality", FIVE_YEARS, Anchor.EXPIRY, indefinite_for=("trade secrets",))
    return replace(provided(end=end, renewal=NEVER), survivals=(each, all_told))


CHAPTERS = (_talk, _sign, _begin, _first_audit, _amend, _leaver, _second_audit, _missed, _exit, _after)


def shipped(name):
    """A checklist that ships."""
    return next(one for one in load_checklists() if one.name == name)


def somebody(name):
    """Somebody at the pages."""
    return Actor(f"{name}@example.com", "web")
