"""Import maps in YAML: what they say, and each complaint at its place."""

import pytest

from config.import_maps import load_import_map, parse_import_map
from config.yaml_source import YamlRefused

FIELDS = ("reference", "counterparty", "notice_period", "owner", "title")
GOOD = """
sheet: Contracts
header_row: 3
dates: dmy
columns:
  Kdg.-Frist: {field: notice_period, unit: months}
  Partner: counterparty
  Stelle: {field: notice_period_clause}
  Wert: {field: title, unit: EUR, dates: mdy}
constants: {owner: olga@example.com}
ignore: [Internal no.]
accept: {notice-without-renewal: It is a right to leave.}
"""


def test_a_map_is_read_whole(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_import_map(path, fields=FIELDS) == {
        "sheet": "Contracts",
        "header_row": 3,
        "dates": "dmy",
        "columns": {
            "Kdg.-Frist": {"field": "notice_period", "unit": "months"},
            "Partner": {"field": "counterparty"},
            "Stelle": {"field": "notice_period_clause"},
            "Wert": {"field": "title", "unit": "EUR", "dates": "mdy"},
        },
        "constants": {"owner": "olga@example.com"},
        "ignore": ["Internal no."],
        "accept": {"notice-without-renewal": "It is a right to leave."},
    }


def test_an_empty_map_says_nothing():
    assert parse_import_map("# nothing\n", "m.yaml", fields=FIELDS) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("colums: {}", "1:1"),
        ("dates: ymd", "1:8"),
        ("header_row: 0", "1:13"),
        ("columns:\n  A: {field: notic}", "2:14"),
        ("columns:\n  A: {unit: months}", "2:6"),
        ("columns:\n  A: {field: owner, unit: moons}", "2:27"),
        ("columns: {A: owner, A: title}", "1:21"),
        ("columns: [A]", "1:10"),
        ("constants: {reference: x}", "1:13"),
        ("accept: {two-ends: ''}", "1:10"),
        ("sheet: A\nsheet: B", "2:1"),
        ("sheet: A\n---\nsheet: B", "3:1"),
    ],
)
def test_each_complaint_has_its_place(text, place):
    with pytest.raises(YamlRefused) as refused:
        parse_import_map(text, "m.yaml", fields=FIELDS)
    assert [str(found.place) for found in refused.value.findings] == [f"m.yaml:{place}"]


def test_the_fields_that_there_are_stand_in_one_order_whatever_their_set_says():
    with pytest.raises(YamlRefused) as refused:
        parse_import_map("columns: {A: {field: xyzzy}}", "m.yaml", fields=frozenset(FIELDS))
    assert [one.remedy for one in refused.value.findings] == [
        "Use counterparty, notice_period, owner, reference or title."
    ]
