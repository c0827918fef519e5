"""Web archives: written so that warcio's own checker finds every digest right, read so that damage is found."""

import gzip
from argparse import Namespace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from sangto.interchange.warc import MOST_RECORDS, Step, as_warc, is_whole

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REQUEST = b"GET / HTTP/1.1\r\nHost: moh.gov.vn\r\n\r\n"
MOVED = Step("http://moh.gov.vn/", "1.1.1.1", REQUEST, b"HTTP/1.1 301 X\r\nLocation: https://moh.gov.vn/\r\n\r\n")
CHUNKED = Step(
    "https://moh.gov.vn/", "1.0.0.1", REQUEST,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding:chunked\r\nx:  oddly   spelt\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
)  # fmt: skip
EMPTY = b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n"


@pytest.fixture
def archive() -> bytes:
    return as_warc([MOVED, CHUNKED], software="sangto/1", at=AT)


def test_warcios_own_checker_finds_nothing_wrong(archive, tmp_path, capsys):
    file = tmp_path / "copy.warc.gz"
    file.write_bytes(archive)

    checked = Checker(Namespace(inputs=[str(file)], verbose=True)).process_all()

    said = capsys.readouterr().out
    assert checked == 0
    assert said.count("digest pass") == 5, said


def test_archive_holds_each_step_byte_for_byte(archive):
    records = list(ArchiveIterator(BytesIO(archive), no_record_parse=True))
    kinds = [each.rec_type for each in records]
    found = [
        (each.rec_headers.get_header("WARC-Target-URI"), each.content_stream().read())
        for each in ArchiveIterator(BytesIO(archive), no_record_parse=True)
    ]

    assert kinds == ["warcinfo", "response", "request", "response", "request"]
    assert found[1:] == [
        (MOVED.url, MOVED.response), (MOVED.url, REQUEST), (CHUNKED.url, CHUNKED.response), (CHUNKED.url, REQUEST),
    ]  # fmt: skip
    assert {each.rec_headers.protocol for each in records} == {"WARC/1.1"}
    assert {each.rec_headers.get_header("WARC-Date") for each in records} == {"2026-11-21T09:00:00Z"}
    assert records[3].rec_headers.get_header("WARC-IP-Address") == "1.0.0.1"


def test_whole_archives_are_known(archive):
    assert is_whole(archive)
    assert is_whole(gzip.decompress(archive))


def test_every_cut_is_found_unless_it_is_between_records(archive):
    """What is cut between two records is a whole archive by itself; the hash of the copy finds that."""
    plain = gzip.decompress(archive)

    assert sum(is_whole(archive[:end]) for end in range(len(archive))) == 4
    assert sum(is_whole(plain[:end]) for end in range(len(plain))) == 4


def test_every_change_of_a_message_is_found(archive):
    plain = gzip.decompress(archive)
    begin = plain.index(CHUNKED.response)

    for at in range(begin, begin + len(CHUNKED.response)):
        assert not is_whole(plain[:at] + bytes([plain[at] ^ 1]) + plain[at + 1 :])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WARC/1.1",
        b"WARC/1.1\r\n\r\n\r\n\r\n",
        b"WARC/0.9\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: -1\r\n\r\n\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 99999999999999999\r\n\r\n\r\n\r\n",
        EMPTY + b"x",
        gzip.compress(EMPTY + EMPTY, mtime=0),
        gzip.compress(EMPTY, mtime=0)[:-4],
        b"\x1f\x8b",
        b"<html>",
    ],
)
def test_what_is_no_whole_archive_is_refused(data):
    assert is_whole(data) is False


def test_bombs_are_left_where_they_are():
    assert is_whole(gzip.compress(b"WARC/1.1\r\n" + b"0" * 200_000_000, 1)) is False
    assert is_whole(EMPTY * (MOST_RECORDS + 1)) is False
    assert is_whole(gzip.compress(EMPTY) * (MOST_RECORDS + 1)) is False
    assert is_whole(gzip.compress(b"") * 400_000) is False
