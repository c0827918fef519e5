"""The facts of a real country on real lists: counts of each day, what split and merged, what kept its identity."""

from collections import Counter
from datetime import date, timedelta

import pytest

from sangto.engine.unit_compare import compare
from sangto.interchange import unit_lists
from sangto.people.actions import CannotChangeUnits, Document, Origin, apply_event, load_units, seed_units
from sangto.people.actions.load_units import known_on
from sangto.people.models import UnitEvent, UnitLink, UnitPeriod, UnitProposal, UnitSource
from sangto.people.queries import find_unit, heirs, holders, name_at, predecessors, successors, unit_at, units_at
from tests.people.vietnam import COUNTRIES, NEW, OLD, SEEDED, TODAY, plan, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
UPGRADED = {
    "25270": "Lộc Ninh", "25357": "Tân Khai", "25363": "Đồng Phú", "26116": "Tân Phú", "26170": "Trị An",
    "26248": "Trảng Bom", "26326": "Dầu Giây", "26368": "Long Thành", "26425": "Xuân Lộc", "26485": "Nhơn Trạch",
}  # fmt: skip


def kinds(on: date, level: int) -> dict[str, int]:
    return dict(Counter(unit.kind for unit in units_at(on=on, scheme="vn", level=level)))


def last_list():
    *_, last = states_of(plan(), COUNTRIES / "vn")
    return last


@pytest.mark.parametrize(
    ("on", "level", "counts"),
    [
        (OLD, 1, {"province": 57, "city": 6}),
        (OLD, 2, {"district": 5}),
        (OLD, 3, {"commune": 7704, "ward": 1726, "town": 617}),
        (NEW, 1, {"province": 28, "city": 6}),
        (NEW, 2, {}),
        (NEW, 3, {"commune": 2621, "ward": 687, "special_zone": 13}),
        (date(2026, 4, 29), 3, {"commune": 2621, "ward": 687, "special_zone": 13}),
        (date(2026, 4, 30), 1, {"province": 27, "city": 7}),
        (date(2026, 4, 30), 3, {"commune": 2611, "ward": 697, "special_zone": 13}),
        (TODAY, 3, {"commune": 2611, "ward": 697, "special_zone": 13}),
    ],
)
def test_each_day_has_as_many_units_as_the_lists_say(on, level, counts):
    assert kinds(on, level) == counts


def test_a_code_that_was_given_again_means_two_units():
    before, after = unit_at("26740", on=OLD), unit_at("26740", on=NEW)

    assert (before.name, after.name) == ("Phường Bến Nghé", "Phường Sài Gòn")
    assert before.unit != after.unit
    assert before.valid_to == after.valid_from == NEW
    assert [unit.name for unit in holders("26740")] == ["Phường Bến Nghé", "Phường Sài Gòn"]


def test_codes_in_both_lists_never_lead_from_the_old_unit_to_another_name():
    old = {unit.code: unit for unit in units_at(on=OLD, scheme="vn", level=3)}
    new = {unit.code: unit for unit in units_at(on=NEW, scheme="vn", level=3)}
    both = old.keys() & new.keys()

    assert len(both) == 3316
    assert sum(old[code].unit == new[code].unit for code in both) == 131
    named = {period.unit_id: period.name for period in UnitPeriod.objects.filter(scheme="vn", valid_to=NEW)}
    assert {code for code in both if named.get(old[code].unit, old[code].name) != old[code].name} == set()


def test_split_units_are_divided_as_the_table_says():
    old = [unit.unit for unit in units_at(on=OLD, scheme="vn", level=3)]
    led = heirs(old, on=NEW)

    assert Counter(len(found) for found in led.values()) == {1: 9587, 2: 386, 3: 57, 4: 16, 5: 1}
    assert {heir.share for found in led.values() if len(found) > 1 for heir in found} == {"part"}
    assert {heir.share for found in led.values() if len(found) == 1 for heir in found} == {"whole"}
    assert UnitLink.objects.filter(share="part").count() == 1012


def test_merged_units_have_the_predecessors_of_the_table():
    arrows = Counter(UnitLink.objects.values_list("to_unit", flat=True))
    new = [unit.unit for unit in units_at(on=NEW, scheme="vn", level=3)]

    assert Counter(arrows[unit] for unit in new) == {
        0: 137, 1: 3, 2: 757, 3: 1497, 4: 565, 5: 181, 6: 90, 7: 37, 8: 23, 9: 16, 10: 6, 11: 3, 12: 5, 14: 1,
    }  # fmt: skip


def test_units_with_one_whole_predecessor_are_that_unit_still():
    old = {unit.unit for unit in units_at(on=OLD, scheme="vn")}
    kept = [unit for unit in units_at(on=NEW, scheme="vn") if unit.unit in old]

    assert Counter(unit.level for unit in kept) == {1: 11, 3: 137}


def test_predecessors_are_successors_read_backwards():
    here = unit_at("26740", on=NEW).unit
    names = {name_at(heir.unit, on=OLD): heir.share for heir in predecessors(here, on=OLD)}

    assert names == {"Phường Bến Nghé": "whole", "Phường Đa Kao": "part", "Phường Nguyễn Thái Bình": "part"}
    for before in predecessors(here, on=OLD):
        assert before.share in {heir.share for heir in successors(before.unit, on=NEW) if heir.unit == here}


def test_upgrades_keep_identity_and_code_and_change_from_their_day_only():
    day = date(2026, 4, 30)
    for code, name in UPGRADED.items():
        before, after = unit_at(code, on=day - timedelta(days=1)), unit_at(code, on=day)
        assert before.unit == after.unit
        assert (before.name, after.name) == (f"Xã {name}", f"Phường {name}")
    province = unit_at("75", on=day)
    assert (province.name, unit_at("75", on=day - timedelta(days=1)).name) == ("Thành phố Đồng Nai", "Tỉnh Đồng Nai")
    (event,) = {UnitPeriod.objects.get(unit=province.unit, valid_from=day).begun_by}
    assert event.decree_number == "30/2026/QH16, 237/NQ-UBTVQH16"


def test_codes_that_were_corrected_later_keep_their_unit():
    for old, new in (("06970", "06978"), ("23737", "23938")):
        assert unit_at(old, on=NEW).unit == unit_at(new, on=TODAY).unit
        assert unit_at(old, on=TODAY) is None


def test_every_event_has_its_document_and_every_period_its_source():
    assert UnitEvent.objects.filter(document="").count() == 0
    assert UnitPeriod.objects.filter(scheme="vn", source=None).count() == 0
    assert set(UnitSource.objects.values_list("as_of", flat=True)) == {
        date(2025, 3, 1), date(2025, 7, 12), date(2026, 7, 25),
    }  # fmt: skip


def test_every_unit_of_a_day_has_a_parent_that_lives():
    for on in (OLD, NEW, TODAY):
        units = units_at(on=on, scheme="vn")
        alive = {unit.unit for unit in units}
        assert {unit.level for unit in units if unit.parent is None} == {1}
        assert {unit.parent for unit in units if unit.parent} <= alive


def test_the_same_list_again_and_other_spellings_propose_nothing():
    from tests.factories import make_member

    state = last_list()
    loaded = load_units(
        state.listed,
        scheme="vn",
        origin=Origin("again", date(2026, 7, 26), "0" * 64),
        effective_on=date(2026, 7, 26),
        by=make_member(),
        now=SEEDED,
    )

    assert (loaded.proposals, loaded.disagreements) == ([], ())
    new = {line.key: line.name for line in list(states_of(plan(), COUNTRIES / "vn"))[1].listed}
    spelt_otherwise = [line for line in state.listed if new.get(line.key, line.name) != line.name]
    assert len(spelt_otherwise) == 204  # 201 communes, of which 10 were raised, and 3 provinces, of which one was


def test_what_sources_say_otherwise_is_proposed_or_printed_and_never_applied():
    from tests.factories import make_member

    content = unit_lists.UnitList(last_list().listed)
    swapped = {"13285": "13291", "13291": "13318", "13318": "13285", "06978": "06970"}
    other = [type(line)(swapped.get(line.code, line.code), *list(vars(line).values())[1:]) for line in content.listed]
    other = [line for line in other if line.code != "26740"]
    by = make_member()
    before = UnitPeriod.objects.count()

    loaded = load_units(
        other,
        scheme="vn",
        origin=Origin("another source", date(2026, 9, 20), "1" * 64),
        effective_on=date(2026, 9, 20),
        by=by,
        now=SEEDED,
    )

    assert Counter(each.kind for each in loaded.proposals) == {"recode": 2}
    assert [(each.code, each.key) for each in loaded.disagreements] == [("vanished", (3, "26740"))]
    assert UnitPeriod.objects.count() == before
    assert UnitProposal.objects.filter(event=None).count() == 2


def test_codes_that_go_round_change_nothing_that_was_recorded():
    from tests.factories import make_member

    swapped = {"13285": "13291", "13291": "13318", "13318": "13285"}
    lines = [
        type(line)(swapped.get(line.code, line.code), *list(vars(line).values())[1:]) for line in last_list().listed
    ]
    day, by = date(2026, 9, 20), make_member()
    units = {code: unit_at(code, on=TODAY).unit for code in swapped}
    origin = Origin("another source", day, "1" * 64)
    loaded = load_units(lines, scheme="vn", origin=origin, effective_on=day, by=by, now=SEEDED)

    (proposal,) = loaded.proposals
    document = Document("a correction", day, "https://example.org/correction")
    apply_event(proposal, by=make_member(role="approver"), now=SEEDED, document=document)

    assert {code: unit_at(swapped[code], on=day).unit for code in swapped} == units
    assert {code: unit_at(code, on=day - timedelta(days=1)).unit for code in swapped} == units


def test_a_country_is_taken_over_once():
    with pytest.raises(CannotChangeUnits, match="not_empty"):
        seed_units([], scheme="vn", now=SEEDED)


def test_compared_with_itself_a_country_does_not_differ():
    known = known_on(TODAY, scheme="vn")

    found = compare(known, [each.line for each in known])

    assert (found.suggested, found.disagreements) == ((), ())


def test_an_ended_name_is_found_with_what_it_is_today():
    (hit,) = find_unit("Phường Bến Nghé", on=TODAY).hits

    assert hit.then.valid_to == NEW
    assert hit.today == ("Phường Sài Gòn, Thành phố Hồ Chí Minh",)
