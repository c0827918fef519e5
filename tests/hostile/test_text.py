"""Cases 1 to 20: texts."""

import csv
import io
import json
import re
import resource
import subprocess
import sys
import unicodedata

import pytest
from click.testing import CliRunner
from django.test import Client

from sangto.config.cli import main
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from sangto.engine.merkle.commitments import text_digest
from sangto.engine.text import normal
from tests.factories import HOSPITAL, LAMP, make_answer, make_member, send
from tests.hostile.doors import assert_refused
from tests.hostile.redos import ATTACKS
from tests.web.staff.pages import at, signed_in

pytestmark = pytest.mark.django_db
MARK = "\u0301"


def texts(heard):
    """What was kept, by door."""
    return {door: each.kept and each.kept.text for door, each in heard.items()}


def follow_page(message, prefix="/en"):
    return Client().get(f"{prefix}/f/{follow_token(message)}").content.decode()


def test_h01_nul_in_the_text(doors):
    heard = doors.each("Đèn\0 đường hỏng ở ngõ 5\0")

    api = heard.pop("api")
    assert set(texts(heard).values()) == {"Đèn đường hỏng ở ngõ 5"}
    assert_refused(api, "not_text")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_h02_lone_surrogates(doors, lang):
    heard = doors.each("Đèn \ud800 đường hỏng", lang=lang)

    assert_refused(heard.pop("api"), "not_text")
    assert_refused(heard.pop("web"), "not_text")  # a form brings them as bytes that are no UTF-8
    assert set(texts(heard).values()) == {"Đèn \ufffd đường hỏng"}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("wrong", [b"\xff\xfe", b"\xe1\xbb", b"\x80", b"\xf5\x80\x80\x80"])
def test_h03_invalid_utf_8(doors, wrong, lang):
    escaped = b"".join(b"%%%02X" % byte for byte in wrong)

    assert_refused(doors.form(b"text=den+duong+hong+" + escaped, lang=lang), "not_text")
    assert_refused(doors.form(b"text=den+duong+hong+" + wrong, lang=lang), "not_text")
    assert_refused(doors.json(b'{"text": "den duong hong ' + wrong + b'"}', lang=lang), "not_text")
    update = b'{"update_id": 7, "message": {"chat": {"id": 1, "type": "private"}, "text": "' + wrong + b'"}}'
    assert doors.update(update).said == ""
    kept = doors.console(f"{HOSPITAL} {HOSPITAL} {wrong.decode('utf-8', 'surrogateescape')}").kept
    assert kept.text.startswith(f"{HOSPITAL} {HOSPITAL} \ufffd")


def test_h04_overlong_utf_8(doors):
    assert_refused(doors.form(b"text=..%C0%AF..%C0%AFetc"), "not_text")
    assert_refused(doors.json(b'{"text": "..\xc0\xaf..\xc0\xafetc"}'), "not_text")
    for prefix in ("/a/", "/en/a/", "/f/", "/log/tile/", "/api/v1/answers/"):
        assert Client().get(f"{prefix}..%C0%AF..%C0%AFetc").status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_h05_byte_order_mark_only(doors, lang):
    for heard in doors.each("\ufeff", lang=lang).values():
        assert_refused(heard, "empty")


def test_h06_one_line_of_ten_megabytes(doors):
    text = "a" * 10_000_000

    web, api = doors.web(text), doors.json(b'{"text": "' + text.encode() + b'"}')
    doors.telegram(text)

    assert (web.status, api.status) == (413, 413)
    assert "What you sent is too large." in web.said
    assert json.loads(api.said)["error"]["code"] == "too_large"
    assert_refused(doors.console(text), "too_long")
    assert not Message.objects.exists()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_h07_a_million_combining_marks(doors, lang, settings):
    one_base, many_bases = "Đèn a" + MARK * 1_000_000, ("a" + MARK * 20) * (settings.MESSAGE_MAX_CHARS // 7)

    kept = doors.console(one_base, lang=lang).kept.text
    raw = doors.form(b"text=" + ("Đèn a" + MARK * 400_000).encode(), lang=lang).kept.text

    assert kept == raw == unicodedata.normalize("NFC", "Đèn a" + MARK * 8)
    for heard in doors.each(many_bases, lang=lang).values():
        assert_refused(heard, "too_long", length=len(normal(many_bases)), limit=settings.MESSAGE_MAX_CHARS)


@pytest.mark.parametrize("control", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"])
def test_h08_direction_controls(doors, control):
    text = f"Đường {control}gnốh này bị hỏng"
    heard = doors.each(text)

    assert set(texts(heard).values()) == {text}
    staff = signed_in(make_member())
    shown = [follow_page(heard["web"].kept), staff.get(at("case", heard["web"].kept.case)).content.decode()]
    shown.append(staff.get(at("inbox")).content.decode())
    assert [(control in each, f"[U+{ord(control):04X}]" in each) for each in shown] == [(False, True)] * 3
    assert control not in heard["console"].said


@pytest.mark.parametrize("hidden", [*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u2063"])
def test_h09_zero_width_characters_inside_a_phone_number(doors, hidden):
    heard = doors.each(f"Gọi cho tôi theo số 09{hidden}12 34{hidden}5 678 nhé")

    assert set(texts(heard).values()) == {"Gọi cho tôi theo số [phone] nhé"}


def test_h10_the_same_text_in_nfc_and_nfd(doors):
    composed, taken_apart = unicodedata.normalize("NFC", HOSPITAL), unicodedata.normalize("NFD", HOSPITAL)

    heard = [*doors.each(composed).values(), *doors.each(taken_apart).values()]

    assert composed != taken_apart
    assert {text_digest(each.kept.text) for each in heard} == {text_digest(composed)}
    assert len({each.kept.case_id for each in heard}) == 1


def test_h11_homoglyph_domain(doors):
    heard = doors.each("Trang https://vietсombank.com.vn có phải của ngân hàng không?")

    staff = signed_in(make_member())
    case = heard["web"].kept.case
    for page in (follow_page(heard["web"].kept), staff.get(at("case", case)).content.decode()):
        assert "xn--vietombank-fwi.com.vn" in page
        assert "[lookalike letters]" in page
        assert "vietсombank" not in page
        assert re.findall(r'(?:href|src)="[^"]*vi?etombank[^"]*"', page) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_h12_only_white_space(doors, lang):
    spaces = "".join(map(chr, range(sys.maxunicode + 1)))
    blank = "".join(char for char in spaces if char.isspace() or unicodedata.category(char) in ("Zs", "Zl", "Zp"))
    assert len(blank) >= 25

    for heard in doors.each(f"{blank}\u200b\u2060", lang=lang).values():
        assert_refused(heard, "empty")


def test_h13_ten_thousand_joined_emoji(doors, settings):
    settings.MESSAGE_MAX_CHARS = 20_000
    text = "\u200d".join(["👩"] * 10_000)

    heard = doors.each(text)

    assert set(texts(heard).values()) == {text}
    assert text in follow_page(heard["web"].kept)


SCRIPTS = [
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "javascript:alert(1)//<b>",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_h14_scripts(doors, script):
    text = f"Có đúng không: {script} nước chanh"
    heard = doors.each(text)
    case = heard["web"].kept.case
    make_answer(case, question=text, summary=text, text=text)

    staff, reader = signed_in(make_member()), Client()
    pages = [follow_page(heard["web"].kept), heard["web"].said, staff.get(at("case", case)).content.decode()]
    pages += [staff.get(at("inbox")).content.decode(), reader.get(f"/en/a/{case.number}").content.decode()]
    pages += [reader.get("/en/").content.decode(), reader.get(f"/en/answers?q={script}").content.decode()]
    feed = reader.get("/feeds/answers.atom").content.decode()
    assert [page for page in (*pages, feed) if script in page] == []
    structured = re.search(r'<script type="application/ld\+json">(.*?)</script>', pages[4], re.DOTALL)[1]
    assert json.loads(structured)["claimReviewed"] == text
    assert "'unsafe-inline'" not in reader.get("/en/")["Content-Security-Policy"]


@pytest.mark.parametrize("template", ["{{7*7}}", "{% now 'Y' %}", "%s %d %(x)s", "{0} {x.__class__}", "${7*7}", "#{7}"])
def test_h15_templates_and_formats(doors, template):
    text = f"Giá là {template} có phải không"
    heard = doors.each(text)

    assert set(texts(heard).values()) == {text}
    version = make_answer(heard["web"].kept.case, question=text, summary=text)
    shown = follow_page(heard["web"].kept).replace("&#x27;", "'").replace("&amp;", "&")
    assert text in shown
    again = doors.console(text).said
    assert version.question in again
    assert not re.search(r"Giá là (?:49|\d{4}) ", shown + again)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_h16_formulas(doors, start):
    text = f'{start}HYPERLINK("http://x.example","nước chanh")'
    heard = doors.each(text)
    make_answer(heard["web"].kept.case, question=f"{text} ?", summary=text)

    exported = CliRunner().invoke(main, ["export", "--format", "csv"]).stdout

    (row,) = list(csv.DictReader(io.StringIO(exported, newline="")))
    for cell in (row["question"], row["summary"]):
        assert cell[0] not in "=+-@\t\r"
        assert cell.endswith(('chanh")', 'chanh") ?'))


def test_h17_line_ends_where_one_line_is_expected(doors, caplog):
    forged = "Ngõ 5\r\nSet-Cookie: a=b\r\n2026-11-27 ERROR forged"
    heard = doors.web(LAMP, place=forged)
    response = Client().get(f"/en/answers?q={'a%0d%0aSet-Cookie:%20a=b'}")
    make_member("lan")
    signing_in = Client().post("/en/staff/sign-in", {"username": "lan\r\nERROR forged", "password": "x"})

    assert heard.kept.place.startswith("Ngõ 5")
    assert "a" not in response.cookies
    assert signing_in.status_code == 400
    assert [line for line in caplog.text.splitlines() if "forged" in line] == []


def test_h18_terminal_escapes(doors, tmp_path):
    escapes = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b2J"
    heard = doors.each(f"{HOSPITAL} {HOSPITAL} {HOSPITAL} {escapes} nước chanh chữa ung thư?")
    make_answer(heard["web"].kept.case, question=f"Nước chanh {escapes} chữa ung thư?", summary=f"Không.{escapes}")
    again = doors.console("Nước chanh chữa ung thư?")
    lines = [{"id": f"{escapes}{n}", "text": HOSPITAL} for n in range(2)]
    (tmp_path / "m.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    grouped = CliRunner().invoke(main, ["engine", "group", "--messages", str(tmp_path / "m.jsonl")], color=True)

    said = "".join([*(each.said for each in heard.values()), again.said, grouped.output])
    assert grouped.exit_code == 0
    assert {"\x1b", "\x07", "\x9b"} & set(said) == set()
    assert all("\x1b" not in text for text in texts(heard).values())


CHILD = """
import json, sys
from sangto.engine.redact import redact
from sangto.engine.lookalikes import spelt_out
for text in json.load(sys.stdin):
    redact(text), spelt_out(text, warning="!")
"""


def limited():
    """Many times what linear patterns take, and far below what one that explodes would."""
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))


def test_h19_strings_that_make_patterns_explode(doors):
    """In a process of its own that the kernel ends: a pattern that explodes takes hours, all of these seconds."""
    attacks = [*ATTACKS]

    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps(attacks), text=True, capture_output=True, preexec_fn=limited,
        check=False,
    )  # fmt: skip

    assert len(attacks) > 100
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_h20_line_and_paragraph_separators(doors, separator, caplog):
    text = f"Nước chanh{separator}chữa ung thư?"
    heard = doors.each(text)
    case = heard["web"].kept.case
    make_answer(case, question=text)

    page = Client().get(f"/en/a/{case.number}").content.decode()
    structured = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    exported = CliRunner().invoke(main, ["export", "--format", "csv"]).stdout
    assert set(texts(heard).values()) == {text}
    assert separator not in structured
    assert json.loads(structured)["claimReviewed"] == text
    assert len(list(csv.DictReader(io.StringIO(exported, newline="")))) == 1
    assert separator not in caplog.text
    assert send(LAMP).number
