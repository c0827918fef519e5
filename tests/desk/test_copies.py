"""Copies of sources: kept through saves, frozen once taken, bound to by the log, wanted where the desk wants them."""

import hashlib
import json
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotCopy, CannotPublish, CannotWrite
from sangto.desk.models import Answer, Case, Copy, CopyBytes, Publication, Source
from sangto.desk.queries.answers import answer_by_number, versions_of
from sangto.desk.queries.copies import bytes_of, copy_for, taken_copies
from sangto.desk.queries.publications import publication_file
from sangto.engine.file_types import WARC_GZ
from sangto.ledger.queries import leaf_bodies
from tests.desk.log_steps import commitment
from tests.factories import (
    NOW,
    TICKS,
    Reference,
    content,
    holder,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_version,
    make_withdrawal,
    member_for,
    send,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
PDF = b"%PDF-1.7 a document"
FIRST, SECOND = "https://moh.gov.vn/a", "https://moh.gov.vn/b"


def cited(url: str = FIRST, title: str = "Thông báo") -> Reference:
    return Reference(title, "Bộ Y tế", url, NOW.date())


def drafted(case=None, *, urls=(FIRST,), by=None):
    case = case or send().case
    words = content(case, sources=[cited(url) for url in urls])
    return actions.draft(case, content=words, by=by or member_for(case), now=NOW)


def uploaded(version, *, data: bytes = PDF, place: int = 1) -> Copy:
    source = version.sources.get(position=place)
    return actions.keep_upload(source, data=data, by=version.written_by, now=NOW)


def approve(version):
    return actions.publish(version, by=member_for(version.answer.case, role="approver"), now=LATER, ticks=TICKS)


def submitted(version):
    return actions.submit(version, by=version.written_by, ticks=TICKS, now=NOW)


def code(error, act) -> str:
    with pytest.raises(error) as refused:
        act()
    return refused.value.code


def take(copy, data: bytes = b"fetched") -> bool:
    """What the worker does once it has fetched something."""
    token = actions.claim(copy, now=NOW)
    return actions.keep_bytes(copy, token=token, data=data, media_type=WARC_GZ, now=NOW)


def refused(write) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        write()
    return str(error.value)


def test_upload_is_kept_with_its_hash():
    copy = uploaded(drafted())

    assert (copy.state, copy.how, copy.media_type) == ("taken", "uploaded", "application/pdf")
    assert (copy.size, copy.sha256, copy.taken_at) == (len(PDF), hashlib.sha256(PDF).hexdigest(), NOW)
    assert bytes_of(copy) == PDF
    assert [(each.pk, data) for each, data in taken_copies()] == [(copy.pk, PDF)]


def test_copy_stays_with_its_address_whatever_is_saved():
    version = drafted(urls=(FIRST, SECOND))
    copy = uploaded(version, place=2)

    version = drafted(version.answer.case, urls=(SECOND, FIRST), by=version.written_by)
    assert [(each.url, each.copy_id) for each in version.sources.all()] == [(SECOND, copy.pk), (FIRST, None)]

    drafted(version.answer.case, urls=(FIRST,), by=version.written_by)
    drafted(version.answer.case, urls=(SECOND,), by=version.written_by)
    assert version.sources.get().copy_id == copy.pk  # dropped and cited again


def test_newer_copy_takes_the_place_of_the_older():
    version = drafted()
    uploaded(version)
    second = uploaded(version, data=b"%PDF-1.7 another")

    drafted(version.answer.case, by=version.written_by)

    assert version.sources.get().copy_id == second.pk


def test_correction_begins_with_the_copies_of_what_it_corrects():
    version = drafted()
    copy = uploaded(version)
    case = approve(submitted(version)).answer.case

    correction = actions.start_correction(case, by=member_for(case), now=LATER)

    assert correction.sources.get().copy_id == copy.pk


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"PK\x03\x04", "unknown_type"), (b"\0" * 50, "unknown_type"),
     (b"%PDF-" + b"x" * (1 << 20), "too_large")],
)  # fmt: skip
def test_unfit_file_is_refused_and_nothing_is_kept(data, why, settings):
    settings.COPY_MAX_MB = 1
    version = drafted()

    assert code(CannotCopy, lambda: uploaded(version, data=data)) == why
    assert not Copy.objects.exists()
    assert version.sources.get().copy is None


def test_where_people_have_accounts_nothing_is_kept():
    version = drafted(urls=("https://www.facebook.com/somebody/posts/1",))

    assert code(CannotCopy, lambda: uploaded(version)) == "people_page"


def test_only_who_writes_for_the_unit_asks_and_uploads(settings):
    settings.COPY_HOSTS = ("*",)
    version = drafted()
    source = version.sources.get()
    for who in (make_member(role="auditor"), holder("approver"), holder("editor", unit=make_unit("other"))):
        assert code(CannotCopy, lambda who=who: actions.ask_for_copy(source, by=who, now=NOW)) == "not_allowed"
        act = lambda who=who: actions.keep_upload(source, data=PDF, by=who, now=NOW)  # noqa: E731
        assert code(CannotCopy, act) == "not_allowed"


def test_copies_are_seen_by_who_may_read_the_case():
    version = drafted()
    copy, number = uploaded(version), version.answer.case.number
    other = send("Có đúng là uống cà phê gây mất ngủ không?").case
    unit = make_unit("other")
    Case.objects.filter(pk=version.answer.case_id).update(unit=make_unit())

    assert copy_for(make_member(role="auditor"), number, copy.pk) == copy
    assert copy_for(make_member(role="editor", unit=unit), number, copy.pk) is None
    assert copy_for(make_member(role="auditor"), other.number, copy.pk) is None


@pytest.mark.parametrize(("hosts", "why"), [((), "no_fetching"), (("example.org",), "not_on_list")])
def test_asking_is_refused_at_once_where_it_would_be_in_vain(hosts, why, settings):
    settings.COPY_HOSTS = hosts
    version = drafted()

    assert code(CannotCopy, lambda: actions.ask_for_copy(version.sources.get(), by=version.written_by, now=NOW)) == why


def test_asking_twice_asks_once(settings):
    settings.COPY_HOSTS = ("*",)
    version = drafted()

    first, again = (actions.ask_for_copy(version.sources.get(), by=version.written_by, now=NOW) for _ in range(2))

    assert first.pk == again.pk


def test_source_that_was_changed_meanwhile_is_gone():
    version = drafted()
    old = version.sources.get()
    drafted(version.answer.case, by=version.written_by)

    assert code(CannotCopy, lambda: actions.keep_upload(old, data=PDF, by=version.written_by, now=NOW)) == "gone"


def test_in_review_no_file_is_changed():
    version = submitted(drafted())

    assert code(CannotCopy, lambda: uploaded(version)) == "not_draft"


def test_published_version_has_no_copies_to_ask_for(settings):
    settings.COPY_HOSTS = ("*",)
    version = make_answer(send().case)

    act = lambda: actions.ask_for_copy(version.sources.get(), by=version.written_by, now=NOW)  # noqa: E731
    assert code(CannotCopy, act) == "gone"


def test_copies_of_an_answer_end_at_a_hundred(monkeypatch):
    monkeypatch.setattr("sangto.desk.actions.copies.MOST_COPIES", 2)
    version = drafted()
    uploaded(version)
    uploaded(version)

    assert code(CannotCopy, lambda: uploaded(version)) == "too_many"


def test_log_binds_to_the_hash():
    version = drafted(urls=(FIRST, SECOND))
    copy = uploaded(version)
    version = approve(submitted(version))

    file = publication_file(version.answer.case.number, 1)

    first, second = file["answer"]["sources"]
    kept = {"sha256": copy.sha256, "bytes": len(PDF), "taken": "2026-11-21T09:00:00Z"}
    assert first == {"title": "Thông báo", "publisher": "Bộ Y tế", "url": FIRST, "dated": "2026-11-21", "copy": kept}
    assert set(second) == {"title", "publisher", "url", "dated"}
    leaf = leaf_bodies([version.publication.leaf_hash])[version.publication.leaf_hash]
    assert leaf["h"] == commitment("desk/answer/v1", file["answer"], salt=file["salt"])
    lying = json.loads(json.dumps(file["answer"]).replace(copy.sha256, "0" * 64))
    assert leaf["h"] != commitment("desk/answer/v1", lying, salt=file["salt"])


def test_version_without_copies_says_what_it_always_said():
    version = make_answer(send().case)

    assert publication_file(version.answer.case.number, 1)["answer"] == {
        "answer": version.answer.case.number, "n": 1, "step": "publish", "kind": "claim", "lang": "vi",
        "question": version.question, "rating": "false", "outcome": "", "summary": version.summary,
        "text": version.text, "change": "", "published": "2026-11-21T09:00:00Z", "unit": "",
        "sources": [
            {
                "title": "Trang chủ Bộ Y tế",
                "publisher": "Bộ Y tế",
                "url": "https://moh.gov.vn/",
                "dated": "2026-11-10",
            }
        ],
    }  # fmt: skip


def test_public_reads_day_and_hash():
    version = drafted()
    copy = uploaded(version)
    number = approve(submitted(version)).answer.case.number

    answer = answer_by_number(number)

    assert [(each.sha256, each.copied_at) for each in answer.sources] == [(copy.sha256, NOW)]
    assert versions_of(answer)[0].sources == answer.sources


def test_what_comes_after_the_approval_is_not_in_it(settings):
    """A copy that is still on its way is let go; the next version finds it."""
    settings.COPY_HOSTS = ("*",)
    version = submitted(drafted())
    copy = Copy.objects.get()
    version = approve(version)

    assert take(copy)

    assert version.sources.get().copy is None
    assert "copy" not in publication_file(version.answer.case.number, 1)["answer"]["sources"][0]
    case = version.answer.case
    assert actions.start_correction(case, by=member_for(case), now=LATER).sources.get().copy_id == copy.pk


def test_taken_copies_are_frozen_by_the_database():
    version = drafted()
    copy = uploaded(version)
    other = send("Có đúng là uống cà phê gây mất ngủ không?").case
    elsewhere = drafted(other, urls=(FIRST, SECOND))
    raw = Copy(answer=version.answer, url=FIRST, how="fetched", asked_at=NOW, due_at=NOW)
    raw.save()

    writes = {
        "frozen": lambda: Copy.objects.filter(pk=copy.pk).update(sha256="0" * 64),
        "frozen ": lambda: Copy.objects.filter(pk=copy.pk).update(done_at=None),
        "frozen  ": lambda: CopyBytes.objects.filter(pk=copy.pk).update(data=b"x"),
        "taken with its bytes": lambda: Copy.objects.filter(pk=raw.pk).update(
            done_at=NOW, taken_at=NOW, size=1, media_type="text/plain", sha256="0" * 64
        ),
        "taken with its bytes ": lambda: Copy(
            answer=version.answer, url=FIRST, how="fetched", asked_at=NOW, due_at=NOW, done_at=NOW, taken_at=NOW,
            size=1, media_type="text/plain", sha256="0" * 64,
        ).save(),
        "of one address": lambda: Copy.objects.filter(pk=raw.pk).update(url=SECOND),
        "of its own address": lambda: elsewhere.sources.filter(position=1).update(copy=copy),
        "of its own address ": lambda: version.sources.update(url=SECOND),
    }  # fmt: skip
    for says, write in writes.items():
        assert says.strip() in refused(write)


def test_copy_of_a_published_version_is_kept_by_the_database():
    version = drafted()
    copy = uploaded(version)
    version = approve(submitted(version))

    assert "is kept" in refused(lambda: CopyBytes.objects.filter(pk=copy.pk).delete())
    assert "is kept" in refused(lambda: Copy.objects.filter(pk=copy.pk)._raw_delete("default"))
    assert "frozen" in refused(lambda: version.sources.update(copy=None))


def test_no_version_is_public_with_a_copy_that_is_not_taken(settings, monkeypatch):
    settings.COPY_HOSTS = ("*",)
    version = submitted(drafted())
    monkeypatch.setattr(sys.modules["sangto.desk.actions.publish"], "let_go_of_untaken", lambda version: None)

    assert "not taken" in refused(lambda: approve(version))


def test_what_nothing_cites_goes_after_a_week():
    version = drafted()
    old = uploaded(version)
    kept = uploaded(version, data=b"%PDF-1.7 another")

    assert actions.drop_unused_copies(now=NOW + timedelta(days=6)) == 0
    assert actions.drop_unused_copies(now=NOW + timedelta(days=8)) == 1

    assert list(Copy.objects.all()) == [kept]
    assert not CopyBytes.objects.filter(pk=old.pk).exists()


def test_discarded_draft_takes_its_copies_along():
    version = drafted()
    uploaded(version)

    actions.discard(version, by=version.written_by, now=LATER)

    assert not (Answer.objects.exists() or Copy.objects.exists() or CopyBytes.objects.exists())


def test_discarded_correction_leaves_the_copies_of_what_is_public():
    version = drafted()
    copy = uploaded(version)
    case = approve(submitted(version)).answer.case
    correction = actions.start_correction(case, by=member_for(case), now=LATER)

    actions.discard(correction, by=correction.written_by, now=LATER)

    assert list(Copy.objects.all()) == [copy]


def test_erased_version_takes_its_copies_along_unless_another_cites_them():
    case = send().case
    version = drafted(case, urls=(FIRST, SECOND))
    only, shared = uploaded(version, place=1), uploaded(version, place=2)
    approve(submitted(version))
    make_correction(case, sources=[cited(SECOND)], now=LATER)
    by, approver = member_for(case), member_for(case, role="approver")

    actions.erase_version(version, ground="court_order", by=by, approved_by=approver, now=LATER)

    assert list(Copy.objects.all()) == [shared]
    assert [each.pk for each in CopyBytes.objects.all()] == [shared.pk]
    assert Publication.objects.get(version=version).erased_at
    assert only.pk != shared.pk


class TestWhereCopiesAreWanted:
    @pytest.fixture(autouse=True)
    def wanted(self, settings):
        settings.REQUIRE_COPIES = True

    def test_review_is_refused_until_each_source_has_one(self):
        version = drafted(urls=(FIRST, SECOND))
        uploaded(version, place=1)

        assert code(CannotWrite, lambda: submitted(version)) == "no_copy"

        uploaded(version, place=2)
        assert submitted(version).state == "in_review"

    def test_copy_on_its_way_is_not_enough(self, settings):
        settings.COPY_HOSTS = ("*",)
        version = drafted()
        copy = actions.ask_for_copy(version.sources.get(), by=version.written_by, now=NOW)

        assert code(CannotWrite, lambda: submitted(version)) == "no_copy"

        take(copy)
        assert approve(submitted(version)).state == "published"

    def test_publishing_is_refused_too(self, settings):
        settings.REQUIRE_COPIES = False
        version = make_version(send().case)
        settings.REQUIRE_COPIES = True

        assert code(CannotPublish, lambda: approve(version)) == "no_copy"

    def test_withdrawal_never_waits_for_a_copy(self, settings):
        settings.REQUIRE_COPIES = False
        case = send().case
        make_answer(case)
        settings.REQUIRE_COPIES = True

        assert make_withdrawal(case, now=LATER).state == "published"

    def test_import_publishes_nothing_of_ours(self):
        """What other organisations published is not ours to have copies of; no import makes a version."""
        row = actions.ForeignRow(
            external_id="1", publisher="Báo", question="Nước chanh chữa ung thư?", summary="Sai.", text="Sai.",
            verdict="Sai", url="https://bao.vn/1", published_on=NOW.date(), kind="claim", lang="vi",
        )  # fmt: skip

        actions.import_answers([row], now=NOW)

        assert not Source.objects.exists()
