"""What cannot have happened, reasons that say nothing and days beyond counting: refused before anything is done."""

import pytest

from cli.errors import shortened
from cli.render import Terminal
from engine.operations.begun import NotYet
from lifecycle.agreements.status import IllegalTransition, Status
from lifecycle.counting.derivation import Sensitivity
from notifiers.words.why import sensitivity_line


@pytest.fixture(scope="module")
def acme(staffed, tmp_path_factory):
    """A notice that must leave by Thu 3 Dec 2026; nothing here changes it."""
    made = type(staffed)(tmp_path_factory.mktemp("refusing") / "data", like=staffed)
    made.agreement("ACME-7")
    return made


@pytest.mark.parametrize(
    "words",
    [
        ("done", "ACME-7", "notice", "--evidence", "receipt", "--on", "2062-11-22"),
        ("agreement", "give-notice", "ACME-7", "--sent-on", "2062-11-22", "--by", "us"),
    ],
)
def test_nothing_has_happened_on_a_day_to_come(acme, words):
    answer = acme(*words, "--json", expect=4)
    assert answer.document["code"] == NotYet.code
    assert answer.document["detail"].endswith("on 22 Nov 2062: that day is still ahead.")


def test_what_looks_like_a_path_is_no_sentence(acme):
    refused = acme("done", "ACME-7", "notice", "--evidence", "./recipt.pdf", expect=2)
    assert "There is no file ./recipt.pdf." in refused.err
    assert acme("deadlines", "--state", "done", "--json").items == []


def test_a_reason_says_something(acme):
    refused = acme("agreement", "amend", "ACME-7", "--set", "title=New", "--because", " ", expect=2)
    assert "--because: it gives no reason." in refused.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("deadlines", "--within", "30d", "--until", "+60d"), "--within and --until"),
        (("deadlines", "--csv", "--json"), "--csv and --json"),
        (("explain", "ACME-7", "--today", "2199-12-31"), "--today: 2199-12-31 is too far away"),
        (("explain", "ACME-7", "--today", "9999-12-31"), "--today: 31 Dec 9999 is outside 1900 to 2200."),
        (("agreement", "show", "ACME-7", "--as-of", "+30d"), "--as-of: nobody knows what"),
        (("agreement", "list", "status:in_froce"), "There is no status:in_froce."),
        (("deadlines", "type:ndaa"), "There is no type:ndaa."),
        (("deadlines", "kind:notce"), "There is no kind:notce."),
        (("ack", "ACME-7", "--revision", "x"), "Invalid value for '--revision': it is no whole number."),
        (("forecast", "--until", "2020-01-01"), "--until: 1 Jan 2020 is over."),
        (("forecast", "--until", "2199-12-31"), "--until: 2199-12-31 is too far away"),
        (("rehearse", "--from", "today", "--until", "2199-12-31", "--out", "x"), "--until: 2199-12-31 is too far away"),
    ],
)
def test_what_contradicts_itself_or_cannot_be_known_is_wrong_usage(acme, words, told):
    answer = acme(*words, expect=2)
    assert told in answer.out + answer.err


@pytest.mark.parametrize(
    ("said", "detail", "remedy"),
    [
        (
            "last_on=01/02/2027",
            'last_on "01/02/2027": Day first or month first?',
            "Write the whole day, such as 2026-12-31.",
        ),
        ("effective_on=2026-02-30", 'effective_on "2026-02-30": There is no such day.', "Check day and month."),
        ("notice_period=60", 'notice_period "60": 60 what?', "Write 60 days or 60 business days."),
    ],
)
def test_a_value_that_cannot_be_read_is_told_beside_its_field(acme, said, detail, remedy):
    told = acme("agreement", "amend", "ACME-7", "--set", said, "--because", "x", "--json", expect=2).document
    assert told["detail"].startswith(detail)
    assert told["remedy"].startswith(remedy)
    assert [one["pointer"] for one in told["errors"]] == [said.partition("=")[0]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--notice-period", "60"), 2),
        (("--rules", "bbg"), 2),
        (("--calendar", "XX"), 2),
        (("--value", "12"), 2),
        (("--counterparty", ""), 2),
        (("--owner", "nobody@example.com"), 3),
        (("--owner", "nobody@example.com", "--term", "60"), 2),
        (("--effective-on", "2026-01-01", "--last-on", "2025-12-31"), 4),
        (("--effective-on", "2026-01-01", "--term", "1 year", "--last-on", "2029-01-01"), 4),
    ],
)
def test_what_cannot_be_read_is_wrong_usage_and_what_a_rule_forbids_is_refused(acme, words, code):
    acme("agreement", "add", "NEW-1", "--counterparty", "Beta", *words, "--dry-run", expect=code)


def test_a_word_that_decides_nothing_is_wrong_usage_and_one_that_is_refused_here_is_not(acme):
    wrong = acme("decide", "ACME-7", "notice", "terminat", expect=2).err.splitlines()
    assert wrong[0] == 'Error: CHOICE: there is no "terminat".'
    assert wrong[1].strip().startswith("Did you mean terminate? Use renew, let-lapse,")
    acme("decide", "ACME-7", "notice", "let-lapse", expect=4)


def test_a_snooze_into_the_past_says_that_it_is_over(acme):
    refused = acme("snooze", "ACME-7", "notice", "--until", "2020-01-01", expect=4)
    assert "It cannot be snoozed until Wed 1 Jan 2020, which is over." in refused.err


def test_a_cycle_that_is_not_there_is_answered_by_those_that_are(acme):
    refused = acme("explain", "ACME-7", "notice", "--cycle", "99", expect=3)
    assert "It has: 0, 1" in refused.err


@pytest.mark.parametrize(
    ("words", "told", "remedy"),
    [
        (
            ("explain", "ACNE-7"),
            "There is no agreement or deadline 'ACNE-7'.",
            "Did you mean ACME-7? List them: `longstop deadlines`.",
        ),
        (("ack", "acme7", "notice"), "There is no agreement 'acme7'.", "Did you mean ACME-7? List them: `longstop agr"),
        (("agreement", "show", "X"), "There is no agreement 'X'.", "List them: `longstop agreement list`."),
        (("explain", "ACME-7", "audit"), "There is no deadline 'audit of ACME-7'.", "It has: notice, renewal."),
        (
            ("explain", "ACME-7", "notice", "--cycle", "99"),
            "There is no deadline 'notice 99 of ACME-7'.",
            "It has: 0, 1",
        ),
        (
            ("reopen", "ACME-7", "notice", "--because", "x"),
            "There is no ended deadline 'notice of ACME-7'.",
            "None of its ",
        ),
    ],
)
def test_a_deadline_that_is_not_there_is_named_with_those_that_are(acme, words, told, remedy):
    refused = acme(*words, expect=3).err.splitlines()
    assert refused[0] == f"Error: {told}"
    assert refused[1].strip().startswith(remedy)


def test_a_silence_of_everything_is_asked_for_by_name(acme):
    refused = acme("silence", "add", " ", "--until", "+5d", "--because", "Moving house", expect=2)
    assert "holds back what is told of every deadline" in refused.err
    assert acme("silence", "list", "--json").items == []


def test_an_empty_register_says_how_to_begin_wherever_it_is_listed(empty):
    assert "longstop import register.xlsx --dry-run" in empty("agreement", "list").out


def test_a_forecast_names_the_zone_of_each_instant(acme):
    told = acme("forecast", "--until", "+60d", "--today", "2026-10-01").out.splitlines()
    assert told[1:]
    assert all(line.split()[2].count("/") == 1 or line.split()[2] == "UTC" for line in told[1:])


def test_what_the_status_does_not_allow_is_said_in_words():
    refused = IllegalTransition("ACME-7", Status.IN_FORCE, "AgreementSigned")
    assert refused.sentence == "ACME-7 is in force: it is not possible to sign it."
    assert refused.remedy == "Possible from here: to give notice, to renew it, to terminate it."


def test_what_was_pasted_into_an_error_is_told_by_its_ends():
    assert shortened(f"There is no deadline '{'x' * 9000}'.") == f"There is no deadline '{'x' * 59} … {'x' * 18}'."
    assert len(shortened("two words " * 1000)) < 1010
    assert shortened("There is no deadline 'ACME-7'.") == "There is no deadline 'ACME-7'."


def test_what_would_move_the_day_is_said_as_a_reader_of_agreements_says_it():
    moves = (Sensitivity("counting", "clear", -3), Sensitivity("counts_as", "sent", 1))
    assert sensitivity_line(moves) == "Clear days: -3 days; sent, not received: +1."


def test_a_file_that_is_no_text_is_named(acme, tmp_path):
    (tmp_path / "facts.yaml").write_bytes(b"\xff\xfe\x00")
    refused = acme("agreement", "add", "ZZ-1", "--from", tmp_path / "facts.yaml", expect=2)
    assert "facts.yaml is no text in UTF-8." in refused.err
    rehearse = ("rehearse", "--from", "today", "--until", "+1d", "--out", tmp_path / "x", "--answers")
    assert "facts.yaml is no text in UTF-8." in acme(*rehearse, tmp_path / "facts.yaml", expect=2).err


def test_the_mark_that_editors_put_before_a_text_is_no_part_of_it(acme, tmp_path):
    (tmp_path / "facts.yaml").write_text("\ufeffcounterparty: Beta\n", encoding="utf-8")
    acme("agreement", "add", "ZZ-2", "--from", tmp_path / "facts.yaml")


def test_a_workbook_that_cannot_be_written_names_its_place(acme, tmp_path):
    refused = acme("export", tmp_path / "missing" / "out.xlsx", expect=1)
    assert "missing/out.xlsx: No such file or directory." in refused.err


def test_an_answer_that_nobody_wants_is_no_failure(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert not Terminal().is_live


@pytest.mark.parametrize("words", [("agreement", "list"), ("ack", "ACME-7"), ("feed", "create")])
@pytest.mark.parametrize("nobody", ["", " "])
def test_an_address_that_is_empty_is_not_the_operator(acme, words, nobody):
    assert "--as: it names nobody." in acme(*words, "--as", nobody, expect=2).err


def test_a_day_that_is_none_is_refused_also_where_no_day_is_asked(acme):
    acme("checklist", "list", "--today", "soon", expect=2)
    assert acme("checklist", "list", "--today", "2027-03-01", "--json").document["today"] == "2027-03-01"


@pytest.mark.parametrize("name", ["", "../x", "ERP", "e" * 41, "erp\n"])
def test_a_webhook_has_a_name_that_a_playbook_can_write(acme, name, monkeypatch):
    monkeypatch.setenv("LONGSTOP_OUTGOING_ALLOW", "127.0.0.1")
    assert "cannot be the name of a webhook" in acme("webhook", "add", name, "http://127.0.0.1:9/in", expect=2).err


@pytest.mark.parametrize("words", [("--name", "x" * 201), ("--team", "x" * 101)])
def test_what_no_database_keeps_of_a_person_is_refused(acme, words):
    assert "Shorten it." in acme("person", "add", "zoe@example.com", *words, expect=2).err
    assert "Shorten it." in acme("person", "add", "olga@example.com", "--change", *words, expect=2).err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "FILE", "--quiet-until", "2020-01-01"), "--quiet-until: 2020-01-01 is over."),
        (("import", "FILE", "--quiet-until", "2027-12-31"), "--quiet-until: 2027-12-31 is too far."),
        (("serve", "--port", "99999"), "Invalid value for '--port': it can be at most 65535"),
        (("web", "--port", "-1"), "Invalid value for '--port': it has to be at least 0"),
    ],
)
def test_what_is_beyond_a_limit_is_told_in_our_words(acme, tmp_path, words, told):
    (tmp_path / "r.csv").write_text("Reference,Counterparty\nX-1,Beta\n")
    assert told in acme(*(tmp_path / "r.csv" if word == "FILE" else word for word in words), expect=2).err
