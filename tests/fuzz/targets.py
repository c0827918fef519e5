"""One function a parser: it takes any bytes, and raises only when the parser breaks a promise. No database."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory

from sangto.api import strict_json as api_json
from sangto.api.errors import ApiError
from sangto.channels.base import Ignored, Refusal
from sangto.channels.telegram_update import read_update
from sangto.desk.actions import Incoming
from sangto.desk.queries.messages import message_by_token
from sangto.engine.addresses import client_network, networks_of
from sangto.engine.lookalikes import spelt_out
from sangto.engine.merkle.notes import BadNote, Note
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tiles import BadTile, tile_at
from sangto.engine.redact import redact
from sangto.engine.text import is_binary, is_empty, normal
from sangto.engine.unit_changes import CODE
from sangto.interchange.checkthat import read_checkthat
from sangto.interchange.claimreview import read as read_claimreview
from sangto.interchange.rows import Dropped, FoundRow, Refused
from sangto.interchange.strict_json import Malformed, read_object
from sangto.interchange.tables import read_csv, read_jsonl
from sangto.interchange.unit_lists import FORMATS, NotAUnitList, read
from sangto.ledger import verify_desk
from sangto.web.forms.public import asked_in
from tests.channels.stand_in import FIXTURES
from tests.factories import HOSPITAL

PROXIES = networks_of("127.0.0.0/8 ::1")
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
MULTIPART_FORM = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--x--\r\n'
Target = Callable[[bytes], object]


def text_of(data: bytes) -> str:
    """Any bytes as a text, lone surrogates among it."""
    return data.decode("utf-8", "surrogateescape")


def clean(*texts: str) -> bool:
    """Whether texts can be kept: no NUL, no lone surrogate."""
    return not any("\0" in text or any("\ud800" <= char <= "\udfff" for char in text) for text in texts)


def webhook(data: bytes) -> None:
    """An update is a message, a refusal or ignored; what is a message has an address and nothing but what is taken."""
    found = read_update(data, bot="42")
    assert isinstance(found, Incoming | Refusal | Ignored)
    if isinstance(found, Incoming):
        assert found.address
        assert found.address.lstrip("-").isdigit()
        assert found.external_id.startswith("42:")
        assert found.lang in ("vi", "en")


def strict_json(data: bytes) -> None:
    """What is read is JSON that says the same when it is written and read again."""
    try:
        value = read_object(data)
    except Malformed:
        return
    assert read_object(json.dumps(value).encode()) == value


def api_body(data: bytes) -> None:
    """What is read holds only texts that can be kept."""
    try:
        value = api_json.load(data)
    except ApiError:
        return
    assert clean(json.dumps(value, ensure_ascii=False).replace("\\u0000", "\0"))


def imported(read) -> Target:
    """Every row is one to import, refused or dropped, and can be kept as it is."""

    def target(data: bytes) -> None:
        for found in read(io.BytesIO(data), publisher="Báo"):
            assert isinstance(found, FoundRow | Refused | Dropped)
            if isinstance(found, FoundRow):
                assert clean(found.external_id, found.publisher, found.question, found.summary, found.text, found.url)

    return target


def receipts(data: bytes) -> None:
    """The desk's reader and the strangers' one take the same files, and find the same in them."""
    ours = theirs = None
    text = text_of(data)
    with suppress(BadNote):
        ours = ProofFile.read(text)
    with suppress(verify_desk.Finding):
        verify_desk.text_of(data)
        theirs = verify_desk.read_proof(text)
        verify_desk.read_note(theirs.note)
        verify_desk.open_receipt(theirs.extra)
    if ours and theirs:
        assert (ours.index, list(ours.hashes), ours.extra) == (theirs.entry, theirs.path, theirs.extra)


def notes(data: bytes) -> None:
    """A signed note that our reader takes is the one that strangers read, and is written back byte for byte."""
    text = text_of(data)
    try:
        note = Note.read(text)
    except BadNote:
        note = None
    try:
        other = verify_desk.read_note(text)
    except verify_desk.Finding:
        other = None
    if note:
        assert str(note) == text
        assert other is not None
        assert other.text == note.text


def pages(data: bytes) -> None:
    """A version's file is read or refused."""
    with suppress(verify_desk.Finding):
        verify_desk.check_page(verify_desk.read_page(data))


def policies(data: bytes) -> None:
    """A policy that the desk takes is taken by strangers too."""
    try:
        Policy.read(text_of(data))
    except ValueError:
        return
    verify_desk.read_policy(data)


def redaction(data: bytes) -> None:
    """Redacting again changes nothing, and what was found is no longer there to be found."""
    text = normal(text_of(data))
    once = redact(text)
    assert redact(once.text).text == once.text
    assert once.found or once.text == text


def texts(data: bytes) -> None:
    """A kept text can be kept, and is its own normal form; spelling out domains leaves none behind."""
    text = normal(text_of(data))
    assert clean(text)
    assert normal(text) == text
    is_binary(text), is_empty(text)
    shown = spelt_out(text, warning="!")
    assert spelt_out(shown, warning="!") == shown


def form(data: bytes) -> None:
    """The ask form is read, or refused as what cannot be read."""
    for kind in (FORM, MULTIPART):
        try:
            asked = asked_in(RequestFactory().post("/ask", data, content_type=kind))
        except (SuspiciousOperation, BadRequest, MultiPartParserError):
            continue
        incoming = asked.incoming("vi")
        assert len(asked.nonce) == 32
        assert incoming.channel == "web"


def follow_link(data: bytes) -> None:
    """What nobody signed opens nothing, and asks nothing of the database."""
    assert message_by_token(text_of(data)) is None


def tile_path(data: bytes) -> None:
    """A path is the one way to name its tile, or none."""
    path = text_of(data)
    try:
        found = tile_at(path)
    except BadTile:
        return
    assert found.path == path


def forwarded(data: bytes) -> None:
    """Whatever stands left of what the nearest proxy wrote changes nothing."""
    left = text_of(data)
    assert client_network("127.0.0.1", f"{left},198.51.100.1", proxies=PROXIES) == "198.51.100.1"
    client_network(left, left, proxies=PROXIES)


def unit_lists(data: bytes) -> None:
    """A list of units is read whole, every name and code of it fit to be kept, or refused with its lines."""
    for format_ in FORMATS:
        with suppress(NotAUnitList):
            for line in read(data, format_=format_, on=date(2026, 1, 1)).listed:
                assert clean(line.code, line.name, line.name_en, line.kind)
                assert CODE.fullmatch(line.code)


TARGETS: dict[str, Target] = {
    "webhook": webhook,
    "strict_json": strict_json,
    "api_body": api_body,
    "claimreview": imported(read_claimreview),
    "jsonl": imported(read_jsonl),
    "csv": imported(read_csv),
    "checkthat": imported(read_checkthat),
    "receipts": receipts,
    "notes": notes,
    "pages": pages,
    "policies": policies,
    "redaction": redaction,
    "texts": texts,
    "form": form,
    "follow_link": follow_link,
    "tile_path": tile_path,
    "forwarded": forwarded,
    "unit_lists": unit_lists,
}


def seeds(name: str) -> list[bytes]:
    """Honest inputs of a target, to begin with."""
    row = {"id": "1", "question": HOSPITAL, "publisher": "Báo", "verdict": "sai", "url": "https://bao.vn/1"}
    review = {
        "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": HOSPITAL, "url": "https://bao.vn/1",
        "author": {"@type": "Organization", "name": "Báo"}, "reviewRating": {"alternateName": "Sai", "ratingValue": 1},
    }  # fmt: skip
    key = "localhost+abcdef01+" + "A" * 44
    line = "— localhost " + "A" * 88
    note = f"localhost/log/2026\n3\n{'A' * 43}=\n\n{line}\n"
    known = {
        "webhook": [path.read_bytes() for path in sorted(FIXTURES.glob("*.json"))],
        "strict_json": [json.dumps(row).encode()],
        "api_body": [json.dumps({"text": HOSPITAL, "lang": "vi", "place": "Ngõ 5"}).encode()],
        "claimreview": [json.dumps(review).encode(), f'<script type="application/ld+json">{json.dumps(row)}'.encode()],
        "jsonl": [json.dumps(row).encode()],
        "csv": [f"{','.join(row)}\n{','.join(row.values())}\n".encode()],
        "checkthat": [json.dumps({"vclaim_id": "v", "vclaim": "C", "title": "T"}).encode(), b"id\ttext\n1\ta\n"],
        "receipts": [f"c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n{'A' * 43}=\n\n{note}".encode()],
        "notes": [note.encode()],
        "pages": [json.dumps({"erased": True, "leaf": {"t": "e", "v": 1}}).encode()],
        "policies": [f"log {key} https://localhost/log/2026\nwitness w {key}\ngroup g any w\nquorum g\n".encode()],
        "redaction": ["Gọi 0912 345 678, a@b.vn, stk 1234567890, https://tiktok.com/@ai/video/71".encode()],
        "form": [b"text=den+duong&place=&kind=auto", MULTIPART_FORM],
        "follow_link": [b"1." + b"a" * 43],
        "tile_path": [b"tile/0/x001/234", b"tile/entries/000.p/3"],
        "unit_lists": [
            b"code,name,kind,parent_code\n1,A,x,\n2,B,y,1\n",
            json.dumps([{"Code": "1", "FullName": "Xã A", "FullNameEn": "A", "Wards": []}]).encode(),
        ],
        "forwarded": [b"198.51.100.1, [2001:db8::1]:443"],
    }  # fmt: skip
    return known.get(name, [HOSPITAL.encode()])
