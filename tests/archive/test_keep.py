"""The worker takes copies: at least once fetched, kept exactly once, whoever dies and whoever else works."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from sangto.archive.keep import keep_copies
from sangto.desk import actions
from sangto.desk.models import Copy, CopyBytes
from sangto.desk.queries.copies import bytes_of
from sangto.interchange.warc import is_whole
from tests.archive.site import HOST, Site, answer, moved
from tests.database import database_url
from tests.factories import NOW, TICKS, Reference, content, make_version, member_for, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=3)  # longer than a lease
URL = f"http://{HOST}/thong-bao"


@pytest.fixture(autouse=True)
def listed(settings):
    settings.COPY_HOSTS = ("gov.vn",)


@pytest.fixture
def site():
    site = Site()
    site.pages["/thong-bao"] = answer()
    yield site
    site.close()


@pytest.fixture
def desk_environment(settings):
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sangto.config.settings",
        "PYTHONPATH": str(settings.PACKAGE.parent),
        "SANGTO_HOME": str(settings.HOME),
        "SANGTO_SECRET_KEY": settings.SECRET_KEY,
        "SANGTO_DATABASE_URL": database_url(),
    }


def cited(url: str = URL) -> Reference:
    return Reference("Thông báo", "Bộ Y tế", url, NOW.date())


@pytest.fixture
def version():
    return make_version(send().case, sources=[cited()])


def test_copy_is_asked_for_with_the_review_and_taken_by_the_worker(site, version):
    assert keep_copies(now=NOW, wire=site.wire()) == 1

    copy = version.sources.get().copy
    data = bytes_of(copy)
    assert (copy.state, copy.how, copy.taken_at, copy.url) == ("taken", "fetched", NOW, URL)
    assert (copy.size, copy.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert copy.media_type == "application/warc+gzip"
    assert is_whole(data)
    kept = [each.content_stream().read() for each in ArchiveIterator(BytesIO(data)) if each.rec_type == "response"]
    assert kept == ["<html>Xin chào</html>".encode()]
    assert keep_copies(now=LATER, wire=site.wire()) == 0
    assert len(site.asked) == 1


def test_every_step_of_the_way_is_in_the_archive(site, version):
    site.pages |= {"/thong-bao": moved("/moi"), "/moi": answer()}

    keep_copies(now=NOW, wire=site.wire())

    records = ArchiveIterator(BytesIO(bytes_of(Copy.objects.get())))
    said = [(each.rec_type, each.rec_headers.get_header("WARC-Target-URI")) for each in records]
    assert said == [
        ("warcinfo", None), ("response", URL), ("request", URL),
        ("response", f"http://{HOST}/moi"), ("request", f"http://{HOST}/moi"),
    ]  # fmt: skip


def test_what_may_pass_is_tried_again_and_then_given_up(site, version):
    site.pages["/thong-bao"] = answer(b"", status="503 X")
    now, tries = NOW, 0
    while Copy.objects.get().state == "waiting":
        keep_copies(now=now, wire=site.wire())
        now, tries = now + timedelta(hours=7), tries + 1

    copy = Copy.objects.get()
    assert (copy.state, copy.last_error, tries) == ("failed", "busy", Copy.MOST_TRIES)
    assert len(site.asked) == Copy.MOST_TRIES


def test_what_will_not_pass_is_given_up_at_once(site, version):
    site.names[HOST] = ["10.0.0.1"]

    assert keep_copies(now=NOW, wire=site.wire()) == 0

    copy = Copy.objects.get()
    assert (copy.state, copy.last_error) == ("failed", "not_public")
    assert not CopyBytes.objects.exists()


def test_failed_copy_is_tried_anew_when_a_member_asks(site, version):
    site.names[HOST] = ["10.0.0.1"]
    keep_copies(now=NOW, wire=site.wire())

    copy = actions.ask_for_copy(version.sources.get(), by=version.written_by, now=LATER)
    del site.names[HOST]

    assert keep_copies(now=LATER, wire=site.wire()) == 1
    assert Copy.objects.get().pk == copy.pk


def test_pause_between_tries_grows(site, version):
    site.pages["/thong-bao"] = answer(b"", status="503 X")

    keep_copies(now=NOW, wire=site.wire())
    assert keep_copies(now=NOW + timedelta(seconds=10), wire=site.wire()) == 0
    assert len(site.asked) == 1


def test_worker_that_lost_its_lease_keeps_nothing(site, version):
    copy = Copy.objects.get()
    first = actions.claim(copy, now=NOW)
    copy.refresh_from_db()
    second = actions.claim(copy, now=LATER)

    late = actions.keep_bytes(copy, token=first, data=b"old", media_type="text/plain", now=LATER)
    done = actions.keep_bytes(copy, token=second, data=b"new", media_type="text/plain", now=LATER)

    assert (late, done) == (False, True)
    assert bytes_of(Copy.objects.get()) == b"new"


def test_two_workers_take_one_copy_once(site, version):
    copy = Copy.objects.get()
    tokens = [actions.claim(copy, now=NOW), actions.claim(copy, now=NOW)]

    assert [bool(each) for each in tokens] == [True, False]
    assert keep_copies(now=NOW, wire=site.wire()) == 0
    assert site.asked == []


DYING = """
import os, sys
import django
django.setup()
from datetime import datetime
from sangto.archive.keep import keep_copies
from tests.archive.site import Site, answer
site = Site()
site.pages["/thong-bao"] = answer()
keep_copies(now=datetime.fromisoformat(sys.argv[1]), wire=site.wire())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["copy.claimed", "copy.fetched", "copy.kept", "copy.before_commit", "copy.committed"])
def test_worker_that_dies_loses_nothing(site, version, point, desk_environment):
    command = [sys.executable, "-c", DYING, NOW.isoformat()]
    environment = {**desk_environment, "SANGTO_COPY_HOSTS": "gov.vn", "CRASH_AT": f"{point}:1"}

    died = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert died.returncode == -9, died.stderr.decode()
    is_kept = point == "copy.committed"
    assert CopyBytes.objects.count() == int(is_kept)
    assert keep_copies(now=LATER, wire=site.wire()) == int(not is_kept)
    assert (Copy.objects.get().state, CopyBytes.objects.count()) == ("taken", 1)


def test_worker_that_always_breaks_is_seen(site, version):
    Copy.objects.update(tries=Copy.MOST_TRIES)

    keep_copies(now=NOW, wire=site.wire())

    assert Copy.objects.get().last_error == "too_many_tries"


def test_nothing_is_asked_for_where_nothing_may_be_fetched(settings):
    settings.COPY_HOSTS = ()
    version = make_version(send().case, sources=[cited()])

    assert (version.sources.get().copy, Copy.objects.count()) == (None, 0)


def test_only_what_is_listed_is_asked_for():
    case = send().case
    urls = ["https://example.org/", URL, "https://www.facebook.com/x", "http://localhost/"]
    draft = actions.draft(case, content=content(case, sources=[cited(u) for u in urls]), by=member_for(case), now=NOW)

    actions.submit(draft, by=draft.written_by, ticks=TICKS, now=NOW)

    assert [each.url for each in Copy.objects.all()] == [URL]
