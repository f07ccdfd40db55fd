"""Dates: read where they can mean one day, asked about where they can mean two, never passed on as they are."""

import datetime
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus._dates import DateColumn, iso_date
from stance.corpus.documents import read_corpus, stream_corpus
from stance.schema import CorpusWarning, StanceError


@pytest.mark.parametrize(
    "written",
    [
        "2025-08-15", "2025-08-15T10:00:00Z", "2025-08-15 10:00", "2025-08-15T10:00:00.123+02:00", "2025/8/15",
        "20250815", "20250815T100000Z", "15 August 2025", "August 15, 2025", "Aug. 15, 2025", "15 Aug 2025",
        "15th of August 2025", "15-Aug-2025", "15. August 2025", "Friday, August 15, 2025", "Friday 15 August 2025",
        "August 15, 2025 Friday", "Fri, 15 Aug 2025 10:00:00 +0000", "Fri, 15 Aug 2025 10:00:00 GMT",
        "August 15, 2025, 10:05 a.m. ET", "AUGUST 15, 2025", " 15  August 2025 ", "August 15, 2025 at 10:05 AM",
    ],
)  # fmt: skip
def test_dates_that_mean_one_day(written):
    assert iso_date(written) == "2025-08-15"


@pytest.mark.parametrize(
    "written",
    ["", "soon", "Friday", "45884", "1755252000", "2025-02-30", "2025-13-01", "31 June 2025", "15 Augustus 2025",
     "15-Aug-25", "Monday, August 15, 2025", "15 August", "August 2025", "03/04/2025", "25/12/2025", "2025-08-15 or so",
     "between 15 August 2025", "9" * 10_000],
)  # fmt: skip
def test_what_is_no_date_or_not_sure(written):
    assert iso_date(written) is None


@settings(deadline=None)
@given(st.dates(datetime.date(1900, 1, 1)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%A, %d %b %Y", "%Y-%m-%d"]))
def test_every_day_comes_back(day, form):
    assert iso_date(day.strftime(form)) == day.isoformat()


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_read_is_a_day(text):
    read = DateColumn("day-first").read(text, 1)
    assert read is None or len(read) in (4, 7) or datetime.date.fromisoformat(read)


def column(*written, dates=None):
    """Read dates, those in metadata, and the notices, of a table with one row for each."""
    reader = DateColumn(dates)
    return [reader.read(w, row) for row, w in enumerate(written, 2)], list(reader.notices())


@pytest.mark.parametrize(
    ("written", "dates", "read", "notice"),
    [
        (["25/12/2025", "31.1.2026"], None, ["2025-12-25", "2026-01-31"], None),
        (["12/25/2025", "12-26-2025"], None, ["2025-12-25", "2025-12-26"], None),
        (["05/05/2025"], None, ["2025-05-05"], None),
        (["03/04/2025"], None, [None], "'03/04/2025' (row 2). It was left out. Say which: --dates day-first"),
        (["25/12/2025", "03/04/2025"], None, ["2025-12-25", None], "'03/04/2025' (row 3)"),
        (["03/04/2025", "25/12/2025"], "day-first", ["2025-04-03", "2025-12-25"], None),
        (["03/04/2025", "12/25/2025"], "month-first", ["2025-03-04", "2025-12-25"], None),
        (["03/04/2025 10:30"], "day-first", ["2025-04-03"], None),
        (["12/25/2025"], "day-first", [None], "stood against --dates day-first"),
        (["25/12/2025", "12/25/2025"], None, ["2025-12-25", None], "stood against '25/12/2025' (row 2)"),
        (["13/13/2025", "31/06/2025"], None, [None, None], "2 dates could not be read, the first of them '13/13/2025'"),
        (["03/04/25"], None, [None], "could not be read"),
    ],
)
def test_dates_of_digits(written, dates, read, notice):
    found, notices = column(*written, dates=dates)
    assert found == read
    assert len(notices) == (notice is not None)
    if notice:
        assert notice in notices[0]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_table_with_dates(tmp_path, suffix):
    rows = [("a", "15 August 2025"), ("b", "03/04/2025"), ("c", "soon"), ("d", "")]
    path = tmp_path / f"x.{suffix}"
    lines = {
        "csv": ["id,text,date"] + [f"{i},One.,{d}" for i, d in rows],
        "jsonl": [f'{{"id": "{i}", "text": "One.", "date": "{d}"}}' for i, d in rows],
    }[suffix]
    path.write_text("\n".join(lines) + "\n")
    with pytest.warns(CorpusWarning) as notes:
        documents = read_corpus(path)
    assert [d.date for d in documents] == ["2025-08-15", None, None, None]
    assert [d.metadata.get("date") for d in documents] == [None, "03/04/2025", "soon", None]
    either, none = [str(n.message) for n in notes if n.category is CorpusWarning]
    assert "could be day-first or month-first" in either and "'soon'" in none
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        assert read_corpus(path, dates="month-first")[1].date == "2025-03-04"


def test_a_date_in_a_column_of_another_name_is_kept_under_it(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,text,published\na,One.,soon\n")
    with pytest.warns(CorpusWarning, match="soon"):
        (document,) = read_corpus(path, columns={"date": "published"})
    assert (document.date, dict(document.metadata)) == (None, {"published": "soon"})


def test_an_order_that_is_not_known_is_said_at_once(tmp_path):
    with pytest.raises(StanceError, match="--dates is day-first"):
        stream_corpus(tmp_path, dates="german", rejected=print)
