"""The file of a published version: what the page says, what the leaf binds to, and the proof that joins them."""

import json
from datetime import timedelta

import pytest

from sangto.desk import actions
from sangto.desk.models import Case, Publication
from sangto.desk.queries.answers import answer_by_number, versions_of
from sangto.desk.queries.publications import publication_file, publication_index
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger import queries as log
from tests.desk.log_steps import commitment, leaf_hash, put_others, sequence
from tests.factories import (
    LAMP,
    NOW,
    make_answer,
    make_correction,
    make_unit,
    make_version,
    make_withdrawal,
    member_for,
    send,
)

pytestmark = pytest.mark.django_db
STEPS = {"p": "publish", "c": "correct", "w": "withdraw"}


@pytest.fixture
def case() -> Case:
    """A Case of a Unit, whose Answer was published, corrected, withdrawn and published again."""
    case = send().case
    Case.objects.filter(pk=case.pk).update(unit=make_unit("w-12"))
    make_answer(case)
    make_correction(case, now=NOW + timedelta(minutes=1), summary="Chưa đủ căn cứ.", verdict="unproven")
    make_withdrawal(case, now=NOW + timedelta(minutes=2))
    make_correction(case, now=NOW + timedelta(minutes=3))
    return Case.objects.get()


def erase(case, n):
    version = case.answer.versions.get(n=n)
    by, approver = member_for(case), member_for(case, role="approver")
    actions.erase_version(version, ground="court_order", by=by, approved_by=approver, now=NOW + timedelta(minutes=9))


def test_content_and_salt_give_what_stands_in_the_leaf(case):
    put_others(NOW)
    sequence(NOW)

    for n in range(1, 5):
        file = publication_file(case.number, n)
        answer, leaf = file["answer"], file["leaf"]
        assert leaf["h"] == commitment("desk/answer/v1", answer, salt=file["salt"])
        said = {"a": answer["answer"], "n": answer["n"], "ts": answer["published"], "u": answer["unit"]}
        assert said.items() <= leaf.items()
        assert (answer["step"], answer["n"], answer["unit"]) == (STEPS[leaf["t"]], n, "w-12")
        proof = ProofFile.read(file["proof"])
        assert proof.extra is None
        checkpoint, _seen = Policy.read(log.policy_text()).check(proof.note)
        assert proof.check(bytes.fromhex(leaf_hash(leaf))) == checkpoint


def test_versions_are_chained(case):
    files = [publication_file(case.number, n) for n in range(1, 5)]

    assert [file["leaf"]["t"] for file in files] == ["p", "c", "w", "c"]
    assert [file["leaf"].get("pv") for file in files] == [None, *(leaf_hash(file["leaf"]) for file in files[:3])]


def test_page_and_file_say_the_same(case):
    pages = sorted(versions_of(answer_by_number(case.number)), key=lambda page: page.n)
    files = [publication_file(case.number, n)["answer"] for n in range(1, 5)]

    names = ("n", "step", "rating", "outcome", "question", "summary", "text", "change")
    assert [[getattr(page, name) for name in names] for page in pages] == [
        [file[name] for name in names] for file in files
    ]
    assert [f"{page.published_at:%Y-%m-%dT%H:%M:%SZ}" for page in pages] == [file["published"] for file in files]
    assert [[source_of(each) for each in page.sources] for page in pages] == [file["sources"] for file in files]


def source_of(cited) -> dict:
    dated = cited.dated_on.isoformat()
    return {"title": cited.title, "publisher": cited.publisher, "url": cited.url, "dated": dated}


def test_file_holds_values_that_json_writes_in_one_way(case):
    file = publication_file(case.number, 1)

    assert json.loads(json.dumps(file)) == file
    assert {type(value) for value in file["answer"].values()} == {str, int, list}
    assert set(file["answer"]) == {
        "answer", "n", "step", "kind", "lang", "question", "rating", "outcome", "summary", "text", "change",
        "published", "unit", "sources",
    }  # fmt: skip
    assert set(file) == {"answer", "salt", "leaf", "proof"}


def test_content_is_bound_whatever_changes_later(case):
    before = publication_file(case.number, 1)
    Case.objects.filter(pk=case.pk).update(unit=make_unit("other"), question="Một câu hỏi khác")
    make_correction(case, now=NOW + timedelta(minutes=5), text="Một câu khác hẳn.")

    assert publication_file(case.number, 1) == before


def test_every_change_of_the_content_shows(case):
    file = publication_file(case.number, 2)

    for name, value in file["answer"].items():
        other = {str: f"{value}x", int: 9, list: []}[type(value)]
        changed = {**file["answer"], name: other}
        assert commitment("desk/answer/v1", changed, salt=file["salt"]) != file["leaf"]["h"]


def test_proof_comes_with_the_next_checkpoint(case):
    before = publication_file(case.number, 1)
    sequence(NOW)
    after = publication_file(case.number, 1)

    assert before["proof"] is None
    assert {**after, "proof": None} == before


def test_erased_version_says_that_it_was_erased_and_why(case):
    erase(case, 2)
    sequence(NOW)

    leaf = publication_file(case.number, 1)["leaf"]
    erased = publication_file(case.number, 2)
    assert erased["erased"] is True
    assert set(erased) == {"erased", "leaf"}
    assert erased["leaf"] == {
        "a": case.number,
        "lg": "court_order",
        "n": 2,
        "pv": Publication.objects.get(version__n=2).leaf_hash,
        "t": "e",
        "v": 1,
    }
    assert publication_file(case.number, 3)["leaf"]["pv"] == Publication.objects.get(version__n=2).leaf_hash
    assert publication_file(case.number, 2)["leaf"] != leaf


@pytest.mark.parametrize(
    ("number", "n"), [("2026-999999", 1), ("", 1), ("x", 1), ("2025-000001", 1), (None, 0), (None, 5), (None, -1)]
)
def test_version_that_there_is_not_has_no_file(case, number, n):
    assert publication_file(case.number if number is None else number, n) is None


def test_version_that_is_not_published_has_no_file():
    case = send().case
    make_version(case)

    assert publication_file(case.number, 1) is None
    assert list(publication_index()) == []


def test_index_lists_every_published_version(case, django_assert_max_num_queries):
    other = send(LAMP).case
    make_answer(other)
    erase(case, 2)

    with django_assert_max_num_queries(2):
        found = list(publication_index())

    assert found == [
        *({"answer": case.number, "n": n, "erased": n == 2} for n in range(1, 5)),
        {"answer": other.number, "n": 1, "erased": False},
    ]


def test_file_of_a_version_takes_few_queries(case, django_assert_max_num_queries):
    sequence(NOW)

    with django_assert_max_num_queries(9):
        publication_file(case.number, 1)
