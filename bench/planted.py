"""Messages with planted near-duplicates and near misses, made of real claims, tweets and requests.

Typos, no diacritics, SMS spellings, wrapping before and after, dropped words and chain letters make near-duplicates;
one number, place, negation or thing changed makes a near miss. Three tenths of all are near-duplicates, a seventh of
those copies of twenty rumours; one in twenty is a near miss. Data: SANGTO_DATA, by default ../shared/data.
"""

import csv
import json
import os
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sangto.engine.cluster.lexicon import EXPANDED, NEGATING, NUMBER_WORDS, UNTELLING
from sangto.engine.syllable import FOLDED

DATA = Path(os.environ.get("SANGTO_DATA", Path(__file__).parents[2] / "shared" / "data"))
WRITTEN = Path(__file__).parent / "vi-answers" / "written"
PIECE_WORDS = range(5, 17)
RUMOURS = 20
VIETNAMESE = 0.15

# About half of these the engine does not know.
_BEFORE_EN = """Is it true that|Hi all,|Please check:|My aunt on WhatsApp says|Breaking news!|Hello, can you verify
Just saw this on facebook|so apparently|Does anyone know if|OMG look"""
_BEFORE_VI = """Cho em hỏi|Mọi người ơi|Ad ơi cho hỏi|Em thấy trên mạng|bà ngoại em bảo|nghe nói là|Sáng nay đọc thấy
Admin ơi|Chào mọi người|hôm trước trong nhóm zalo có nói"""
_BEHIND_EN = "is this true?|thanks in advance|Please share!|real or fake?|anyone heard about it?|pls|??? thank you"
_BEHIND_VI = (
    """có đúng không ạ?|cảm ơn ad|thật không vậy mọi người|ai biết không?|chia sẻ ngay!|em lo quá|có thật không?"""
)
_PLACES_EN = """China|India|Iran|Iraq|Russia|France|Germany|Texas|Florida|California|Chicago|Mexico|Canada|Italy|Spain
Brazil|Syria|Kenya|Nigeria|Pakistan|Japan|Australia|Austria|Israel|London|Paris|Ukraine|Brooklyn|Queens|Manhattan|Bronx"""
_PLACES_VI = """Hà Nội|Đà Nẵng|Hải Phòng|Cần Thơ|Quảng Ninh|Quảng Bình|Quảng Nam|Bình Dương|Hải Dương|Thái Bình
Thái Nguyên|Nghệ An|Long An|Tây Ninh|Bắc Ninh|Huế|Đồng Nai|Lâm Đồng"""


def listed(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


BEFORE = {"en": listed(_BEFORE_EN), "vi": listed(_BEFORE_VI)}
BEHIND = {"en": listed(_BEHIND_EN), "vi": listed(_BEHIND_VI)}
PLACES = {"en": listed(_PLACES_EN), "vi": listed(_PLACES_VI)}
CHAIN = {
    "en": ("FORWARDED AS RECEIVED!!!", "Share this with all your friends and family before it is deleted"),
    "vi": ("KHẨN CẤP!!!", "Hãy chia sẻ cho mọi người cùng biết, được chuyển tiếp nhiều lần"),
}
AUXILIARY = [
    "is",
    "are",
    "was",
    "were",
    "will",
    "can",
    "did",
    "does",
    "has",
    "have",
    "had",
    "should",
    "would",
    "could",
    "must",
]
NEIGHBOURS = "qwertyuiopasdfghjklzxcvbnm"
KNOWN: set[str] = set(FOLDED)
SMS = defaultdict(list)
for _short, _long in EXPANDED.items():
    if " " not in _long and len(_short) < len(_long):
        SMS[_long].append(_short)


@dataclass
class Planted:
    """The Messages, for each the base it was made from, its kind of edit, and whether it is a near miss."""

    texts: list[str] = field(default_factory=list)
    base: list[int] = field(default_factory=list)
    edit: list[str] = field(default_factory=list)
    miss: list[bool] = field(default_factory=list)


def tsv(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from list(csv.reader(file, delimiter="\t"))[1:]


def english() -> Iterator[str]:
    claims = DATA / "claims"
    yield from (row[1] for row in tsv(claims / "checkthat2020" / "verified_claims.docs.tsv"))
    for split in ("train", "dev", "test"):
        yield from (row[1] for row in tsv(claims / "checkthat2020" / split / "tweets.queries.tsv"))
    with (claims / "checkthat2021" / "vclaims.jsonl").open(encoding="utf-8") as file:
        for line in file:
            claim = json.loads(line)
            yield from (claim["vclaim"], claim["title"], claim["subtitle"])
    with (DATA / "311" / "NYC_20190522.csv").open(newline="", encoding="utf-8") as file:
        yield from (row["Description"] for row in csv.DictReader(file))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def vietnamese() -> Iterator[str]:
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield from (text for name in ("question", "title", "answer") for text in strings(entry.get(name, "")))


def pieces(texts: Iterator[str]) -> list[str]:
    """Sentences of 5 to 16 words, each wording once, whatever its case and punctuation."""
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+|\n", re.sub(r"\S*(?://|twitter\.com|t\.co)\S*|@\w+", "", text)):
            said = sentence.split()
            if len(said) in PIECE_WORDS:
                found.setdefault(tuple(sorted(re.findall(r"\w+", plain(sentence)))), " ".join(said))
    return list(found.values())


def plain(text: str) -> str:
    text = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in text if not unicodedata.combining(char)).replace("đ", "d")


def without_diacritics(text: str, *, lang: str, rng: random.Random) -> str | None:
    stripped = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    stripped = stripped.replace("đ", "d").replace("Đ", "D")
    return stripped if stripped != text else None


def typed_wrong(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    near = NEIGHBOURS[(NEIGHBOURS.find(plain(word[at])) + 1) % len(NEIGHBOURS)]
    return word[:at] + near + word[at + 1 :]


def with_typos(text: str, *, lang: str, rng: random.Random) -> str | None:
    """With one slip in every 15 words or so; a slip that makes another word of the texts would be a changed thing."""
    said = text.split()
    may = [at for at, word in enumerate(said) if len(word) >= 5 and word.isalpha() and plain(word) not in NEGATING]
    if not may:
        return None
    for at in rng.sample(may, min(len(may), 1 + len(said) // 15)):
        slip = typed_wrong(said[at], rng)
        said[at] = said[at] if plain(slip) in KNOWN else slip
    return " ".join(said) if said != text.split() else None


def in_sms(text: str, *, lang: str, rng: random.Random) -> str | None:
    said = [
        rng.choice(SMS[plain(word)]) if plain(word) in SMS and rng.random() < 0.7 else word for word in text.split()
    ]
    return " ".join(said) if said != text.split() else None


def wrapped(text: str, *, lang: str, rng: random.Random) -> str:
    before = rng.choice(BEFORE[lang]) if rng.random() < 0.7 else ""
    behind = rng.choice(BEHIND[lang]) if rng.random() < 0.6 or not before else ""
    return f"{before} {text} {behind}".strip()


def chained(text: str, *, lang: str, rng: random.Random) -> str:
    return f"{CHAIN[lang][0]} {text} {CHAIN[lang][1]}" + rng.choice(["!!!", "", " \U0001f64f"])


def shortened(text: str, *, lang: str, rng: random.Random) -> str | None:
    said = text.split()
    may = [at for at, word in enumerate(said) if word.isalpha() and plain(word) not in NEGATING | NUMBER_WORDS]
    if len(said) < 10 or len(may) < 3:
        return None
    gone = set(rng.sample(may, max(1, len(said) // 12)))
    return " ".join(word for at, word in enumerate(said) if at not in gone)


def retyped(text: str, *, lang: str, rng: random.Random) -> str:
    text = rng.choice(
        [text.upper(), text.lower(), re.sub(r"(?<!\d)[.,;:!?]|[.,;:!?](?!\d)", "", text), text + " \U0001f621!!!"]
    )
    return text.replace(" ", "  ", 1)


def another_number(text: str, *, lang: str, rng: random.Random) -> str | None:
    digits = [match.start() for match in re.finditer(r"[1-9]", text)]
    if not digits:
        return None
    at = rng.choice(digits)
    return text[:at] + rng.choice([digit for digit in "123456789" if digit != text[at]]) + text[at + 1 :]


def another_place(text: str, *, lang: str, rng: random.Random) -> str | None:
    there = [place for place in PLACES[lang] if re.search(rf"\b{place}\b", text)]
    if not there:
        return None
    place = rng.choice(there)
    return re.sub(rf"\b{place}\b", rng.choice([other for other in PLACES[lang] if other != place]), text)


def negated(text: str, *, lang: str, rng: random.Random) -> str | None:
    said = text.split()
    if lang == "vi":
        at = rng.randrange(1, len(said) - 2)
        return " ".join([*said[:at], rng.choice(["không", "chưa", "ko"]), *said[at:]])
    may = [at for at, word in enumerate(said[:-1]) if word in AUXILIARY]
    if not may:
        return None
    at = rng.choice(may)
    return " ".join([*said[: at + 1], "not", *said[at + 1 :]])


class AnotherThing:
    """Puts another word of the same language in place of one that tells something."""

    def __init__(self, held: dict[str, list[str]]) -> None:
        self._words = {
            lang: sorted({word for text in texts for word in text.split() if self._tells(word)})
            for lang, texts in held.items()
        }

    @staticmethod
    def _tells(word: str) -> bool:
        return (
            len(word) >= 4
            and word.isalpha()
            and plain(word) not in UNTELLING | NEGATING
            and plain(word) not in EXPANDED
        )

    def __call__(self, text: str, *, lang: str, rng: random.Random) -> str | None:
        said = text.split()
        may = [at for at, word in enumerate(said) if self._tells(word)]
        if not may:
            return None
        at, other = rng.choice(may), rng.choice(self._words[lang])
        # One word in two inflections or cases is no other thing.
        if plain(other)[:3] == plain(said[at])[:3]:
            return None
        return " ".join([*said[:at], other, *said[at + 1 :]])


Edit = Callable[..., str | None]
DUPLICATES: dict[str, Edit] = {
    "no diacritics": without_diacritics, "typos": with_typos, "SMS": in_sms, "wrapped": wrapped, "chain": chained,
    "dropped words": shortened, "retyped": retyped,
}  # fmt: skip

INSIDE, ROUND = ("no diacritics", "SMS", "retyped", "typos"), ("wrapped", "chain")


def edited(text: str, *, edits: dict[str, Edit], lang: str, rng: random.Random) -> tuple[str, str] | None:
    name = rng.choice(list(edits))
    changed = edits[name](text, lang=lang, rng=rng)
    return (name, changed) if changed is not None else None


def duplicate(text: str, *, lang: str, rng: random.Random) -> tuple[str, str] | None:
    """The text after one edit, or in one of three cases after two: one of its words, then typos or something round."""
    if rng.random() < 2 / 3:
        return edited(text, edits=DUPLICATES, lang=lang, rng=rng)
    first = edited(text, edits={name: DUPLICATES[name] for name in INSIDE}, lang=lang, rng=rng)
    if not first:
        return None
    later = {name: DUPLICATES[name] for name in (*ROUND, "typos") if name != first[0]}
    second = edited(first[1], edits=later, lang=lang, rng=rng)
    return (f"{first[0]} + {second[0]}", second[1]) if second else first


class Recombined:
    """New sentences out of real ones: a text goes on as another one that holds the same word does."""

    def __init__(self, held: list[str]) -> None:
        self._held = [text.split() for text in held]
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, said in enumerate(self._held):
            for at, word in enumerate(said):
                self._places[plain(word)].append((number, at))

    def text(self, rng: random.Random) -> str:
        """A text of about 10 to 40 words in stretches of three or more, up to the end of a sentence."""
        wanted, out = rng.randrange(8, 24), list[str]()
        said, at, stretch, jumps = rng.choice(self._held), 0, 0, 0
        while len(out) < wanted or at < len(said):
            if at == len(said):
                said, at, stretch, jumps = rng.choice(self._held), 0, 0, jumps + 1
            out.append(said[at])
            stretch += 1
            if stretch >= 3 and len(out) < wanted and rng.random() < 0.5:
                number, at = rng.choice(self._places[plain(said[at])])
                said, stretch, jumps = self._held[number], 0, jumps + 1
            at += 1
        return " ".join(out) if jumps > 1 else self.text(rng)


def bases(held: dict[str, list[str]], *, count: int, rng: random.Random) -> list[tuple[str, str]]:
    """Different texts, a part of them Vietnamese where there are Vietnamese sentences."""
    sources = {lang: Recombined(texts) for lang, texts in held.items() if texts}
    found: dict[str, str] = {}
    while len(found) < count:
        lang = "vi" if "vi" in sources and rng.random() < VIETNAMESE else "en"
        found.setdefault(sources[lang].text(rng), lang)
    return list(found.items())


def planted(size: int, *, seed: int) -> Planted:
    """Messages in a random order with what was planted in them."""
    rng = random.Random(seed)
    held = {"en": pieces(english()), "vi": pieces(vietnamese())}
    print(f"sentences: {len(held['en']):,} English, {len(held['vi']):,} Vietnamese")
    KNOWN.update(word for texts in held.values() for text in texts for word in re.findall(r"[^\W\d_]+", plain(text)))
    misses: dict[str, Edit] = {
        "number": another_number, "place": another_place, "negation": negated, "thing": AnotherThing(held),
    }  # fmt: skip
    based = bases(held, count=size * 13 // 20, rng=rng)
    rows = [(text, number, "", False) for number, (text, _) in enumerate(based)]
    while len(rows) < size - size // 20:
        number = rng.randrange(RUMOURS) if rng.random() < 1 / 7 else rng.randrange(len(based))
        if made := duplicate(based[number][0], lang=based[number][1], rng=rng):
            rows.append((made[1], number, made[0], False))
    while len(rows) < size:
        number = rng.randrange(len(based))
        if made := edited(based[number][0], edits=misses, lang=based[number][1], rng=rng):
            rows.append((made[1], number, made[0], True))
    rng.shuffle(rows)
    return Planted(*(list(column) for column in zip(*rows, strict=True)))
