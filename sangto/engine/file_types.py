"""What a file is, by its first bytes: its name and what its sender says of it count for nothing. Pure."""

import re
import zlib

PDF, HTML, MHTML, TEXT = "application/pdf", "text/html", "multipart/related", "text/plain"
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
WARC, WARC_GZ = "application/warc", "application/warc+gzip"
ENDINGS = {
    PDF: "pdf", HTML: "html", MHTML: "mhtml", TEXT: "txt", PNG: "png", JPEG: "jpg", WEBP: "webp",
    WARC: "warc", WARC_GZ: "warc.gz",
}  # fmt: skip
LOOKED_AT = 4096  # bytes
_STARTS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"WARC/1.", WARC),
)
_GZIP = b"\x1f\x8b"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(?:\?xml|svg|!entity|!doctype)", re.IGNORECASE)


def media_type_of(data: bytes) -> str | None:
    """The kind of a file, one of ENDINGS; None for every other kind and for no bytes at all."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(_GZIP):
        return WARC_GZ if _unpacked_start(data).startswith(b"WARC/1.") else None
    return _text_type(data)


def _unpacked_start(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[:LOOKED_AT], 16)
    except zlib.error:
        return b""


def _text_type(data: bytes) -> str | None:
    start = data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start or b"\0" in start:
        return None
    if _HEADER.match(start) and _MHTML.search(start):
        return MHTML
    if start.startswith(b"<") and _HTML.search(start):
        return HTML
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) or _MARKUP.match(text) else TEXT
