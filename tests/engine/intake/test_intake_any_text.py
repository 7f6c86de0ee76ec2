"""Whatever stands in the cells: a row becomes an agreement or says at which cell why not, and nothing raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.findings import WorkbookError
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import read_workbook
from tests.support.intake import context, read

_WORDS = (
    "1 year|60 days|5bd|perpetual|2026-12-31|31/12/2026|1/2/26|automatic|never|by option|successive 1 year|-|none|[]|"
    "olga@example.com|EUR 5|Germany|DE-BE|bgb|year end|month end|explicit|sent|each disclosure|Europe/Berlin|0 days|"
    "2200-12-31|1900-01-01|200 years|36525 months|3|anniversary|day before|at least 90 clear days|email|x"
)
_CELLS = st.one_of(
    st.sampled_from(_WORDS.split("|")),
    st.text(max_size=30),
    st.integers(-(10**12), 10**12),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
_ROWS = st.dictionaries(st.sampled_from(sorted(AGREEMENT_FIELDS)), _CELLS, max_size=12)


def _judged(draft, existing=None):
    made, findings = to_agreement(draft, existing, context())
    assert (made is None) is any(each.is_error for each in findings)
    assert all(each.message for each in findings)
    return made


def _file_or_refusal(data):
    """The intake, or the remedy that the refusal names."""
    try:
        return read_intake(read_workbook(data, "any.csv"))
    except WorkbookError as refused:
        return refused.remedy


@settings(max_examples=200)
@given(_ROWS, _ROWS)
def test_any_row_is_taken_or_refused_and_taken_again_changes_nothing(first, second):
    made = None
    for said in (first, second):
        cells = {"reference": "A-1", "counterparty": "Acme"} | said
        for draft in read(list(cells), list(cells.values())).drafts:
            now = _judged(draft, made)
            if now is not None:
                made = now
                assert _judged(draft, now) == now


@given(st.text())
def test_any_text_is_a_file_or_refused(text):
    assert _file_or_refusal(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_any_bytes_are_a_file_or_refused(data, magic):
    assert _file_or_refusal(magic + data)
