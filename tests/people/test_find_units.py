"""Units by what people type, on the shipped lists: every spelling is found, and two are never silently one."""

import random
import unicodedata

import pytest

from sangto.engine.unit_names import bare_key, folded_key, is_same_name, kind_of, stem
from sangto.people.queries import find_unit, units_at
from tests.people.vietnam import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
COLLIDE = [
    ("Xã Văn Lang", "Xã Văn Lăng", "Thái Nguyên"),
    ("Xã Cẩm Giang", "Xã Cẩm Giàng", "Hải Phòng"),
    ("Xã Sơn Hà", "Xã Sơn Hạ", "Quảng Ngãi"),
    ("Xã Ba Tơ", "Xã Ba Tô", "Quảng Ngãi"),
    ("Xã Lộc Thạnh", "Xã Lộc Thành", "Đồng Nai"),
    ("Xã Thanh An", "Xã Thạnh An", "Hồ Chí Minh"),
    ("Xã Tân Thành", "Xã Tân Thạnh", "Tây Ninh"),
    ("Xã Tân Thành", "Xã Tân Thạnh", "Đồng Tháp"),
]
SHORT = [("Đồng Tiến", "Đông Tiến", "Thanh Hóa"), ("Mỹ Tho", "Mỹ Thọ", "Đồng Tháp")]


def tone_moved(name: str) -> str:
    """hòa as hoà, thủy as thuỷ: the mark on the last vowel instead of the one before it."""
    words = []
    for word in name.split(" "):
        parts = unicodedata.normalize("NFD", word)
        for mark in "\u0300\u0301\u0303\u0309\u0323":
            for pair in ("oa", "oe", "uy"):
                parts = parts.replace(pair[0] + mark + pair[1], pair + mark)
        words.append(unicodedata.normalize("NFC", parts))
    return " ".join(words)


def spellings(name: str) -> set[str]:
    return {
        name,
        unicodedata.normalize("NFD", name),
        bare_key(name),
        tone_moved(name),
        name.replace(" ", "  "),
        name.upper(),
    }


def test_every_name_of_today_is_found_however_it_is_spelt():
    units = units_at(on=TODAY, scheme="vn", level=3)
    # All names have equal keys in every spelling; the database is asked for some of each kind.
    assert [unit.name for unit in units for one in spellings(unit.name) if bare_key(one) != bare_key(unit.name)] == []
    marked = [unit for unit in units if tone_moved(unit.name) != unit.name]
    assert len(marked) > 100
    assert all(is_same_name(unit.name, tone_moved(unit.name)) for unit in marked)

    for unit in random.Random(7).sample(units, 60) + marked[:20]:
        for one in spellings(unit.name):
            assert unit.unit in {hit.then.unit for hit in find_unit(one, on=TODAY).hits}, (unit.name, one)


@pytest.mark.parametrize(("one", "other", "province"), [*COLLIDE, *SHORT])
def test_names_that_differ_by_marks_alone_give_a_choice(one, other, province):
    found = find_unit(f"{bare_key(one)}, {bare_key(province)}", on=TODAY)

    today = {hit.then.name for hit in found.hits if hit.then.valid_to is None}
    assert {stem(name) for name in today} == {stem(one)}
    assert len(today) >= 2
    assert found.unit is None


def test_exact_spelling_wins_over_another():
    assert {hit.then.name for hit in find_unit("Xã Văn Lăng", on=TODAY).hits} == {"Xã Văn Lăng"}


def test_province_after_the_comma_narrows_the_choice():
    every, some = find_unit("Xã Tân Tiến", on=TODAY), find_unit("Xã Tân Tiến, tỉnh Cà Mau", on=TODAY)

    assert sum(hit.then.valid_to is None for hit in every.hits) == 7
    assert every.unit is None
    assert {hit.within for hit in some.hits} == {"Tỉnh Cà Mau"}


def test_number_alone_is_never_enough():
    found = find_unit("Phường 14", on=TODAY)

    assert len(found.hits) == 9
    assert found.unit is None
    assert find_unit("14", on=TODAY).unit is None


def test_one_whole_successor_is_one_answer_and_a_divided_one_is_none():
    assert find_unit("Phường Bến Nghé", on=TODAY).unit == find_unit("Phường Sài Gòn", on=TODAY).unit
    divided = find_unit("Phường Đại Mỗ, Hà Nội", on=TODAY)

    assert sorted(len(hit.heirs) for hit in divided.hits) == [1, 5]
    assert divided.unit is None


def test_english_names_find_too():
    assert [hit.then.name for hit in find_unit("Hoan Kiem Ward", on=TODAY).hits] == ["Phường Hoàn Kiếm"]


@pytest.mark.parametrize("text", ["", " ", ",", "x" * 5000, "\x00", "%", "🙂", ",,,,", "phường", "' OR 1=1 --"])
def test_nonsense_finds_nothing(text):
    assert find_unit(text, on=TODAY).hits == ()


def test_finding_costs_the_same_for_one_and_for_twenty(django_assert_max_num_queries):
    for text in ("Phường Sài Gòn", "xa tan tien"):
        with django_assert_max_num_queries(9):
            find_unit(text, on=TODAY)


def test_keys():
    assert folded_key("Hoà  Bình") == folded_key("HÒA BÌNH")
    assert folded_key("Đắk D’rông") == folded_key("Đắk D'rông")
    assert bare_key("Văn Miếu – Quốc Tử Giám") == bare_key("van mieu - quoc tu giam")
    assert (stem("P. 01"), stem("Phường 1"), stem("Xã")) == ("1", "1", "xa")
    assert kind_of("Thành phố X") == ("city", 1)
    assert kind_of("Không loại") is None
