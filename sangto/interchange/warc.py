"""WARC 1.1 (ISO 28500:2017), the format of web archives: written by warcio; read here without trust in what came."""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

VERSION = "WARC/1.1"
UNPACKED_MOST = 100 << 20  # bytes; a file that unpacks to more is not read on
MOST_RECORDS = 10_000
HEAD_MOST = 1 << 16
PIECE = 1 << 16
_GZIP = b"\x1f\x8b"
_VERSION = re.compile(rb"WARC/1\.[01]\Z")
_DIGESTS = {b"sha1": hashlib.sha1, b"sha256": hashlib.sha256}  # as the format names them; a damaged block is found


@dataclass(frozen=True)
class Step:
    """One request and the answer to it, byte for byte; `address` of the machine that answered."""

    url: str
    address: str
    request: bytes
    response: bytes


class _AsHeard(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """The head of a message that is written as it was heard, not as somebody else would spell it."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [], protocol="HTTP/1.1")
        self._heard = head

    def __bool__(self) -> bool:
        return True  # there is a head, though no line of it is known here

    def compute_headers_buffer(self, header_filter: Any = None) -> None:  # noqa: ARG002
        self.headers_buff = self._heard


def as_warc(steps: Sequence[Step], *, software: str, at: datetime) -> bytes:
    """The steps as a web archive, each record packed by itself: a warcinfo, then answer and request of each step."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    dated = {"WARC-Date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    about = writer.create_warcinfo_record(None, {"software": software, "format": "WARC File Format 1.1"})
    about.rec_headers.replace_header("WARC-Date", dated["WARC-Date"])
    writer.write_record(about)
    for step in steps:
        answer = _record(writer, step, "response", step.response, {**dated, "WARC-IP-Address": step.address})
        writer.write_request_response_pair(_record(writer, step, "request", step.request, dated), answer)
    return out.getvalue()


def is_whole(data: bytes) -> bool:
    """Whether the bytes are a web archive that ends where its last record does, and each block fits its digest."""
    count = 0
    try:
        for count, (head, block) in enumerate(_records(data), start=1):  # noqa: B007
            if count > MOST_RECORDS or not _fits(head, block):
                return False
    except _Broken:
        return False
    return count > 0


class _Broken(Exception):
    """It is no web archive, or it is damaged."""


def _record(writer: Any, step: Step, kind: str, message: bytes, headers: dict[str, str]) -> Any:
    head, blank, body = message.partition(b"\r\n\r\n")
    return writer.create_warc_record(
        step.url, kind, payload=BytesIO(body), length=len(body), http_headers=_AsHeard(head + blank),
        warc_headers_dict=dict(headers),
    )  # fmt: skip


def _records(data: bytes) -> Iterator[tuple[dict[bytes, bytes], bytes]]:
    """Headers and block of each record. Packed, each record is a member of its own."""
    if data.startswith(_GZIP):
        for member in _members(data):
            head, block, end = _record_at(member, 0)
            if end != len(member):
                raise _Broken
            yield head, block
        return
    at = 0
    while at < len(data):
        head, block, at = _record_at(data, at)
        yield head, block


def _record_at(data: bytes, at: int) -> tuple[dict[bytes, bytes], bytes, int]:
    """Headers and block of the record that begins there, and where the next one would."""
    blank = data.find(b"\r\n\r\n", at, at + HEAD_MOST)
    version, *lines = data[at : max(blank, at)].split(b"\r\n")
    if not _VERSION.match(version):
        raise _Broken
    named = dict(_header(line) for line in lines)
    length = named.get(b"content-length", b"")
    if not (length.isdigit() and len(length) < 12):
        raise _Broken
    begin, end = blank + 4, blank + 4 + int(length)
    if data[end : end + 4] != b"\r\n\r\n":
        raise _Broken
    return named, data[begin:end], end + 4


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def _fits(head: dict[bytes, bytes], block: bytes) -> bool:
    name, _, digest = head.get(b"warc-block-digest", b"").partition(b":")
    make = _DIGESTS.get(name.lower())
    return make is None or digest.upper() == base64.b32encode(make(block).digest())


def _members(data: bytes) -> Iterator[bytes]:
    """Each packed part, unpacked; all of them together are no bomb."""
    left, at, view = UNPACKED_MOST, 0, memoryview(data)
    while at < len(data):
        part, found = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
        while not part.eof:
            piece = part.unconsumed_tail or view[at : at + PIECE]
            at += 0 if part.unconsumed_tail else len(piece)
            try:
                found += part.decompress(piece, PIECE)
            except zlib.error as error:
                raise _Broken from error
            if len(found) > left or not (len(piece) or part.eof):
                raise _Broken
        left -= len(found)
        at -= len(part.unused_data)
        yield bytes(found)
