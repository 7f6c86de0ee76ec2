"""An agreement in the words of its paper has the same days, by whichever way it is entered, and after an export."""

import csv
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.one_row import from_words
from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.export import write_register
from engine.intake.one_row import from_row
from lifecycle.days.periods import Period
from lifecycle.events import Actor
from lifecycle.terms.terms import Anchor, EndsAt, ForConvenience, Lasting, Notice, RenewalKind, Side, Survival
from tests.support.world import World
from web.agreements.fields import facts_of_an_agreement
from web.agreements.said import made_of

ENGLISH = {1: "one", 2: "two", 3: "three", 5: "five", 6: "six", 12: "twelve", 30: "thirty", 60: "sixty", 90: "ninety"}
GERMAN = {
    1: "ein",
    2: "zwei",
    3: "drei",
    5: "fünf",
    6: "sechs",
    12: "zwölf",
    30: "dreißig",
    60: "sechzig",
    90: "neunzig",
}
UNITS = {
    "days": ("Tag", "Tage", "Tagen"),
    "months": ("Monat", "Monate", "Monaten"),
    "years": ("Jahr", "Jahre", "Jahren"),
}
DAYS_OF = {
    EndsAt.MONTH_END: ("end of a calendar month", "Monatsende"),
    EndsAt.QUARTER_END: ("end of each calendar quarter", "Ende eines Kalenderquartals"),
    EndsAt.HALF_YEAR_END: ("end of a calendar half-year", "Halbjahresende"),
    EndsAt.YEAR_END: ("end of any calendar year", "31.12. eines jeden Jahres"),
}
FROM = {
    Anchor.TERMINATION: ("after the expiration or termination of this Agreement", "nach Beendigung des Vertrages"),
    Anchor.EXPIRY: ("following expiration", "nach Ablauf des Vertrags"),
    Anchor.EFFECTIVE: ("from the Effective Date", "ab Inkrafttreten"),
    Anchor.EACH_DISCLOSURE: ("from the date of each disclosure", "ab dem Tag der jeweiligen Offenlegung"),
}


@st.composite
def lengths(draw, choices):
    """A Period, and words for it in English and in German."""
    number, unit = draw(choices)
    english = draw(st.sampled_from([f"{number}", ENGLISH[number], f"{ENGLISH[number]} ({number})"]))
    one, many, dative = UNITS[unit]
    german = draw(st.sampled_from([f"{number}", GERMAN[number]]))
    german = "eine" if german == "ein" and unit == "weeks" else german
    words = one if number == 1 else draw(st.sampled_from([many, dative]))
    return Period(**{unit: number}), f"{english} {unit if number > 1 else unit[:-1]}", f"{german} {words}"


def some(*choices):
    return lengths(st.sampled_from(choices))


notice_lengths = some((30, "days"), (60, "days"), (90, "days"), (1, "months"), (3, "months"), (6, "months"))
years = some((2, "years"), (3, "years"), (5, "years"))


@st.composite
def notices(draw, *, may_leave):
    """A notice of an agreement that renews, or a right to leave to set days, and its cell."""
    period, english, german = draw(notice_lengths)
    if may_leave:
        ends = draw(st.sampled_from(sorted(DAYS_OF)))
        in_english, in_german = DAYS_OF[ends]
        text = draw(st.sampled_from([f"{english} to the {in_english}", f"{german} zum {in_german}"]))
        return ForConvenience(Side.EITHER, period, ends), text
    plain = [
        f"{english}",
        f"{english}' written notice before the end of the term",
        f"{english} prior to the expiration of the Initial Term or any Renewal Term, as the case may be",
        f"{german} zum Vertragsende",
        f"mit einer Frist von {german} zum Ende der jeweiligen Laufzeit",
    ]
    least = [
        f"at least {english} in advance of the expiration date of the then-current term",
        f"not less than {english} prior to expiry",
        f"unter Einhaltung einer Frist von mindestens {german} vor Ablauf der Laufzeit",
    ]
    double, twice = period * 2, str(period * 2)
    window = [
        f"not less than {english} nor more than {twice} prior to the scheduled expiration date",
        f"mindestens {german} und höchstens {twice} vor Vertragsende",
    ]
    text = draw(st.sampled_from([*plain, *least, *window]))
    return Notice(period, Side.EITHER, at_least=text not in plain, opens=double if text in window else None), text


@st.composite
def papers(draw):
    """What the cells of a row say, and the terms that they mean."""
    cells = {"effective_on": draw(st.dates(date(2024, 1, 1), date(2026, 6, 1))).isoformat()}
    cells |= draw(
        st.sampled_from([{"calendar": "DE-BE", "rules": "bgb"}, {"calendar": "US-NY", "rules": "us-contract"}])
    )
    endless = draw(st.booleans())
    notice, cells["notice_period"] = draw(notices(may_leave=endless))
    end = renewal = None
    if endless:
        cells["last_on"] = draw(st.sampled_from(["perpetual", "unbefristet", "auf unbestimmte Zeit"]))
    else:
        length, english, german = draw(years)
        cells["term"] = draw(
            st.sampled_from([english, german, f"{english} from the Effective Date", f"{german} ab Vertragsbeginn"])
        )
        end = Lasting(length)
        renewal, english, german = draw(years)
        single = english.replace("years", "year").replace(" (", "(").replace("(", " (")
        cells["renewal"] = draw(
            st.sampled_from(
                [
                    f"automatically renewed for successive {single} terms",
                    f"subsequent {single} periods",
                    f"verlängert sich stillschweigend um jeweils weitere {german}",
                ]
            )
        )
    period, english, german = draw(years)
    anchor = draw(st.sampled_from(sorted(FROM)))
    cells["survival"] = draw(st.sampled_from([f"{english} {FROM[anchor][0]}", f"{german} {FROM[anchor][1]}"]))
    return cells, (end, renewal, notice, Survival("confidentiality", period, anchor))


def meant(agreement):
    kept = agreement.provisions
    end = kept.end if isinstance(kept.end, Lasting) else None
    renewal = kept.renewal.period if kept.renewal.kind is RenewalKind.AUTOMATIC else None
    return end, renewal, *kept.notices, *kept.for_convenience, *kept.survivals


def facts(agreement):
    """All that was entered, without what only the register gives."""
    names = ("provisions", "effective_on", "signed_on", "calendar", "rules", "assumed", "clauses", "time_zone")
    return {name: getattr(agreement, name) for name in names}


def staffed():
    world = World()
    world.staff()
    return world


def taken(world, path):
    report = import_file(world.monitor, path, ImportOptions(actor=Actor("somebody"), laws=lookup))
    assert (report.counts["failed"], [str(one) for row in report.rows for one in row.findings if one.is_error]) == (
        0,
        [],
    )
    return report.counts


def days(world):
    """Every milestone of every agreement with its three days."""
    with world.monitor.look() as work:
        found = {one.id: one for one in work.agreements.all()}
        return {
            (found[row.key.holder].reference, row.key.subject, row.key.kind, row.key.cycle): (
                row.safe_on, row.nominal_on, row.latest_on, row.target_on, row.is_deadline,
            )
            for row in work.milestones.live()
        }  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(papers(), min_size=1, max_size=4))
def test_words_have_the_same_days_by_every_way_and_after_an_export(tmp_path, drawn):
    rows = [{"reference": f"A-{n}", "counterparty": "Acme", **cells} for n, (cells, _) in enumerate(drawn)]
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with (tmp_path / "register.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, headers)
        sheet.writeheader()
        sheet.writerows(rows)
    world, other = staffed(), staffed()
    taken(world, tmp_path / "register.csv")
    with world.monitor.look() as work:
        kept = [work.agreements.find(row["reference"]) for row in rows]
        assert [meant(one) for one in kept] == [tuple(part for part in means) for _, means in drawn]
        groups = facts_of_an_agreement(work.people.all(), is_new=True, may_restrict=True)
        for row, one in zip(rows, kept, strict=True):
            new = {**row, "reference": f"{row['reference']}-2"}
            assert facts(from_row(work, new)[0]) == facts(one)  # as the API has it
            assert facts(from_words(work, new)[0]) == facts(one)
            assert facts(made_of(work, new, groups)[0]) == facts(one)
        people = work.people.all()
    write_register(tmp_path / "register.xlsx", kept, people, laws=lookup)
    taken(other, tmp_path / "register.xlsx")
    assert days(other) == days(world) != {}
    world.monitor.database.close()
    other.monitor.database.close()
