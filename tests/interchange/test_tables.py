"""JSON lines and CSV, read and written."""

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.interchange.rows import Dropped, FoundRow, Refused, names_a_person
from sangto.interchange.tables import guarded, read_csv, read_jsonl, unguarded


def jsonl(*rows, publisher="Báo"):
    raw = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    return list(read_jsonl(io.BytesIO(raw), publisher=publisher))


def table(text, publisher="Báo"):
    return list(read_csv(io.BytesIO(text if isinstance(text, bytes) else text.encode()), publisher=publisher))


def test_json_line_becomes_a_row():
    row = {
        "id": 7, "kind": "problem", "lang": "vi", "question": "Đèn  hỏng\n?", "summary": "Đã sửa", "text": "a\r\nb",
        "verdict": "fixed", "publisher": "Phường", "url": "https://x.example/7", "published_on": "2026-01-02T10:00:00Z",
        "votes": [1, 2],
    }  # fmt: skip

    assert jsonl(row) == [
        FoundRow(
            external_id="7", kind="problem", lang="vi", question="Đèn hỏng ?", summary="Đã sửa", text="a\nb",
            verdict="fixed", publisher="Phường", url="https://x.example/7", published_on=date(2026, 1, 2), line=1,
        )
    ]  # fmt: skip


def test_row_without_id_gets_the_same_one_each_time():
    (first,), (again,) = (
        jsonl({"question": "A", "url": "https://x.example/"}),
        jsonl({"URL ": "https://x.example/", "question": "A"}),
    )

    assert first.external_id == again.external_id
    assert first.external_id != jsonl({"question": "B", "url": "https://x.example/"})[0].external_id
    assert first.publisher == "Báo"


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (b"{", Refused(2, "bad_json")),
        (b"[]", Refused(2, "bad_json")),
        (b'{"question": "\xff"}', Refused(2, "not_text")),
        (b'{"question": "a\\u0000"}', Refused(2, "not_text", "question")),
        (b'{"question": "\\ud800"}', Refused(2, "not_text", "question")),
        (b'{"question": ["a"]}', Refused(2, "wrong_type", "question")),
        (b'{"question": true}', Refused(2, "wrong_type", "question")),
        (b'{"question": "a", "published_on": "soon"}', Refused(2, "bad_date", "published_on")),
        (b'{"question": ' + b"[" * 100_000, Refused(2, "bad_json")),
        (b'{"id": ' + b"9" * 5000 + b"}", Refused(2, "bad_json")),
        (b'{"question": "' + b"a" * 5_000_001 + b'"}', Refused(2, "too_long")),
    ],
    ids=lambda value: value[:40] if isinstance(value, bytes) else "",
)
def test_broken_line_is_refused_and_the_next_is_read(raw, refused):
    found = jsonl({"question": "A"}, raw, {"question": "B"})

    assert found[1] == refused
    assert [row.question for row in (found[0], found[2])] == ["A", "B"]
    assert [row.line for row in found] == [1, 2, 3]


def test_binary_file_is_refused_at_once():
    assert jsonl(b"\x7fELF\x00\x01\n\x00\n\x00") == [Refused(1, "not_text")]
    assert table(b"PK\x03\x04\x00\n\x00\n") == [Refused(1, "not_text")]
    assert table("question\nA".encode("utf-16")) == [Refused(1, "not_text")]


def test_empty_file_has_no_rows():
    assert (jsonl(b""), jsonl(b"\n\n"), table("")) == ([], [], [])


def test_byte_order_mark_is_no_part_of_the_first_name():
    assert [row.question for row in table(b"\xef\xbb\xbfquestion,id\r\nA,1\r\n")] == ["A"]
    assert [row.question for row in jsonl(b'\xef\xbb\xbf{"question": "A"}')] == ["A"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_are_found_by_name_in_any_order(mark):
    (row,) = table(f"Votes{mark} QUESTION{mark}id\n3{mark}Trời mưa{mark}9\n")

    assert (row.question, row.external_id, row.line) == ("Trời mưa", "9", 2)


def test_bare_return_stays_inside_its_field():
    (row,) = table('id,question,text\r\n1,A,"dòng\rhai\r\nba"\r\n')

    assert row.text == "dòng\nhai\nba"


def test_huge_field_is_read():
    (row,) = table(f'id,question,text\n1,A,"{"a" * 300_000}"\n')

    assert len(row.text) == 300_000


def test_lines_are_those_of_the_file():
    found = table('id,question\n1,"A\nA"\n2,B\n3,"x"y\n4,\xff\n5,C,more,and more\n6\n'.encode("latin-1"))

    assert [(row.line, getattr(row, "code", None)) for row in found] == [
        (2, None), (4, None), (5, "bad_csv"), (6, "not_text"), (7, None), (8, None),
    ]  # fmt: skip
    assert found[4].question == "C"


def test_table_without_our_columns_is_refused():
    assert table("a,b\n1,2\n") == [Refused(1, "no_header")]


def test_columns_that_name_people_are_said_once_and_not_read():
    found = table("id,Author,question,user_id\n1,Nguyễn,A,u1\n2,Trần,B,u2\n")

    assert found[0] == Dropped(1, ("author", "user_id"))
    assert "Nguyễn" not in repr(found)
    assert [type(each) for each in jsonl({"question": "A", "claimant": "x"}, {"question": "B", "claimant": "y"})] == [
        Dropped, FoundRow, FoundRow,
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["author", "Claimant name", "userIdsha256", "screenName", "screen_name", "reviewer"])
def test_name_of_a_person_is_seen(name):
    assert names_a_person(name)


@pytest.mark.parametrize("name", ["question", "authority", "published_on", "name", "publisher", "usage"])
def test_name_of_a_thing_is_let_through(name):
    assert not names_a_person(name)


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-x", "@a", "\tx", "\rx", "'=1", "''@"])
def test_formula_is_guarded_and_comes_back(cell):
    assert guarded(cell) == "'" + cell
    assert unguarded(guarded(cell)) == cell


@given(st.text())
def test_any_cell_comes_back(cell):
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a", "'a", "1", "'", "a=1"])
def test_plain_cell_is_left_alone(cell):
    assert (guarded(cell), unguarded(cell)) == (cell, cell)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(raw):
    for read in (read_csv, read_jsonl):
        assert all(isinstance(each, FoundRow | Refused | Dropped) for each in read(io.BytesIO(raw), publisher="B"))
        assert list(read(io.BytesIO(b"id,question\n" + raw), publisher="B")) is not None
