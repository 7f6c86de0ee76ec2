"""Gaps, reports, forecast, playbooks and checklists: what they say, to whom, and what they do."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from cli.demo.sample import Shelf
from cli.demo.seeding import samples
from engine import operations as ops
from engine.forecasting.forecast import AT_ONCE, forecast
from engine.incidents import open_incident
from lifecycle.terms.provisions import Provisions, Renewal, RenewalKind
from store.queries import visible
from store.schema import milestones
from store.types import to_micros
from tests.support.agreements import agreement
from tests.support.site import Site, text_of
from tests.support.statements import asked_for, statements
from web.govern.register_report import register
from web.govern.report import Asked

CANARY = "Zanzibar"


@pytest.fixture(scope="module")
def site():
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        bare = replace(known, id="", reference="GAP-1", title="Bare", backup_id=None, owner_id=made.people["Lars"])
        renews = Provisions(end=known.provisions.end, renewal=Renewal(RenewalKind.AUTOMATIC))
        ops.register(work, replace(bare, provisions=renews, assumed=("renewal",)))
        secret = replace(bare, reference=f"{CANARY}-1", title=f"{CANARY} purchase", counterparty=f"{CANARY} Holding")
        secret = ops.register(work, replace(secret, restricted_to=(made.people["Sofia"],), owner_id=None))
        for agreement_id, subject in ((secret.id, CANARY), (None, "the house")):
            open_incident(
                work, kind="no_recipient", subject=subject, agreement_id=agreement_id, text=f"About {subject}."
            )
    yield made
    made.close()


def told(site, name, path):
    """What a page says to somebody."""
    answer = site.as_(name).get(path)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def questions(site, ask):
    """How often the database was asked."""
    asked = []

    def note(*said):
        asked.append(said[2])

    engine = site.monitor.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def section(text, start, end):
    """What stands between two words of a page."""
    return text.split(start)[-1].split(end)[0]


# -- gaps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["owner-left", "no-backup", "no-notice-rule", "no-renewal-rule"])
def test_an_agreement_without_its_facts_is_named_under_each_gap(site, gap):
    assert "GAP-1: Bare" in told(site, "olga", f"/gaps?only={gap}")


def test_what_has_an_owner_is_no_agreement_without_one(site):
    assert "GAP-1" not in told(site, "olga", "/gaps?only=no-owner")


def test_an_agreement_whose_notice_is_known_lacks_no_notice_rule(site):
    assert "NDA-018" in told(site, "olga", "/gaps?only=no-owner")
    assert "NDA-018" not in told(site, "olga", "/gaps?only=no-notice-rule")


def test_gaps_of_a_restricted_agreement_show_to_those_inside_alone(site):
    assert CANARY in told(site, "sofia", "/gaps")
    for name in ("olga", "henrik"):
        for path in ("/gaps", "/gaps?only=no-owner", "/gaps?only=unreached", "/gaps.csv"):
            assert CANARY not in site.as_(name).get(path).text


def test_counts_of_gaps_leave_out_what_is_not_seen(site):
    inside, outside = (told(site, name, "/gaps?only=no-owner") for name in ("sofia", "olga"))
    assert int(section(inside, "Gaps ", " No owner").split()[-1]) == 1 + int(
        section(outside, "Gaps ", " No owner").split()[-1]
    )


def test_incidents_of_the_house_are_for_those_who_read_its_log(site):
    assert "About the house." in told(site, "henrik", "/gaps")
    assert "About the house." not in told(site, "olga", "/gaps")


def test_gaps_are_a_file_that_spreadsheets_open(site):
    answer = site.as_("olga").get("/gaps.xlsx?only=owner-left")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["gap", "what", "said"]
    assert ["Owner has left", "GAP-1: Bare"] in [row[:2] for row in rows]


def test_a_list_is_no_other_kind_of_file(site):
    assert site.as_("olga").get("/gaps.exe").status_code in {404, 422}


def test_gaps_ask_as_often_for_many_agreements_as_for_few(site):
    olga = site.as_("olga")
    before = questions(site, lambda: olga.get("/gaps"))
    with site.work() as work:
        known = work.agreements.find("GAP-1")
        for number in range(2, 30):
            ops.register(work, replace(known, id="", reference=f"GAP-{number}"))
    assert questions(site, lambda: olga.get("/gaps")) <= before + 1


# -- reports -----------------------------------------------------------------------------------------------------------


SPAN = "&from=2026-11-01&until=2027-02-28"


@pytest.fixture(scope="module")
def lived():
    """A month with three agreements: one deadline was acknowledged on the second day, and no other was answered."""
    made = Site(filled=False)
    shelf = Shelf(made.world.clock.now().date(), made.people)
    known = next(one.agreement for one in samples(shelf) if one.agreement.reference == "NDA-014")
    with made.work() as work:
        ops.register(work, known)
        ops.register(work, replace(known, reference="OLD-1", effective_on=date(2023, 12, 21), signed_on=None))
        secret = replace(known, reference=f"{CANARY}-1", title=f"{CANARY} purchase", counterparty=CANARY)
        ops.register(work, replace(secret, restricted_to=(made.people["Sofia"],), owner_id=None))
    made.world.live_until("2026-11-24T12:00")
    with made.work("olga") as work:
        raised = [one for one in work.milestones.live() if one.cursor and one.is_deadline]
        asked = min(raised, key=lambda row: work.agreements.get(row.key.holder).reference)
        made.waited = work.now - work.milestones.raised_of(asked.id)[-1].at
        ops.acknowledge(work, asked.id)
    made.world.live_until("2026-12-23T12:00")
    yield made
    made.close()


@pytest.mark.parametrize("show", ["register", "answers", "escalations", "failures", "undecided"])
def test_every_report_is_a_page_and_two_files(lived, show):
    sofia = lived.as_("sofia")
    assert sofia.get(f"/reports?show={show}{SPAN}").status_code == 200
    for suffix in ("csv", "xlsx"):
        answer = sofia.get(f"/reports.{suffix}?show={show}{SPAN}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{show}.{suffix}"'


@pytest.mark.parametrize("show", ["register", "answers", "escalations", "failures", "undecided"])
def test_no_report_tells_outsiders_of_a_restricted_agreement(lived, show):
    for name in ("olga", "henrik", "mei"):
        for path in ("/reports", "/reports.csv"):
            assert CANARY not in lived.as_(name).get(f"{path}?show={show}{SPAN}").text


def test_the_register_has_every_agreement_that_is_seen(lived):
    rows = lived.as_("sofia").get("/reports.csv?show=register").text.splitlines()[1:]
    with lived.look() as work:
        sees = visible(work.people.get(lived.people["Sofia"]))
        seen = sorted(one.reference for one in work.agreements.all() if sees(one) and not one.is_archived)
    assert sorted(row.partition(",")[0] for row in rows) == seen


def test_a_page_of_the_register_reads_what_it_shows_and_counts_the_rest(lived):
    with lived.look() as work:
        viewer = SimpleNamespace(person=work.people.get(lived.people["Sofia"]))
        first, second, *_ = whole = work.agreements.ids()
    asked = Asked(show="register", from_on=date(2026, 11, 1), until_on=date(2026, 12, 1), most=1)
    with statements(lived.world.monitor.database) as told, lived.look() as work:
        made = register(work, viewer, asked)
    assert (len(made.table.rows), made.table.total) == (1, len(whole))
    assert asked_for(told, "agreements.doc") == {first, second}, "one more tells whether there is one"


def test_an_answer_counts_for_the_stage_that_was_asked_last(lived):
    sheet = CalamineWorkbook.from_filelike(BytesIO(lived.as_("sofia").get(f"/reports.xlsx?show=answers{SPAN}").content))
    header, *rows = sheet.get_sheet_by_index(0).to_python()
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert sum(row["acknowledged"] for row in found) == 1
    assert all(row["asked"] == row["acknowledged"] + row["unanswered"] for row in found)
    (answered,) = [row for row in found if row["acknowledged"]]
    assert answered["hours"] == round(lived.waited.total_seconds() / 3600)


def test_days_without_a_stage_say_so(lived):
    assert "No stage was raised in these days." in told(
        lived, "sofia", "/reports?show=answers&from=2025-01-01&until=2025-02-01"
    )


def test_escalations_name_who_was_told(lived):
    rows = lived.as_("sofia").get(f"/reports.csv?show=escalations{SPAN}").text.splitlines()[1:]
    with lived.look() as work:
        ids = [one.id for agreement in work.agreements.all() for one in work.milestones.of(agreement.id)]
        raised = [row for found in work.milestones.raised_of_many(ids).values() for row in found]
    assert len(rows) == sum(row.step > 0 or row.repeat > 0 or row.stage.startswith("+") for row in raised)
    assert any("1 day after,1," in row for row in rows), "whom the first word after the day asked"
    assert any("Mei Tanaka" in row for row in rows)


def test_a_term_that_renewed_undecided_stays_in_its_report(lived):
    with lived.look() as work:
        kinds = {row.kind for row in work.keeping.incidents(only_open=False)}
    assert "renewed_without_decision" in kinds
    assert "Renewed" in told(lived, "sofia", f"/reports?show=undecided{SPAN}")


def test_viewers_do_not_read_the_message_log(lived):
    amara = lived.as_("amara")
    assert amara.get("/reports?show=failures").status_code == 403
    assert "Failures to deliver" not in told(lived, "amara", "/reports")


# -- forecast ----------------------------------------------------------------------------------------------------------


def test_the_forecast_page_lists_what_the_forecast_says(lived):
    answer = lived.as_("henrik").get("/forecast.csv?until=2027-12-01")
    with lived.look() as work:
        sees = visible(work.people.get(lived.people["Henrik"]))
        found = forecast(work, date(2027, 12, 1)).among({one.reference for one in work.agreements.all() if sees(one)})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["send_at"], row["to"]) for row in rows] == [
        (f"{one.send_at:%Y-%m-%dT%H:%M:%SZ}", one.recipient.name or one.recipient.address) for one in found.items
    ]


def test_the_forecast_is_narrowed_to_a_person(lived):
    rows = lived.as_("henrik").get("/forecast.csv?until=2027-12-01&person=Mei+Tanaka").text.splitlines()[1:]
    assert rows
    assert all("Mei Tanaka" in row for row in rows)


def test_the_forecast_counts_its_messages_by_kind_and_by_channel(lived):
    shown = told(lived, "henrik", "/forecast?until=2027-12-01")
    found = re.search(r"(\d+) messages: (\d+ reminders, .*?); (\d+) by e-mail\.", shown)
    assert int(found[1]) == sum(map(int, re.findall(r"\d+", found[2]))) == int(found[3])


def test_acknowledging_everything_saves_messages_up_to_the_last_call(lived):
    silent, answered = (
        lived.as_("henrik").get(f"/forecast.csv?until=2027-12-01&assume={one}").text.splitlines()
        for one in ("silence", "acknowledged")
    )
    called = [line for line in answered if "1 business day before" in line]
    assert called
    assert len(answered) - len(called) < len(silent)
    assert not any("1 business day before" in line for line in silent)


def test_the_forecast_tells_outsiders_nothing_of_a_restricted_agreement(lived):
    for path in ("/forecast", "/forecast.csv"):
        assert CANARY not in lived.as_("henrik").get(f"{path}?until=2027-12-01").text
    assert lived.as_("henrik").get(f"/forecast?agreement={CANARY}-1").status_code == 422
    assert CANARY in told(lived, "sofia", f"/forecast?agreement={CANARY}-1&until=2027-12-01")


def test_of_steps_that_reach_nobody_the_first_are_told_in_words_and_the_others_counted():
    site = Site()
    with site.work() as work:
        for number in range(25):
            ops.register(
                work,
                agreement(f"ALONE-{number:02}", effective_on="2026-03-01", signed_on="2026-02-20", end="12 months"),
            )
    page = site.as_("henrik").get("/forecast")
    section = page.text.partition('id="nobody"')[2].partition("</section>")[0]
    found = re.search(r"The first 20 of (\d+)\.", section)
    assert section.count("<tr data-row") == 20 < int(found[1])
    assert ("the owner" in section, "role:" in section, ">owner" in section) == (True, False, False)
    site.close()


def test_where_much_is_planned_the_forecast_ends_before_and_says_so(lived):
    far = datetime(2027, 9, 1, 8, tzinfo=UTC)
    names = [column.name for column in milestones.c]
    changed = {"id": "'far' || n", "cycle": "'far' || n", "next_step_at": str(to_micros(far))}
    picked = ", ".join(changed.get(name, name) for name in names)
    many = f"WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < {AT_ONCE + 1}) "
    row = "(SELECT * FROM milestones WHERE next_step_at IS NOT NULL ORDER BY id LIMIT 1) AS one"
    with lived.monitor.database.writing() as connection:
        said = f"INSERT INTO milestones ({', '.join(names)}) {many} SELECT {picked} FROM {row}, more"
        connection.exec_driver_sql(said)
    try:
        shown = told(lived, "henrik", "/forecast?until=2027-12-01")
        assert "every message until Tue 31 Aug 2027" in shown
        assert "longstop forecast --until 2027-12-01" in shown
        assert "looks until" not in told(lived, "henrik", "/forecast?until=2027-08-31")
    finally:
        with lived.monitor.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM milestones WHERE id LIKE 'far%%'")


@pytest.mark.parametrize("until", ["tomorrow", "2020-01-01", "2099-01-01"])
def test_a_day_that_the_forecast_does_not_reach_is_refused_beside_its_field(lived, until):
    answer = lived.as_("olga").get(f"/forecast?until={until}")
    assert answer.status_code == 422
    assert f"{until} is no day in the next two years." in text_of(answer)
