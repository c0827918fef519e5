"""The index follows the database: new, corrected, withdrawn and regrouped Cases are found as they are now."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from sangto.desk import actions, matcher
from sangto.desk.matcher import Replica
from sangto.desk.models import Change
from tests.factories import HOSPITAL, NOW, make_answer, make_correction, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    return [answer.question for answer in matcher.search_answers(words, limit=10)]


def test_answer_is_searchable_as_soon_as_it_is_published():
    message = send(HOSPITAL)
    before = found("nuoc chanh")

    make_answer(message.case)

    assert (before, found("nuoc chanh")) == ([], [HOSPITAL])


def test_corrected_answer_is_found_by_its_new_words_and_withdrawn_one_not_at_all():
    message = send(HOSPITAL)
    make_answer(message.case)
    make_correction(message.case, question="Uống nước dừa có chữa được ung thư không?")
    corrected = found("dừa")

    make_withdrawal(message.case)

    assert corrected == ["Uống nước dừa có chữa được ung thư không?"]
    assert found("dừa") == []


def test_second_process_follows_what_the_first_one_wrote(monkeypatch):
    other = Replica()
    other.follow()

    make_answer(send(HOSPITAL).case)
    other.follow()

    assert (len(other.answered), len(other.asked)) == (1, 0)


def test_change_committed_late_under_an_older_id_is_still_seen():
    case, other = send(HOSPITAL).case, send("Bao giờ phường cấp lại căn cước?").case
    make_answer(case)
    matcher.REPLICA.follow()
    make_correction(case, question="Uống nước dừa có chữa được ung thư không?")
    late = Change.objects.latest("pk")
    Change.objects.create(case=other, at=NOW)
    Change.objects.filter(pk=late.pk).delete()
    before = found("dừa")

    late.save(force_insert=True)

    assert before == []
    assert found("dừa") == ["Uống nước dừa có chữa được ung thư không?"]
    assert matcher.REPLICA.holes == {}


def test_id_that_never_comes_is_given_up():
    make_answer(send(HOSPITAL).case)
    matcher.REPLICA.follow()
    matcher.REPLICA.holes[matcher.REPLICA.newest + 5] = time.monotonic() - matcher.HOLE_S

    matcher.REPLICA.follow()

    assert matcher.REPLICA.holes == {}


def test_index_is_built_again_when_the_database_is_older_than_it():
    message = send(HOSPITAL)
    matcher.REPLICA.follow()
    Change.objects.all().delete()
    make_answer(message.case)
    Change.objects.all().delete()

    matcher.REPLICA.follow()

    assert matcher.counts() == {"answers": 1, "open": 0}


def test_following_costs_one_query_while_nothing_changes(django_assert_num_queries):
    make_answer(send(HOSPITAL).case)
    matcher.REPLICA.follow()

    with django_assert_num_queries(1):
        matcher.REPLICA.follow()


def test_open_case_is_joined_by_any_of_its_wordings_and_split_off_ones_lead_elsewhere():
    first = send("Ăn tỏi sống mỗi ngày có phòng được bệnh cúm mùa không?")
    second = send("ăn tỏi sống mỗi ngày phòng được bệnh cúm mùa thật không")
    actions.split(first.case, messages=[second], by=make_member(), now=NOW) if second.case == first.case else None
    second.refresh_from_db()

    again = send("ĂN TỎI SỐNG MỖI NGÀY PHÒNG ĐƯỢC BỆNH CÚM MÙA THẬT KHÔNG")

    assert again.case == second.case != first.case


def test_confirmed_message_makes_the_next_like_it_easier_to_recognise():
    case = send(HOSPITAL).case
    make_answer(case)
    asked = {"text": "tui nghe cốt chanh nấu lên uống trị u bướu đúng hông", "kind": "claim", "place": ""}
    before = matcher.find(**asked)
    message = send("nghe nói cốt chanh nấu lên uống trị được u bướu")
    actions.merge(message.case, into=case, by=make_member(), now=NOW)

    after = matcher.find(**asked)

    assert before.settled is None
    assert after.settled is not None and after.settled.id == case.pk
    assert after.settled.sureness > sum(each.sureness for each in before.offers)


def test_what_the_engine_answered_itself_is_no_way_in():
    make_answer(send(HOSPITAL).case)
    send("UONG NUOC CHANH NONG CO CHUA DUOC UNG THU KHONG")
    matcher.REPLICA.follow()

    held = matcher.REPLICA.answered.entry(0)

    assert {HOSPITAL} == {each for each in held.said if each != held.title}


def test_one_more_message_that_changes_nothing_is_not_put_in_again():
    make_answer(send(HOSPITAL).case)
    send(HOSPITAL)
    matcher.REPLICA.follow()
    rows = len(matcher.REPLICA.answered._ids)

    send(HOSPITAL)
    matcher.REPLICA.follow()

    assert len(matcher.REPLICA.answered._ids) == rows


def test_withdrawn_answer_that_is_published_anew_is_found_again():
    case = send(HOSPITAL).case
    make_answer(case)
    send(HOSPITAL)
    make_withdrawal(case)
    gone = found("nước chanh")

    make_correction(case)

    assert (gone, found("nước chanh")) == ([], [HOSPITAL])


@pytest.mark.django_db(transaction=True)
def test_indexes_built_at_the_same_moment_hold_the_same_and_write_no_file(settings):
    make_answer(send(HOSPITAL).case)
    make_answer(send("Giá điện có tăng gấp đôi từ tháng 7 không?").case)
    files, replicas, start = sorted(settings.HOME.rglob("*")), [Replica(), Replica()], threading.Barrier(2)

    def build(replica: Replica) -> None:
        start.wait(10)
        try:
            replica.follow()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, replicas))

    hits = [[each.id for each in replica.answered.search("giá điện tháng 7")] for replica in replicas]
    assert hits[0] == hits[1] != []
    assert [len(replica.answered) for replica in replicas] == [2, 2]
    assert sorted(settings.HOME.rglob("*")) == files


def test_index_that_is_behind_disturbs_no_other():
    make_answer(send(HOSPITAL).case)
    one, other = Replica(), Replica()
    one.follow()
    other.follow()

    make_answer(send("Bao giờ phường tiêm phòng dại cho chó?").case)
    one.follow()

    assert (len(one.answered), len(other.answered)) == (2, 1)


def test_suggestions_keep_nothing():
    make_answer(send(HOSPITAL).case)

    suggested = matcher.suggest("uong nuoc chanh nong chua ung thu", kind="claim")

    assert [each.answer.question for each in suggested] == [HOSPITAL]
    assert matcher.counts() == {"answers": 1, "open": 0}


def test_old_change_rows_are_forgotten_and_a_process_that_slept_starts_afresh():
    matcher.REPLICA.follow()
    make_answer(send(HOSPITAL).case)
    make_answer(send("Một câu hỏi khác hẳn về giá điện").case)

    forgotten = actions.forget_changes(now=NOW + timedelta(days=8))

    assert forgotten == 3
    assert matcher.counts() == {"answers": 2, "open": 0}


def test_similar_open_cases_are_found_without_the_case_itself():
    case, second = send(HOSPITAL).case, send(HOSPITAL)
    send("Bao giờ phường cấp lại căn cước?")
    apart = actions.split(case, messages=[second], by=make_member(), now=NOW)

    found = matcher.similar(case)

    assert [(each.case, each.reasons[0].code) for each in found] == [(apart, "same_text")]
