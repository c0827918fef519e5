"""Lists of units: our CSV for any country, with every bad line named; and lists that are none."""

import json
from datetime import date

import pytest

from sangto.engine.unit_compare import Listed, Went
from sangto.interchange.unit_lists import FORMATS, NotAUnitList, read

ON = date(2026, 1, 1)
HEAD = "code,name,name_en,kind,parent_code,valid_from,valid_to,decree\n"


def problems(text: str | bytes, *, format_: str = "csv") -> list[tuple[int, str]]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(NotAUnitList) as caught:
        read(content, format_=format_, on=ON)
    return [(line, code) for line, code, _ in caught.value.problems]


def test_csv_of_any_country_is_read():
    text = HEAD + "01,Oslo,Oslo,county,,,,\n0301,Frogner,,district,01,2004-01-01,,12/2003\n"

    found = read(b"\xef\xbb\xbf" + text.encode(), format_="csv", on=ON)

    assert found.listed == (
        Listed("01", "Oslo", "county", 1, None, "Oslo"),
        Listed("0301", "Frogner", "district", 2, (1, "01")),
    )


def test_only_what_is_valid_on_the_day_is_taken():
    rows = "1,Old,,x,,,2026-01-01,\n1,New,,x,,2026-01-01,,\n2,Later,,x,,2026-01-02,,\n"

    assert [line.name for line in read((HEAD + rows).encode(), format_="csv", on=ON).listed] == ["New"]


def test_level_that_is_said_wins_over_depth():
    text = "code,name,kind,level,parent_code\n1,A,x,1,\n2,B,x,3,1\n"

    assert [line.level for line in read(text.encode(), format_="csv", on=ON).listed] == [1, 3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "column_missing")] * 3),
        ("code,name\n1,A\n", [(1, "column_missing")]),
        ("code,name,kind,colour\n", [(1, "column_unknown")]),
        ("code,name,kind,kind\n", [(1, "twice")]),
        (HEAD, [(0, "no_lines")]),
        (HEAD + "1,A,,x,,,,\n,B,,,,,,\n", [(3, "empty"), (3, "empty")]),
        (HEAD + "1,A,,x,,,,\n1,B,,x,,,,\n", [(3, "twice")]),
        (HEAD + "1,A,,x,9,,,\n", [(2, "no_parent")]),
        (HEAD + "1,A,,x,2,,,\n2,B,,x,1,,,\n", [(2, "no_parent"), (3, "no_parent")]),
        (HEAD + "1 2,A,,x,,,,\n", [(2, "bad_code")]),
        (HEAD + "1,A,,x,,32/1/2026,,\n", [(2, "bad_date")]),
        (HEAD + "1,A,,x,,2026-01-01,2025-01-01,\n", [(2, "ends_before")]),
        (HEAD + f"1,{'A' * 201},,x,,,,\n", [(2, "too_long")]),
        (HEAD + "1,A,,x\n", [(2, "not_csv")]),
        (HEAD + '1,"A,,x\n', [(2, "not_csv")]),
        ("code,name,kind,level\n1,A,x,12\n2,B,x,²\n", [(2, "bad_level"), (3, "bad_level")]),
        (b"code,name,kind\n1,\xff,x\n", [(0, "not_utf8")]),
    ],
)
def test_bad_lines_are_named_and_nothing_is_taken(text, found):
    assert problems(text) == found


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"csv"}))
@pytest.mark.parametrize(
    "content",
    [b"", b"[", b"\xff", b"{}", b"[]x", b"[1]", b'[{"Code": "1"}]', b'{"data": [{"level1_id": 1}]}', b"[" * 100_000],
)
def test_what_is_no_list_is_refused(format_, content):
    try:
        found = read(content, format_=format_, on=ON)
    except NotAUnitList as error:
        assert error.problems
    else:
        assert found.listed == ()


def test_arrows_of_a_change_are_read():
    inside = {"level2_id": "00002", "name": "Phường B", "merges": [{"old_id": "00009", "name": "Xã A", "type": "full"}]}
    top = {"level1_id": "01", "name": "Tỉnh C", "merges": [], "level2s": [inside]}

    found = read(json.dumps({"data": [top]}).encode(), format_="dvhcvn-new", on=ON)

    assert found.went == (Went((3, "00009"), (3, "00002"), True),)
    assert [line.key for line in found.listed] == [(1, "01"), (3, "00002")]
