import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import Decision, MilestoneKind
from notifiers.email import SIZE_LIMIT, EmailNotifier, MailSettings
from notifiers.sheet import Invite, Recipient
from tests.support.facts import HOSTILE, TODAY, away, deadline, digest, facts
from tests.support.golden import assert_golden

SETTINGS = MailSettings(
    host="127.0.0.1",
    mail_from="Longstop <longstop@example.com>",
    domain="longstop.example",
    reply_to="legal@example.com",
)
NOTIFIER = EmailNotifier(SETTINGS)
LINK = "https://longstop.example/act/WyJrM3Y5cTIiLCJwLWRhbmEiLDEsIi0zMGQiXQ.c2lnbmVk"
ANSWERS = tuple((name, f"{LINK}?do={name}") for name in ("acknowledge", "snooze", "assign", "done"))


def parsed(told, notifier=NOTIFIER):
    message = message_from_bytes(notifier.compose(told).body, policy=default)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def text_of(message):
    return message.get_body(("plain",)).get_content()


def html_of(message):
    return message.get_body(("html",)).get_content()


SHEETS = {
    "first": facts(deadline(url=LINK, answers=ANSWERS), base_url="https://longstop.example"),
    "escalated-overdue": facts(
        deadline(owner="", assumptions=("receipt-assumed",)),
        today=date(2026, 12, 3),
        is_escalation=True,
        is_late=True,
        skipped=1,
        require="decision",
        silent_since_on=date(2026, 11, 24),
        stage="+1d",
        stage_number=4,
    ),
    "moved": facts(
        deadline(
            is_verified=True,
            decision=Decision(choice="terminate", by="Dana Krüger", at=datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ),
        kind=DeliveryKind.CHANGED,
        moved_from_on=date(2026, 12, 4),
        next_steps=(),
    ),
    "item": facts(
        deadline(
            MilestoneKind.SCREENING,
            name="Screen the counterparty before the first disclosure",
            proof="Search report",
            clause=None,
            subject="nda-onboarding.screening",
            url=LINK,
            answers=ANSWERS,
            assumptions=(),
            why=(),
            value=None,
            cutoff=None,
        ),
        text="Ben is away; you stand in.",
    ),
    "marker": facts(deadline(MilestoneKind.TERM_END, is_deadline=False, value=None, why=()), next_steps=()),
    "digest": digest(
        [
            deadline(safe_on=TODAY - timedelta(days=2), url="https://longstop.example/act/a1"),
            deadline(MilestoneKind.AUDIT, name="Annual SOC 2", owner=""),
            deadline(MilestoneKind.TERM_END, is_deadline=False, safe_on=date(2027, 1, 31)),
        ],
        heading="New in your register",
        gaps=("3 agreements have no owner.",),
        base_url="https://longstop.example",
        unsubscribe_url="https://longstop.example/digests/InAtZGFuYSI.c2lnbmVk",
    ),
    "calendar": facts(
        deadline(url=LINK),
        kind=DeliveryKind.INVITATION,
        next_steps=(),
        invite=Invite(instance="5b0a9a52-3c1f-4d0e-9a77-0c6f2a1e8d34", subject="n1"),
    ),
    "calendar-over": facts(
        deadline(url=LINK),
        kind=DeliveryKind.INVITATION,
        next_steps=(),
        invite=Invite(is_cancelled=True, sequence=2, instance="5b0a9a52-3c1f-4d0e-9a77-0c6f2a1e8d34", subject="n1"),
    ),
    "away": away(LINK),
    "quiet": digest([], ahead=(19, date(2027, 3, 4))),
    "incident": facts(
        kind=DeliveryKind.INCIDENT,
        heading="Renewed without a decision",
        text="The last safe day was Tue 1 Dec 2026.\nIt renewed on Mon 1 Feb 2027.",
    ),
    "test": facts(kind=DeliveryKind.TEST, deadlines=()),
    "outsider": facts(is_outsider=True),
    "counterparty": facts(
        deadline(MilestoneKind.EVIDENCE, name="SOC 2 report"),
        recipient=Recipient("sec@acme.example", "Ada Acme", is_external=True),
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_people_read_is_the_golden_message(name):
    message = parsed(SHEETS[name])
    head = f"Subject: {message['subject']}\n\n"
    assert_golden(f"messages/{name}.txt", (head + text_of(message)).encode())
    assert_golden(f"messages/{name}.html", html_of(message).encode())


def test_the_bytes_of_a_mail_are_the_golden_bytes():
    assert_golden("messages/first.eml", NOTIFIER.compose(SHEETS["first"]).body)


def test_the_same_facts_give_the_same_bytes():
    assert EmailNotifier(SETTINGS).compose(SHEETS["first"]) == NOTIFIER.compose(SHEETS["first"])


def test_headers_say_who_when_and_that_no_person_wrote_it():
    message = parsed(facts())
    told = {name: str(message[name]) for name in message}
    del told["Content-Type"]
    assert told == {
        "Date": "Sat, 21 Nov 2026 07:30:00 +0000",
        "From": "Longstop <longstop@example.com>",
        "To": "Dana Krüger <dana@example.com>",
        "Reply-To": "legal@example.com",
        "Subject": "[Action by 1 Dec] Acme Labs GmbH \N{EN DASH} Hosting MSA: send non-renewal notice",
        "Message-ID": "<d-000001@longstop.example>",
        "In-Reply-To": "<milestone-k3v9q2@longstop.example>",
        "References": "<milestone-k3v9q2@longstop.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


def test_only_a_digest_can_be_unsubscribed_from():
    url = "https://longstop.example/unsubscribe/abc"
    message = parsed(digest([deadline()], unsubscribe_url=url))
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed(facts(unsubscribe_url=url))["List-Unsubscribe"] is None
    assert parsed(digest([deadline()]))["List-Unsubscribe"] is None


def test_a_redacted_subject_holds_the_reference_alone():
    notifier = EmailNotifier(replace(SETTINGS, redact_subject=True))
    assert parsed(facts(), notifier)["subject"] == "[Action by 1 Dec] MSA-0042"


def test_without_a_page_to_open_there_is_no_button():
    assert "href=" not in html_of(parsed(facts()))
    found = re.findall('href="([^"]*)"', html_of(parsed(SHEETS["first"])))
    assert found == [f"{LINK}?do=acknowledge", LINK, f"{LINK}?do=snooze", f"{LINK}?do=assign", f"{LINK}?do=done"]


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", SHEETS)
def test_html_is_one_column_with_its_styles_inside_and_nothing_remote(name):
    html = html_of(parsed(SHEETS[name]))
    page = Elements(html)
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "form", "iframe"}
    assert not [each for _, each in page.tags if "src" in each]
    assert "url(" not in html
    assert "@import" not in html
    assert "max-width: 600px" in next(each["style"] for tag, each in page.tags if each.get("class") == "card")
    assert "@media (prefers-color-scheme: dark)" in html
    assert not re.search(r"\{\{|\{%|<!--", html)


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_hostile_titles_stay_where_they_belong(title):
    hostile = deadline(
        title=title, counterparty=title, name=title, owner=title, backup=title, reference=title, proof=title
    )
    told = facts(hostile, recipient=Recipient("dana@example.com", title), organisation=title)
    message = parsed(told)
    names = [name for name in message if name not in {"Content-Type", "MIME-Version"}]
    assert names == [
        "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
        "X-Auto-Response-Suppress",
    ]  # fmt: skip
    assert [address.addr_spec for address in message["to"].addresses] == ["dana@example.com"]
    page = Elements(html_of(message))
    assert page.open == []
    assert "script" not in {tag for tag, _ in page.tags}
    raw = NOTIFIER.compose(told).body
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


def test_a_full_digest_of_hostile_rows_is_under_the_size_limit():
    rows = [
        deadline(title=title, counterparty=title, name=title, owner=title, url="https://longstop.example/" + "d" * 60)
        for title in (HOSTILE.emoji, HOSTILE.long_words, HOSTILE.long)
        for _ in range(20)
    ]
    gaps = (HOSTILE.emoji,) * 100
    assert SIZE_LIMIT == 90_000
    assert len(NOTIFIER.compose(digest(rows, gaps=gaps, text=HOSTILE.emoji * 20)).body) < SIZE_LIMIT


def test_an_address_that_is_none_stands_in_no_header():
    told = facts(recipient=Recipient("a@example.com\r\nBcc: b@example.com", "A"))
    message = parsed(told)
    assert message["bcc"] is None
    assert message["to"] == "undisclosed-recipients:;"


def test_settings_do_not_show_the_password():
    assert "geheim" not in repr(replace(SETTINGS, password="geheim"))


@pytest.mark.parametrize("name", SHEETS)
def test_no_surface_leads_with_another_day_than_the_last_safe_day(name):
    told = SHEETS[name]
    message = parsed(told)
    assert "2 Dec" not in message["subject"]
    html = html_of(message)
    for wrong in ("Wed 2 Dec 2026", "Tue 24 Nov 2026"):
        assert f'class="day"{wrong}' not in html
        assert wrong not in re.search(r"<h1.*?</h1>", html, re.DOTALL)[0]
