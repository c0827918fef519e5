"""The claims of the CheckThat! lab, in small."""

import io
from datetime import date

from sangto.interchange.checkthat import read_checkthat
from sangto.interchange.formats import FORMATS
from sangto.interchange.rows import Dropped, FoundRow, Refused

TABLE = '\tvclaim\ttitle\n0\tA claim\tIts title\n1\t"A ""quoted"" claim\nin two lines"\tTitle\n2\t\t\n'
LINES = """{"title": "T", "subtitle": "S", "author": "Some One", "date": "26 May 2015", "vclaim_id": "1", "vclaim": "C"}
{"title": "T", "author": "Some One", "date": "n/a", "vclaim_id": "v2", "vclaim": "D"}
{
{"vclaim": ["x"]}
"""


def read(text, **values):
    return list(read_checkthat(io.BytesIO(text.encode()), **values))


def test_table_becomes_rows():
    found = read(TABLE)

    assert found[0] == FoundRow(
        external_id="0", publisher="CLEF CheckThat!", question="A claim", summary="Its title", lang="en", line=2
    )
    assert [(row.external_id, row.question, row.line) for row in found[1:]] == [
        ("1", 'A "quoted" claim in two lines', 3),
        ("2", "", 5),
    ]


def test_lines_become_rows_without_their_authors():
    found = read(LINES, publisher="P")

    assert found[0] == Dropped(1, ("author",))
    assert found[1] == FoundRow(
        external_id="1", publisher="P", question="C", summary="T", text="S", published_on=date(2015, 5, 26), lang="en",
        line=1,
    )  # fmt: skip
    assert (found[2].external_id, found[2].published_on) == ("v2", None)
    assert found[3:] == [Refused(3, "bad_json"), Refused(4, "wrong_type", "vclaim")]
    assert "Some One" not in repr(found)


def test_other_table_is_refused():
    assert read("a\tb\n1\t2\n") == [Refused(1, "no_header")]
    assert read("") == []


def test_formats_are_the_four():
    assert set(FORMATS) == {"claimreview", "jsonl", "csv", "checkthat"}
