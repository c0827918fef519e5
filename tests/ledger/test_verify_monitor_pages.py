"""`monitor` against the pages that a desk serves: changed, missing, extra, hidden, erased, out of reach."""

import json

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import NaiveDesk, put
from tests.ledger.running import both
from tests.ledger.serving import folder_replies, served
from tests.ledger.watched import COUNTS, GOOD, NOW, A, B, Watched, found, log_line


@pytest.fixture
def watched(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    return Watched(tmp_path, capsys)


def test_changed_page_is_found(watched):
    watched.page().write_text(watched.page().read_text().replace("Không đúng.", "Đúng."))

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found(
        f"version 1 of answer {A} was changed: the content does not fit the commitment in the log."
    )
    assert vietnamese[1] == (
        f"Cảnh báo: phiên bản 1 của câu trả lời {A} đã bị đổi: nội dung không khớp với mã cam kết trong nhật ký."
    )


def test_changed_page_with_a_leaf_of_its_own_is_found(watched):
    other = NaiveDesk()
    other.version(A, "publish", "2026-11-21T00:01:00Z", text="Đúng.")
    watched.page().write_text(json.dumps({**other.pages[A, 1], "proof": None}))

    assert watched.look() == found(
        f"version 1 of answer {A} was changed: the answer page differs from its log entry (leaf)."
    )


def test_page_of_another_version_is_found(watched):
    watched.page(A, 1).write_bytes(watched.page(A, 2).read_bytes())

    assert watched.look() == found(
        f"version 1 of answer {A} was changed: the answer page differs from its log entry (leaf)."
    )


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]"])
def test_page_that_is_none_is_found(watched, data):
    watched.page().write_bytes(data)

    status, lines = watched.look()

    assert status == 1
    assert lines[1].startswith(f"Warning: version 1 of answer {A} was changed: the ")


def test_missing_page_is_found(watched):
    watched.page(B, 1).unlink()

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found(f"version 1 of answer {B} is in the log but is not served.")
    assert vietnamese[1] == f"Cảnh báo: phiên bản 1 của câu trả lời {B} có trong nhật ký nhưng không được đưa ra."


def test_all_findings_are_told(watched):
    watched.page(B, 1).unlink()
    watched.page(A, 1).write_bytes(b"[]")

    assert watched.look() == found(
        f"version 1 of answer {A} was changed: the answer page is malformed.",
        f"version 1 of answer {B} is in the log but is not served.",
    )


def list_also(watched, a: str, n: int) -> None:
    index = watched.root / "answers/index.json"
    box = json.loads(index.read_text())
    box["versions"].append({"answer": a, "n": n, "erased": False})
    index.write_text(json.dumps(box))


def extra_page(watched, a: str, ts: str) -> None:
    other = NaiveDesk()
    page = other.publish(a, ts)
    put(watched.page(a, 1), json.dumps({**page, "proof": None}).encode())
    list_also(watched, a, 1)


def test_extra_page_is_found(watched):
    extra_page(watched, "2026-000009", "2026-11-21T10:59:59Z")

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found("version 1 of answer 2026-000009 is served but is not in the log.")
    assert vietnamese[1] == (
        "Cảnh báo: phiên bản 1 của câu trả lời 2026-000009 được đưa ra nhưng không có trong nhật ký."
    )


def test_new_page_may_wait_an_hour_for_the_log(watched, monkeypatch):
    extra_page(watched, "2026-000009", "2026-11-21T11:00:00Z")

    status, english, vietnamese = watched.look_twice()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 1)

    assert status == 0
    assert english == [GOOD[0], "Note: version 1 of answer 2026-000009 is waiting to be logged.", *GOOD[1:]]
    assert vietnamese[1] == "Lưu ý: phiên bản 1 của câu trả lời 2026-000009 đang chờ được ghi vào nhật ký."
    assert watched.look() == found("version 1 of answer 2026-000009 is served but is not in the log.")


def test_page_that_hides_its_age_is_found_an_hour_after_it_was_seen(watched, monkeypatch):
    extra_page(watched, "2026-000009", "2026-11-21T12:00:00Z")
    first = watched.look()[0]
    extra_page(watched, "2026-000009", "2026-11-21T13:00:00Z")
    monkeypatch.setattr(verify, "clock", lambda: NOW + 3600)
    second = watched.look()[0]
    monkeypatch.setattr(verify, "clock", lambda: NOW + 3601)

    assert (first, second, watched.look()[0]) == (0, 0, 1)


def test_listed_page_that_says_nothing_is_found_an_hour_after_it_was_seen(watched, monkeypatch):
    list_also(watched, A, 3)
    put(watched.page(A, 3), b"[]")
    list_also(watched, "2026-000077", 1)
    first = watched.look()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 3601)

    assert (first[0], len(first[1])) == (0, 5)
    assert watched.look() == found(
        f"version 3 of answer {A} is served but is not in the log.",
        "version 1 of answer 2026-000077 is served but is not in the log.",
    )


def test_page_that_waited_and_was_logged_is_forgotten(watched):
    list_also(watched, A, 3)
    watched.look()
    waited = watched.state["waiting"]
    watched.desk.correct(A)
    watched.write()

    assert watched.look()[0] == 0
    assert (waited, watched.state["waiting"]) == ({f"{A}/3": NOW}, {})


@pytest.mark.parametrize(
    "box",
    [
        {},
        [],
        {"versions": {}},
        {"versions": [1]},
        {"versions": [], "x": 1},
        {"versions": [{"answer": A, "n": 1}]},
        {"versions": [{"answer": "../../x", "n": 1, "erased": False}]},
        {"versions": [{"answer": A, "n": 0, "erased": False}]},
        {"versions": [{"answer": A, "n": 1, "erased": 0}]},
    ],
)
def test_list_of_another_form_is_not_valid(watched, box):
    put(watched.root / "answers/index.json", json.dumps(box).encode())

    assert watched.look() == (1, ["Not valid: the answer page is malformed."])


def test_without_the_list_nothing_can_be_told(watched):
    (watched.root / "answers/index.json").unlink()

    assert watched.look() == (2, [f"Cannot tell: there is nothing at {watched.root}/answers/index.json."])


# --- Hidden, withdrawn, erased --------------------------------------------------------------------------------------


def test_hidden_page_may_be_away_for_a_day(watched, monkeypatch):
    watched.desk.hide(B, 1, "2026-11-20T12:00:00Z".replace("20T", "21T"))
    watched.write()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 24 * 3600)

    status, english, vietnamese = watched.look_twice()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 24 * 3600 + 1)

    assert status == 0
    assert english[1] == f"Note: version 1 of answer {B} is hidden for now, since 2026-11-21T12:00:00Z."
    assert vietnamese[1] == f"Lưu ý: phiên bản 1 của câu trả lời {B} đang tạm ẩn từ 2026-11-21T12:00:00Z."
    status, english, vietnamese = watched.look_twice()
    assert (status, english) == found(
        f"version 1 of answer {B} is hidden for more than 24 hours (since 2026-11-21T12:00:00Z) and was not withdrawn.",
        size=15,
    )
    assert vietnamese[1] == (
        f"Cảnh báo: phiên bản 1 của câu trả lời {B} bị ẩn quá 24 giờ (từ 2026-11-21T12:00:00Z) mà không được rút lại."
    )


def test_hidden_page_that_is_back_is_no_matter(watched, monkeypatch):
    watched.desk.hide(B, 1)
    watched.desk.pages[B, 1].pop("hidden")
    watched.write()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 10**6)

    assert watched.look() == (0, [log_line(15), *GOOD[1:]])


def test_hidden_page_that_was_withdrawn_may_stay_away(watched, monkeypatch):
    watched.desk.hide(B, 1)
    watched.desk.withdraw(B)
    watched.write()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 10**6)

    status, lines = watched.look()

    assert (status, lines[1]) == (0, f"Note: version 1 of answer {B} is hidden for now, since 2026-11-21T00:04:00Z.")
    assert lines[-1] == "Valid: everything fits; answer versions checked: 4."


def test_correction_does_not_end_hiding(watched, monkeypatch):
    watched.desk.hide(A, 1)
    watched.desk.correct(A)
    watched.write()
    monkeypatch.setattr(verify, "clock", lambda: NOW + 10**6)

    assert watched.look()[0] == 1


def test_erased_version_is_no_matter(watched):
    watched.desk.erase(A, 1)
    watched.write()

    assert watched.look() == (0, [log_line(15), *GOOD[1:]])


def test_erased_version_may_be_gone_altogether(watched):
    watched.desk.erase(A, 1)
    watched.write()
    watched.page().unlink()

    assert watched.look()[0] == 0


def test_erasure_that_is_not_logged_is_found(watched):
    leaf = {"a": A, "lg": "court_order", "n": 1, "pv": watched.desk.leaf_hash(A, 1), "t": "e", "v": 1}
    watched.page().write_text(json.dumps({"erased": True, "leaf": leaf}))

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found(f"version 1 of answer {A} was erased, and the log does not say so yet.")
    assert vietnamese[1] == f"Cảnh báo: phiên bản 1 của câu trả lời {A} đã bị xóa mà nhật ký chưa ghi việc xóa."


def test_erasure_on_another_ground_than_logged_is_found(watched):
    watched.desk.erase(A, 1)
    watched.desk.pages[A, 1] = {"erased": True, "leaf": {**watched.desk.pages[A, 1]["leaf"], "lg": "other"}}
    watched.write()

    assert watched.look() == found(f"version 1 of answer {A} was erased, and the log does not say so yet.", size=15)


def test_erased_version_that_is_still_served_is_found(watched):
    before = watched.page().read_bytes()
    watched.desk.erase(A, 1)
    watched.write()
    watched.page().write_bytes(before)

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found(f"version 1 of answer {A} is logged as erased but is still served.", size=15)
    assert vietnamese[1] == (f"Cảnh báo: phiên bản 1 của câu trả lời {A} được ghi là đã xóa nhưng vẫn còn được đưa ra.")


# --- Pages that do not load -----------------------------------------------------------------------------------------


def failing(watched, *broken: str):
    """The desk's replies, with some addresses out of order."""
    whole = folder_replies(watched.root)
    return lambda path: (500, {}, b"") if any(part in path for part in broken) else whole(path)


def test_page_that_does_not_load_leaves_the_rest_checked(watched):
    with served(failing(watched, f"{A}/v1")) as address:
        status, english, vietnamese = both(watched.capsys, *watched.argv(address))

    assert status == 2
    assert english == [
        GOOD[0],
        f"Note: version 1 of answer {A} could not be checked: {address}/answers/{A}/v1.json could not be loaded (500).",
        COUNTS,
        "Cannot tell: not everything was checked; pages that could not be loaded: 1.",
    ]
    assert vietnamese[1] == (
        f"Lưu ý: chưa kiểm tra được phiên bản 1 của câu trả lời {A}: "
        f"không tải được {address}/answers/{A}/v1.json (500)."
    )
    assert vietnamese[-1] == "Chưa kết luận được: chưa kiểm tra hết; số trang không tải được: 1."


def test_finding_weighs_more_than_a_page_that_does_not_load(watched):
    watched.page(B, 1).unlink()
    with served(failing(watched, f"{A}/v1")) as address:
        assert watched.look(address)[0] == 1


def test_run_gives_up_when_nothing_loads(watched):
    for number in range(20):
        watched.desk.publish(f"2026-0001{number:02}")
    watched.write()
    with served(failing(watched, "/v")) as address:
        status, lines = watched.look(address)

    assert status == 2
    assert len(lines) == 1 + 10 + 1
    assert lines[-1].startswith("Cannot tell: ")
    assert watched.state["size"] == 34


def test_log_that_does_not_load_cannot_be_told(watched):
    with served(failing(watched, "/checkpoint")) as address:
        status, lines = watched.look(address)

    assert (status, lines) == (2, [f"Cannot tell: {address}/log/2026/checkpoint could not be loaded (500)."])


def test_desk_without_a_log_cannot_be_told(watched):
    (watched.root / "log/2026/checkpoint").unlink()

    assert watched.look() == (2, ["Cannot tell: there is nothing at log/2026/checkpoint."])
