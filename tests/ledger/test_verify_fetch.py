"""Files and addresses: what is loaded, what is not there, what cannot be told, and where a limit is."""

import gzip

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import put
from tests.ledger.receipts import Case
from tests.ledger.running import both, refused, said
from tests.ledger.serving import served


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def fetched(reply, limit=100):
    with served(lambda _path: reply) as address:
        return verify.fetch(f"{address}/x", limit)


def test_address_is_loaded():
    asked = []

    def reply(path):
        asked.append(path)
        return 200, {}, b"data"

    with served(reply) as address:
        assert verify.fetch(f"{address}/a/b.json", 4) == b"data"
    assert asked == ["/a/b.json"]


def test_gzip_is_unpacked():
    assert fetched((200, {"Content-Encoding": "gzip"}, gzip.compress(b"data"))) == b"data"
    assert fetched((200, {"Content-Encoding": "identity"}, b"data")) == b"data"


def test_erased_page_has_a_body():
    assert fetched((410, {}, b"gone")) == b"gone"


@pytest.mark.parametrize("status", [403, 404, 451])
def test_page_that_is_not_there_is_none(status):
    assert fetched((status, {}, b"no")) is None


@pytest.mark.parametrize("status", [201, 204, 400, 401, 429, 500, 503])
def test_other_status_cannot_be_told(status):
    with refused("network", verify.CannotTell, cause=status):
        fetched((status, {}, b""))


def test_reply_that_breaks_off_cannot_be_told():
    with refused("network", verify.CannotTell, cause="IncompleteRead"):
        fetched((200, {"Content-Length": "10"}, b"short"))
    with refused("network", verify.CannotTell, cause="IncompleteRead"):
        fetched((200, {"Content-Length": "101"}, b"x" * 100), limit=100)


def test_gzip_that_breaks_off_cannot_be_told():
    with refused("network", verify.CannotTell, cause="error"):
        fetched((200, {"Content-Encoding": "gzip"}, gzip.compress(b"data" * 9)[:-9]))
    with refused("network", verify.CannotTell, cause="error"):
        fetched((200, {"Content-Encoding": "gzip"}, b"no gzip"))


def test_reply_of_the_limit_is_taken_and_longer_refused():
    assert fetched((200, {}, b"x" * 100)) == b"x" * 100
    with refused("too_long", limit=100):
        fetched((200, {}, b"x" * 101))


def test_zip_bomb_is_refused_unopened():
    bomb = gzip.compress(bytes(10**6))
    packed = {"Content-Encoding": "gzip"}

    assert fetched((200, packed, gzip.compress(bytes(100), 9))) == bytes(100)
    with refused("too_long", limit=2000):
        fetched((200, packed, bomb), limit=2000)


def test_unreachable_address_cannot_be_told(capsys, case):
    with served(lambda _path: (200, {}, b"")) as address:
        pass

    status, english, vietnamese = both(capsys, "answer", f"{address}/x", "--policy", case.policy)

    assert (status, english) == (2, [f"Cannot tell: {address}/x could not be loaded (URLError)."])
    assert vietnamese == [f"Chưa kết luận được: không tải được {address}/x (URLError)."]


@pytest.mark.parametrize(
    "address", ["http://", "https://[", "http://exa mple.org/", "http://127.0.0.1:99999/", "http://\ud800/"]
)
def test_address_that_is_none_cannot_be_told(address):
    with pytest.raises(verify.CannotTell) as caught:
        verify.fetch(address, 9)

    assert caught.value.code == "network"


def test_answer_is_checked_at_its_address(case, capsys):
    case.desk.publish("2026-000001")
    case.desk.write(case.folder / "desk")
    data = (case.folder / "desk/answers/2026-000001/v1.json").read_bytes()

    with served(lambda _path: (200, {}, data)) as address:
        assert said(capsys, "answer", f"{address}/v1.json", "--policy", case.policy)[0] == 0


def test_file_address_is_read(tmp_path):
    put(tmp_path / "a b", b"data")

    assert verify.fetch((tmp_path / "a b").as_uri(), 9) == b"data"
    assert verify.fetch(str(tmp_path / "a b"), 9) == b"data"


def test_file_below_a_file_is_not_there(tmp_path):
    put(tmp_path / "x", b"data")

    assert verify.fetch(f"{tmp_path}/x/y", 9) is None
    assert verify.fetch(f"{tmp_path}/y", 9) is None


@pytest.mark.parametrize("name", ["x\0y", "x" * 5000])
def test_name_that_no_file_can_have_cannot_be_told(name):
    with refused("unreadable", verify.CannotTell, name=name):
        verify.fetch(name, 9)
