"""What Cases are found and counted by, on both databases, whatever happens to their Messages."""

import pytest
from django.db import connection

from sangto.desk import actions
from sangto.desk.actions.findable import renew_all
from sangto.desk.models import Case, SearchText
from sangto.desk.queries.findable import sound_search, with_words
from tests.factories import NOW, make_answer, make_member, received, send

pytestmark = pytest.mark.django_db

BRIDGE = "Có đúng là cầu Rồng đóng cửa sáng mai không?"
TAX = "Có phải thuế đất tăng gấp đôi từ tháng sau không?"
OTHER_TAX = "Nghe nói thuế đất tăng gấp đôi từ tháng sau, kể cả đất nông nghiệp, phải không?"


def found(typed: str) -> set[int]:
    here = Case.objects.exclude(state="merged")
    return set(here.filter(with_words(typed)).values_list("pk", flat=True))


def unsound() -> list[str]:
    return [each.code for each in sound_search() if each]


def asked(case: Case) -> int:
    return Case.objects.values_list("asked", flat=True).get(pk=case.pk)


def test_words_are_found_without_case_and_diacritics_all_of_them_the_last_one_begun():
    bridge, tax = send(BRIDGE).case.pk, send(TAX).case.pk

    assert [found(typed) for typed in ("CẦU RỒNG", "cau rong", "dong cua sa", "rong cau")] == [{bridge}] * 4
    assert [found(typed) for typed in ("cau dat", "ca rong x", "kho")] == [set(), set(), {bridge, tax}]
    assert found("") == found(" ?! ") == {bridge, tax}


@pytest.mark.parametrize(
    "typed", ["'", '"', "a' | b", "a:*", "NEAR(a b)", "(", "*", "a AND", "{words}: x", "\x00", "%"]
)
def test_signs_of_either_database_are_only_text(typed):
    send(BRIDGE)

    assert found(typed) <= set(Case.objects.values_list("pk", flat=True))


def test_a_second_wording_is_found_too():
    case = send(TAX).case
    second = send(OTHER_TAX)
    if second.case_id != case.pk:
        actions.merge(second.case, into=case, by=make_member(), now=NOW)

    assert found("nong nghiep") == {case.pk}
    assert (asked(case), unsound()) == (2, [])


def test_split_and_its_undoing_take_the_words_along():
    case, lan = send(TAX).case, make_member()
    second = send(BRIDGE).case
    actions.merge(second, into=case, by=lan, now=NOW)
    bridge = case.messages.order_by("pk").last()
    fresh = actions.split(case, messages=[bridge], by=lan, now=NOW)

    assert (found("cau rong"), asked(case), asked(fresh), unsound()) == ({fresh.pk}, 1, 1, [])

    actions.undo(bridge.joinings.order_by("-pk").first().regrouping, by=lan, now=NOW)

    assert (found("cau rong"), asked(case), asked(fresh), unsound()) == ({case.pk}, 2, 0, [])


def test_what_a_sender_withdraws_is_found_no_more_and_leaves_the_index():
    message = send(BRIDGE)
    send(TAX)
    actions.withdraw(message, now=NOW)

    assert (found("rong"), asked(message.case), unsound()) == (set(), 0, [])
    assert not SearchText.objects.filter(words__contains="rong").exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM desk_search_data WHERE instr(block, CAST('rong' AS BLOB))")
            assert cursor.fetchone() == (0,)


def test_withdrawing_twice_counts_once():
    message = send(BRIDGE)
    send(BRIDGE)
    actions.withdraw(message, now=NOW)
    actions.withdraw(message, now=NOW)

    assert (asked(message.case), unsound()) == (1, [])


def test_declining_an_answer_moves_words_and_count():
    case = send(TAX).case
    make_answer(case)
    second = received(TAX).message
    actions.decline_answers(second, now=NOW)

    second.refresh_from_db()
    assert second.case_id != case.pk
    assert (asked(case), asked(second.case), unsound()) == (1, 1, [])


def test_everything_is_written_anew_from_the_rows():
    case = send(BRIDGE).case
    send(TAX)
    Case.objects.filter(pk=case.pk).update(asked=7)
    SearchText.objects.all().delete()
    assert sorted(unsound()) == ["asked_differs", "words_differ"]

    assert (renew_all(), unsound(), found("cau rong"), asked(case)) == (2, [], {case.pk}, 1)
    assert renew_all() == 0
