"""Copies of sources on a Case's page: what is shown, asked for, uploaded and handed out."""

import gzip
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from sangto.archive.keep import keep_copies
from sangto.desk import actions
from sangto.desk.models import Copy
from sangto.desk.queries.copies import bytes_of
from sangto.interchange.warc import Step, as_warc
from tests.archive.site import Site, answer
from tests.factories import NOW, TICKS, Reference, content, make_answer, make_member, make_version, send
from tests.web.staff.pages import Page, at, signed_in, typed

pytestmark = pytest.mark.django_db
URL = "http://moh.gov.vn/thong-bao"
SCRIPT = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
WARC = as_warc([Step(URL, "1.1.1.1", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nx")], software="x", at=NOW)


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def client(lan):
    return signed_in(lan)


@pytest.fixture
def version(lan):
    case = send().case
    source = Reference("Thông báo số 12", "Bộ Y tế", URL, NOW.date())
    return actions.draft(case, content=content(case, sources=[source]), by=lan, now=NOW)


@pytest.fixture
def site(settings):
    settings.COPY_HOSTS = ("gov.vn",)
    site = Site()
    site.pages["/thong-bao"] = answer()
    yield site
    site.close()


def upload(client, version, data: bytes, *, name: str = "x.pdf", **more):
    fields = {"source": str(version.sources.get().pk), "file": SimpleUploadedFile(name, data), **more}
    return client.post(at("upload-copy", version.answer.case), fields)


def ask(client, version):
    return client.post(at("ask-copy", version.answer.case), {"source": str(version.sources.get().pk)})


def page_of(client, version) -> Page:
    return Page(client.get(at("case", version.answer.case)))


def download(client, version, copy):
    return client.get(reverse("staff:copy", args=[version.answer.case.number, copy.pk]))


def test_page_says_where_each_copy_stands(client, version, site):
    assert page_of(client, version).shows("No copy yet.")

    assert ask(client, version).status_code == 303
    assert page_of(client, version).shows("The copy is being fetched.")

    site.pages["/thong-bao"] = answer(b"", status="404 X")
    keep_copies(now=NOW, wire=site.wire())
    Copy.objects.update(due_at=NOW)
    keep_copies(now=NOW, wire=site.wire())
    page = page_of(client, version)
    assert page.shows("No copy could be fetched.")
    assert page.shows("There is no page at this address any more.")
    assert any(button.startswith("Try again") for button in page.buttons)

    site.pages["/thong-bao"] = answer()
    ask(client, version)
    Copy.objects.update(due_at=NOW)
    keep_copies(now=NOW, wire=site.wire())
    page = page_of(client, version)
    assert page.shows(Copy.objects.get().sha256[:16])
    assert reverse("staff:copy", args=[version.answer.case.number, Copy.objects.get().pk]) in page.links


def test_without_fetching_the_page_says_to_upload(client, version):
    page = page_of(client, version)

    assert page.shows("This desk does not fetch pages.")
    assert at("upload-copy", version.answer.case) in page.forms
    assert at("ask-copy", version.answer.case) not in page.forms


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"), (SCRIPT, "text/html"), (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), (WARC, "application/warc+gzip"),
        (gzip.decompress(WARC), "application/warc"), ("Thông báo".encode(), "text/plain"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "multipart/related"),
    ],
)  # fmt: skip
def test_file_is_kept_by_its_first_bytes_whatever_its_name_says(client, version, data, kind):
    assert upload(client, version, data, name="../../setup.exe").status_code == 303

    copy = Copy.objects.get()
    assert (copy.media_type, bytes_of(copy)) == (kind, data)
    assert page_of(client, version).shows("uploaded")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose a file that is not empty."),
        (b"MZ\x90\0", "The desk keeps PDF, HTML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "The desk keeps PDF, HTML"),
        (b"PK\x03\x04" + b"<html>", "The desk keeps PDF, HTML"),
        (WARC[:-10], "This web archive is damaged"),
        (gzip.compress(b"WARC/1.1\r\n" + b"0" * 200_000_000, 1)[:900_000], "This web archive is damaged"),
        (b"%PDF-" + b"x" * (1 << 20), "The file is larger than this desk keeps."),
    ],
    ids=["nothing", "a program", "a picture that runs", "two kinds", "cut off", "a bomb", "too large"],
)
def test_unfit_file_is_refused_kindly_and_nothing_is_kept(client, version, data, says, settings):
    settings.COPY_MAX_MB = 1

    response = upload(client, version, data)

    assert response.status_code == 409
    assert Page(response).shows(says)
    assert not Copy.objects.exists()


def test_form_without_a_file_is_refused(client, version):
    fields = {"source": str(version.sources.get().pk)}

    assert client.post(at("upload-copy", version.answer.case), fields).status_code == 409
    assert client.post(at("upload-copy", version.answer.case), {**fields, "file": "a text"}).status_code == 409


@pytest.mark.parametrize("source", ["", "0", "999999", "x", "-1", "９", "1" * 30])
def test_unknown_source_is_said_to_be_gone(client, version, source):
    response = upload(client, version, b"%PDF-1.7", source=source)

    assert response.status_code == 409
    assert Page(response).shows("The sources were changed since you opened this page.")


def test_source_of_another_case_is_not_touched(client, version):
    other = make_answer(send("Có đúng là uống cà phê gây mất ngủ không?").case)

    assert upload(client, version, b"%PDF-1.7", source=str(other.sources.get().pk)).status_code == 409
    assert not Copy.objects.exists()


def test_hundred_megabytes_are_refused_before_anybody_reads_them(client, version):
    """By what the request says of its length: nothing of the body is taken in."""

    class Unread(BytesIO):
        def read(self, *_size):
            raise AssertionError("the body was read")

    response = client.generic(
        "POST", at("upload-copy", version.answer.case), b"", content_type=MULTIPART_CONTENT,
        **{"CONTENT_LENGTH": str(100 << 20), "wsgi.input": Unread()},
    )  # fmt: skip

    assert response.status_code == 413


def test_only_who_is_signed_in_sends_large_bodies(version):
    data = {"file": SimpleUploadedFile("x.pdf", b"%PDF-" + b"x" * 2_000_000)}
    body = encode_multipart(BOUNDARY, data)

    for client, name in ((Client(), "upload-copy"), (Client(), "write"), (signed_in(make_member()), "write")):
        response = client.generic("POST", at(name, version.answer.case), body, content_type=MULTIPART_CONTENT)
        assert response.status_code == 413


def test_no_other_form_takes_files(client, version):
    data = {"file": SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n\xff")}

    assert client.post(at("write", version.answer.case), data).status_code == 400


def test_two_files_are_no_upload(client, version):
    files = [SimpleUploadedFile("a.pdf", b"%PDF-1"), SimpleUploadedFile("b.pdf", b"%PDF-2")]
    fields = {"source": str(version.sources.get().pk), "file": files}

    assert client.post(at("upload-copy", version.answer.case), fields).status_code == 400


def test_copy_is_handed_out_as_a_file_that_nothing_shows(client, version):
    upload(client, version, SCRIPT, name="page.html")
    copy = Copy.objects.get()

    response = download(client, version, copy)

    assert response.content == SCRIPT
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        f'attachment; filename="copy-{version.answer.case.number}-{copy.pk}.html"'
    )
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_copy_is_for_who_may_read_the_case(client, version):
    from sangto.desk.models import Case
    from sangto.people.actions import found_unit

    upload(client, version, b"%PDF-1.7")
    copy = Copy.objects.get()
    other = send("Có đúng là uống cà phê gây mất ngủ không?").case

    assert download(client, version, copy).status_code == 200
    assert client.get(reverse("staff:copy", args=[other.number, copy.pk])).status_code == 404
    assert Client().get(reverse("staff:copy", args=[version.answer.case.number, copy.pk])).status_code == 302
    Case.objects.filter(pk=version.answer.case_id).update(unit=found_unit("far", name="Xa", on=NOW.date()))
    assert download(client, version, copy).status_code == 404


def test_copy_that_is_not_taken_is_not_handed_out(client, version, site):
    ask(client, version)

    assert download(client, version, Copy.objects.get()).status_code == 404


def test_who_only_reads_sees_copies_and_no_forms(client, version):
    upload(client, version, b"%PDF-1.7")
    auditor = signed_in(make_member(role="auditor"))

    page = page_of(auditor, version)

    assert page.shows(Copy.objects.get().sha256[:16])
    assert not {at("ask-copy", version.answer.case), at("upload-copy", version.answer.case)} & page.forms
    assert upload(auditor, version, b"%PDF-1.7").status_code == 409


def test_desk_that_wants_copies_says_so_where_it_refuses(client, settings):
    settings.REQUIRE_COPIES = True
    case = send().case

    response = client.post(at("write", case), typed(do="submit"))

    assert response.status_code == 409
    assert Page(response).shows("This desk wants an archived copy of every source.")
    assert case.answer.versions.get().state == "draft"  # what was written is saved


def test_saving_keeps_the_copy(client, version):
    upload(client, version, b"%PDF-1.7")
    values = typed(**{"sources-0-url": URL})

    client.post(at("write", version.answer.case), values)

    assert version.sources.get().copy == Copy.objects.get()


def test_public_reads_day_and_hash_and_gets_no_bytes(client, version):
    upload(client, version, b"%PDF-1.7")
    copy = Copy.objects.get()
    actions.submit(version, by=version.written_by, ticks=TICKS, now=NOW)
    actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)
    number = version.answer.case.number

    page = Client(headers={"accept-language": "en"}).get(reverse("answer", args=[number])).content.decode()
    said = Client().get(f"/api/v1/answers/{number}").json()

    assert f"<code>{copy.sha256}</code>" in page
    assert "Copy kept on" in page
    assert "/copies/" not in page
    kept = said["sources"][0]["kept_copy"]
    assert kept == said["versions"][0]["sources"][0]["kept_copy"]
    assert kept["sha256"] == copy.sha256
    assert kept["taken_at"].startswith(copy.taken_at.strftime("%Y-%m-%d"))


def test_api_refuses_with_the_same_code(settings, lan):
    from sangto.people.actions import issue_token

    settings.REQUIRE_COPIES = True
    case = send().case
    actions.draft(case, content=content(case), by=lan, now=NOW)
    token = issue_token(lan, now=NOW)

    response = Client().post(
        f"/api/v1/cases/{case.number}/review", "{}", content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip

    assert (response.status_code, response.json()["error"]["code"]) == (409, "no_copy")


def test_page_asks_the_database_as_often_for_three_sources_as_for_one(client, lan, django_assert_max_num_queries):
    case = send().case

    def asked_for(count: int) -> int:
        sources = [Reference("T", "P", f"http://moh.gov.vn/{n}", NOW.date()) for n in range(count)]
        version = actions.draft(case, content=content(case, sources=sources), by=lan, now=NOW)
        for source in version.sources.all():
            actions.keep_upload(source, data=b"%PDF-1.7", by=lan, now=NOW)
        with django_assert_max_num_queries(200) as counted:
            client.get(at("case", case))
        return len(counted)

    asked_for(1)
    assert asked_for(1) == asked_for(3)


def test_everybody_reads_in_both_languages_why_there_is_no_copy():
    from django.utils import translation

    from sangto.web.copy_wording import COPYING, FETCHING

    codes = {*COPYING, *FETCHING}
    with translation.override("vi"):
        vietnamese = {code: str(FETCHING[code]) for code in codes}
    with translation.override("en"):
        english = {code: str(FETCHING[code]) for code in codes}

    assert [code for code in codes if vietnamese[code] == english[code]] == []


def test_version_in_review_is_read_with_its_copies(client, lan, site):
    version = make_version(
        send("Có đúng là nước biển chữa được cúm?").case, by=lan, sources=[Reference("T", "P", URL, NOW.date())]
    )

    page = page_of(signed_in(make_member(role="approver")), version)

    assert page.shows("The copy is being fetched.")
