"""Labels: what people said, and nothing that the engine said. Calibrations: the newest one of the model in use."""

import time
from dataclasses import replace

import pytest

from sangto.desk import actions, matcher
from sangto.desk.actions.calibrate import CannotCalibrate, calibrate
from sangto.desk.matcher import Replica
from sangto.desk.models import Calibration
from sangto.desk.queries.calibrations import calibrated, calibration_standing
from sangto.desk.queries.labels import confirmed_wordings, label_count, labels
from sangto.engine.learned import Bound, Curve, Learned, shipped
from sangto.engine.refit import Refit
from tests.factories import HOSPITAL, NOW, make_answer, make_member, send

pytestmark = pytest.mark.django_db

DOG = "Bao giờ phường tiêm phòng dại cho chó mèo?"
NEAR = "uống nước chanh nóng có tốt cho tim không"


def said() -> list[tuple[str, int | None, set[int]]]:
    return [(each.text, each.right, set(each.wrong)) for each in labels()]


def offered(text: str = NEAR):
    """A Message beside which one answer was offered, and that answer's Case."""
    case = send(HOSPITAL).case
    make_answer(case)
    message = send(text)
    assert [each.case_id for each in message.offers.all()] == [case.pk]
    return message, case


def test_engine_alone_labels_nothing():
    make_answer(send(HOSPITAL).case)
    send(HOSPITAL.lower())
    send(NEAR)
    send(DOG)

    assert (said(), label_count()) == ([], 0)


def test_accepted_offer_says_which_case_is_right():
    message, case = offered()

    actions.accept_offer(message, case=case, now=NOW)

    assert said() == [(NEAR, case.pk, set())]


def test_declined_offers_are_wrong_and_nothing_is_right():
    message, case = offered()

    actions.decline_answers(message, now=NOW)

    assert said() == [(NEAR, None, {case.pk})]


def test_declined_instant_answer_is_wrong():
    case = send(HOSPITAL).case
    make_answer(case)
    message = send(HOSPITAL)
    actions.decline_answers(message, now=NOW)

    (label,) = labels()

    assert (label.right, label.wrong, label.turned_down) == (None, {case.pk}, True)


def test_changed_kind_judges_no_answer():
    message, _ = offered()

    actions.change_kind(message, kind="problem", now=NOW)

    assert said() == []


def test_split_says_both_where_it_belongs_and_where_not():
    case = send(HOSPITAL).case
    second = send(HOSPITAL)
    fresh = actions.split(case, messages=[second], by=make_member(), now=NOW)

    assert said() == [(HOSPITAL, fresh.pk, {case.pk})]


def test_merge_says_where_every_message_belongs_even_after_another_merge():
    case, other, third = send(HOSPITAL).case, send(DOG).case, send("Có phải giá điện sẽ tăng gấp đôi?").case
    member = make_member()

    actions.merge(case, into=other, by=member, now=NOW)
    actions.merge(other, into=third, by=member, now=NOW)

    assert said() == [(HOSPITAL, third.pk, set()), (DOG, third.pk, set())]


def test_undone_regrouping_says_nothing():
    case, member = send(HOSPITAL).case, make_member()
    second = send(HOSPITAL)
    actions.split(case, messages=[second], by=member, now=NOW)
    actions.undo(second.joinings.latest("pk").regrouping, by=member, now=NOW)

    assert said() == []


def test_last_word_counts():
    message, case = offered()
    actions.accept_offer(message, case=case, now=NOW)
    fresh = actions.split(case, messages=[message], by=make_member(), now=NOW)

    assert said() == [(NEAR, fresh.pk, {case.pk})]


def test_labels_cost_the_same_for_one_and_three(django_assert_max_num_queries):
    message, case = offered()
    actions.accept_offer(message, case=case, now=NOW)
    for text in (f"{NEAR} mạch", f"{NEAR} phổi"):
        actions.decline_answers(send(text), now=NOW)

    with django_assert_max_num_queries(4):
        assert len(list(labels())) == 3


def test_wordings_of_a_case_are_those_that_people_put_there_or_that_opened_it():
    message, case = offered()
    send(HOSPITAL.upper())  # joined by the engine
    actions.accept_offer(message, case=case, now=NOW)

    found = confirmed_wordings([case.pk], most=20, chars=400)

    assert found == {case.pk: [NEAR, HOSPITAL]}


def test_wordings_are_few_cut_and_never_those_held_back():
    case = send(HOSPITAL).case
    moved = [send(f"{DOG} {name}").case for name in ("Hẻm một", "Hẻm hai", "Hẻm ba")]
    member = make_member()
    for each in {each.pk: each for each in moved}.values():
        actions.merge(each, into=case, by=member, now=NOW)

    found = confirmed_wordings([case.pk], most=2, chars=10, without={HOSPITAL[:10]})

    assert found == {case.pk: [DOG[:10]]}


# --- samples ---------------------------------------------------------------------------------------------------------


def test_sample_is_not_judged_by_its_own_words():
    message, case = offered()
    actions.accept_offer(message, case=case, now=NOW)
    live = matcher.find(NEAR, kind="claim", place="")

    (sample,) = matcher.samples()

    assert (sample.right, sample.group, sample.lang) == (True, case.pk, "vi")
    assert live.settled is not None
    assert sample.raw < 0.99 * _raw_of(NEAR)


def _raw_of(text: str) -> float:
    from sangto.engine.decide import decide

    return decide(text, matcher.REPLICA.answered, kind="claim", learned=shipped()).raw


def test_sample_whose_first_candidate_nobody_judged_is_left_out():
    message, case = offered()
    actions.decline_answers(message, now=NOW)
    make_answer(send(f"{NEAR} mạch").case)  # likelier now, and nobody said anything about it

    assert list(matcher.samples()) == []


def test_declined_answer_is_a_wrong_sample():
    message, case = offered()
    actions.decline_answers(message, now=NOW)

    assert [(each.right, each.group) for each in matcher.samples()] == [(False, case.pk)]


# --- calibrations ----------------------------------------------------------------------------------------------------

BETTER = Refit(
    labels=40,
    curve=Curve((-1.0, 2.0), (0.1, 0.8)),
    bounds={"vi": Bound((2.0, 1.0), (True, False))},
    bins=(),
    loss_before=0.7,
    loss_after=0.5,
    error_before=0.2,
    error_after=0.1,
)


def test_calibration_comes_back_as_it_was_stored():
    calibrate(BETTER, model=shipped(), now=NOW)

    found = calibrated(shipped())

    assert (found.curve, dict(found.bounds)) == (BETTER.curve, BETTER.bounds)
    assert found.ranker is shipped().ranker


def test_calibration_that_is_no_better_is_refused():
    with pytest.raises(CannotCalibrate):
        calibrate(replace(BETTER, loss_after=0.7), model=shipped(), now=NOW)

    assert not Calibration.objects.exists()


def test_newest_calibration_wins_and_one_of_another_model_is_ignored():
    newer = replace(BETTER, curve=Curve((-1.0, 2.0), (0.2, 0.7)))
    calibrate(BETTER, model=shipped(), now=NOW)
    calibrate(newer, model=shipped(), now=NOW)
    calibrate(BETTER, model=Learned("another"), now=NOW)

    standing = calibration_standing(shipped())

    assert calibrated(shipped()).curve == newer.curve
    assert (standing.model, standing.labels, standing.is_used) == ("another 1", 40, False)


@pytest.mark.parametrize("held", ["", "{", "[]", "null", '{"raw": [1]}', '{"raw": [1], "sure": ["x"]}'])
def test_damaged_calibration_is_as_none(held):
    row = calibrate(BETTER, model=shipped(), now=NOW)
    Calibration.objects.filter(pk=row.pk).update(curve=held)

    assert calibrated(shipped()) is shipped()


def test_processes_go_by_a_new_calibration_within_a_minute(monkeypatch, django_assert_num_queries):
    send()
    replica = Replica()
    replica.follow()
    calibrate(BETTER, model=shipped(), now=NOW)
    with django_assert_num_queries(1):
        replica.follow()
    before, start = replica.learned, time.monotonic()

    monkeypatch.setattr(time, "monotonic", lambda: start + matcher.CALIBRATION_S + 1)
    with django_assert_num_queries(2):
        replica.follow()

    assert before is shipped()
    assert replica.learned.curve == BETTER.curve


def test_promise_of_the_desk_is_kept_by_the_calibration_in_use(settings):
    make_answer(send(HOSPITAL).case)
    asked = {"text": "nuoc chanh nong chua ung thu", "kind": "claim", "place": ""}
    matcher.REPLICA.follow()
    raw = _raw_of(asked["text"])
    held = Bound((raw,) * 99 + (raw - 1,) * 99, (True,) * 99 + (False,) * 99)
    calibrate(replace(BETTER, curve=shipped().curve, bounds={"vi": held}), model=shipped(), now=NOW)
    matcher.REPLICA.forget()

    settings.PROMISE = 0.98
    kept = matcher.find(**asked)
    settings.PROMISE = 0.999
    silent = matcher.find(**asked)

    assert kept.settled is not None
    assert silent.settled is None
    assert silent.offers
