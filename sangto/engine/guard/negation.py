"""Negations in a sentence: what negates, and which words stand in its scope; tags, frames and compounds are none."""

from typing import NamedTuple

from sangto.engine.frequent import UNTELLING
from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.words import ASKED, PAUSE, Sentence, Word

_SCOPE, _REACH = 3, 6
_ENGLISH = listed("negation.english")
_VIETNAMESE = listed("negation.vietnamese")
_NEGATING = _ENGLISH | _VIETNAMESE
_TYPED = {
    "không": "khong", "chưa": "chua", "chẳng": "chang", "đừng": "dung", "chả": "cha", "chớ": "cho", "hông": "khong",
    "hổng": "khong", "nỏ": "khong", "hem": "khong", "hong": "khong", "khong": "khong", "khoong": "khong",
    "khongg": "khong", "chửa": "chua",
}  # fmt: skip
_MAYBE = frozenset({"chua", "chang", "dung"})
_PARTICLES = listed("negation.particles")
_SURE_PARTICLES = listed("negation.sure_particles")
_ASKING = listed("negation.asking")
# Air, air force, aviation and the like: compounds that negate nothing, unless one of these words follows.
_AIR = {
    "khi": {"nao"}, "gian": {"lan", "doi"}, "quan": {"tam", "trong", "he", "ngai"}, "luc": set(), "sao": set(),
    "trung": {"thuc", "thanh", "lap"}, "luu": {"tru", "y", "thong"}, "chung": set(),
}  # fmt: skip
_NOT_KNOWN = listed("negation.not_known")
_AFTER_NOT_KNOWN = listed("negation.after_not_known") | {"", PAUSE, ASKED}
_AFTER_CHA, _AFTER_NO = listed("negation.after_cha"), listed("negation.after_no")
_AFTER_CHUA = listed("negation.after_chua")
_UNTRUE = listed("negation.untrue")
_AFTER_UNTRUE = frozenset(
    {"", PAUSE, ASKED, "su", "la", "rang", "xac", "khi", "dau", "a", "vay", "the", "voi", "nhu", "tin"}
)
_ENGLISH_SKIPPED = {
    "no": {"doubt", "matter", "wonder", "evidence", "proof", "idea", "way", "1", "one"},
    "not": {"only", "just", "sure", "true", "real", "forget", "correct", "accurate", "forward", "know", "surprising"},
    "nothing": {"but"},
}  # fmt: skip
_ALTERNATIVE = ("or", "whether", "why", "if")
_ENGLISH_KNOWN = listed("negation.english_known")
_PRONOUNS = listed("negation.pronouns")
_SOFT, _SOFT_TYPED = listed("negation.soft"), listed("negation.soft_typed")


class Negation(NamedTuple):
    """A negating word, the stems it bears on, and whether it is certain (else a word typed without diacritics)."""

    word: str
    scope: frozenset[str]
    sure: bool
    hinted: bool = False


def _at(words: tuple[Word, ...], at: int) -> str:
    return words[at].folded if 0 <= at < len(words) else ""


def _is_tag(words: tuple[Word, ...], *, at: int) -> bool:
    after = _at(words, at + 1)
    if after in ("", PAUSE, ASKED) or after in _SURE_PARTICLES or _at(words, at - 1) in ("hay", "hoac"):
        return True
    asked = any(word.folded in _ASKING for word in words[max(0, at - 14) : at])
    return asked and after in _PARTICLES and at >= 2


def _is_frame(words: tuple[Word, ...], *, at: int) -> bool:
    """Whether "không" belongs to what is said about the claim ("không biết có đúng không", "không đúng sự thật")."""
    after, second = _at(words, at + 1), _at(words, at + 2)
    if after in _NOT_KNOWN:
        return second in _AFTER_NOT_KNOWN
    if after == "phai" and second in ("su", "tin", "that", "chuyen"):
        return True
    if after in ("co", "he") and second in ("that", "chuyen"):
        return True
    return after in _UNTRUE and second in _AFTER_UNTRUE


# "Không mất phí" is "miễn phí": what the list of opposites holds as one phrase is no negation.
_OPPOSITES = frozenset(
    {("mat", "tien"), ("mat", "phi"), ("thu", "phi"), ("ton", "tien"), ("bat", "buoc"), ("duoc", "phep")}
)


def _is_compound(words: tuple[Word, ...], *, at: int) -> bool:
    if (_at(words, at + 1), _at(words, at + 2)) in _OPPOSITES:
        return True
    before, after, second = _at(words, at - 1), _at(words, at + 1), _at(words, at + 2)
    if (
        before in ("hang", "phong", "so", "trau")
        or (before == "neu" and after in ("thi", "se", PAUSE))
        or after == "thi"
    ):
        return True
    if after in ("chi", "nhung") and any(word.folded == "ma" for word in words[at:]):
        return True
    return after in _AIR and second not in _AIR[after]


def _name(word: Word, *, marked: bool) -> tuple[str, bool]:
    """The negation that a word is ("" for none), and whether that is certain."""
    name = _TYPED.get(word.typed, "") if word.typed else (word.folded if word.folded == "khong" else "")
    if name or word.folded not in _MAYBE or marked or not word.typed.isascii():
        return name, bool(name)
    return word.folded, False


def _negates_nothing(name: str, *, words: tuple[Word, ...], at: int) -> bool:
    after = _at(words, at + 1)
    if name in ("khong", "chua") and _is_tag(words, at=at):
        return True
    if name == "khong" and (_is_compound(words, at=at) or _is_frame(words, at=at)):
        return True
    if name == "chang":
        return after == "han"
    if name in ("cha", "cho"):
        return after not in _AFTER_CHA
    return words[at].typed in ("no", "hong", "hem") and after not in _AFTER_NO


def _vietnamese(words: tuple[Word, ...], *, at: int, marked: bool) -> Negation | None:
    name, sure = _name(words[at], marked=marked)
    if not name or _negates_nothing(name, words=words, at=at):
        return None
    hinted = name == "chua" and (_at(words, at + 1) in _AFTER_CHUA or _at(words, at - 1) in ("van", "deu"))
    return Negation(name, _scope(words, at=at), sure, hinted)


def _english(words: tuple[Word, ...], *, at: int) -> Negation | None:
    word, after = words[at].folded, _at(words, at + 1)
    plain = word.replace("'", "")
    if after in _ENGLISH_SKIPPED.get(word, ()) or _at(words, at - 1) in _ALTERNATIVE and word == "not":
        return None
    if (
        word == "not"
        and after == "a"
        and _at(words, at + 2) in ("joke", "drill", "hoax")
        or after[:1].isdecimal()
        and word == "no"
    ):
        return None
    if plain not in ("not", "no") and after in _ENGLISH_KNOWN:
        return None
    contracted = plain not in ("not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot")
    if (
        (contracted or word == "not")
        and after in _PRONOUNS
        and (_at(words, at + 2) in ("", ASKED) or at == 0 and words[-1].folded == ASKED)
    ):
        return None
    if after in ("true", "real", "correct"):
        return None
    return Negation("not", _scope(words, at=at), sure=True)


def _scope(words: tuple[Word, ...], *, at: int) -> frozenset[str]:
    found: list[str] = []
    for word in words[at + 1 : at + 1 + _REACH]:
        if word.folded in (PAUSE, ASKED) or len(found) == _SCOPE:
            break
        if word.folded not in UNTELLING:
            found.append(word.stem)
    return frozenset(found)


def negations(sentence: Sentence) -> tuple[Negation, ...]:
    """The negations of a sentence in reading order."""
    return tuple([one for _, one in placed_negations(sentence)])


def placed_negations(sentence: Sentence) -> list[tuple[int, Negation]]:
    """What `negations` gives, each with the place of the negating word."""
    if _NEGATING.isdisjoint(sentence.plain):
        return []
    words, found = sentence.words, list[tuple[int, Negation | None]]()
    for at, word in enumerate(words):
        if word.folded in _VIETNAMESE and (sentence.vietnamese or word.folded == "khong"):
            found.append((at, _vietnamese(words, at=at, marked=sentence.marked)))
        elif word.folded in _ENGLISH:
            found.append((at, _english(words, at=at)))
    return [(at, one) for at, one in found if one is not None]


def idioms(sentence: Sentence) -> int:
    """How many times an English sentence says "not" without negating what it speaks of: "not just", "not real".

    Put into a text that is otherwise the same, even these turn it round.
    """
    if sentence.vietnamese or "not" not in sentence.plain:
        return 0
    words = sentence.words
    said = [at for at, word in enumerate(words) if word.folded == "not" and _at(words, at - 1) not in _ALTERNATIVE]
    return sum(_english(words, at=at) is None for at in said)


_ASKING_WORDS = listed("negation.asking_words")
_TAGS = frozenset({"khong", "khoong", "chua", "hong"})
_AUXILIARIES = listed("negation.auxiliaries")


def is_soft(sentence: Sentence) -> bool:
    """Whether a word says much the same as a negation ("cấm", "banned"): beside it a negation contradicts nothing."""
    return not _SOFT.isdisjoint(sentence.stems) and any(map(_is_soft, sentence.words))


def _is_soft(word: Word) -> bool:
    return word.stem in _SOFT and (not word.typed or word.typed.isascii() or word.typed in _SOFT_TYPED)


# With their diacritics typed they are told from "máy", "đầu", "não" and the like.
_ASKING_TYPED = {
    "nao": "nào", "may": "mấy", "dau": "đâu", "nhieu": "nhiêu", "lieu": "liệu", "gi": "gì", "ai": "ai", "sao": "sao",
}  # fmt: skip


def asks_by(word: Word, *, marked: bool) -> bool:
    """Whether a word that may be a Vietnamese question word is one, by the diacritics that were typed."""
    if word.typed in ("", _ASKING_TYPED.get(word.folded)):
        return True
    return word.typed.isascii() and not marked


def is_question(sentence: Sentence) -> bool:
    """Whether a sentence asks, with a mark or without one."""
    words = sentence.words
    if words[-1].folded == ASKED:
        return True
    if not sentence.vietnamese:
        return words[0].folded in _AUXILIARIES
    if not _ASKING_WORDS.isdisjoint(sentence.plain) and any(
        asks_by(word, marked=sentence.marked) for word in words if word.folded in _ASKING_WORDS
    ):
        return True
    return any(folded in _TAGS and _is_tag(words, at=at) for at, folded in enumerate(sentence.plain))
