"""Text as people type it, made comparable: normal form, folding, words, links, language, fingerprint."""

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Literal

from sangto.engine import frequent
from sangto.engine import links as link_parts
from sangto.engine.chatter import is_chatter
from sangto.engine.folding import CONTROLS, SURROGATES, cleaned
from sangto.engine.syllable import FOLDED
from sangto.engine.tokens import Words, stretches, words_of

__all__ = [
    "Change",
    "asked_words",
    "fingerprint",
    "fold",
    "guess_lang",
    "is_binary",
    "is_empty",
    "links",
    "normal",
    "raw_words",
    "typed_with_diacritics",
    "words",
    "words_changed",
]

_READ_WORDS = 400
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
_TRAILING_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]++\n")

_SPACE = re.compile(r"\s+")


def normal(text: str) -> str:
    """The text as it is stored: NFC, without control and zero-width characters, trimmed.

    Line ends become one newline, more than one blank line becomes one, a lone surrogate becomes U+FFFD, a base keeps at
    most 8 combining marks. Joiners stay inside emoji and scripts that need them; direction controls stay (a page shows
    them as symbols).
    """
    text = cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TRAILING_SPACE.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def fold(text: str) -> str:
    """The text in lower case without diacritics (đ is d), spelt out, repeats and spaces squeezed.

    Spelt out are SMS spellings, slips of the typing method and regional spellings; hashtags are taken apart at their
    capitals. Three or more of one letter become one ("đẹppppp" is "dep"). Folding twice changes nothing.
    """
    return " ".join([one.folded for one in stretches(text) if one.folded])


def asked_words(text: str) -> Words:
    """What `words` and `raw_words` give of a text, in one go."""
    found = words_of(stretches(link_parts.without_links(text)))
    chatter = is_chatter(found.written, ends=found.ends)
    if True not in chatter or all(chatter):
        return found
    kept = [not left_out for left_out in chatter]
    return found._replace(folded=list(compress(found.folded, kept)), written=list(compress(found.written, kept)))


# Several readers of one message ask in turn.
_asked_words = lru_cache(maxsize=256)(asked_words)


def words(text: str) -> list[str]:
    """The folded words and numbers of a text in order, without links and without what people wrap round a question.

    Chinese, Japanese and Korean come as overlapping pairs of characters, Thai, Lao, Khmer and Burmese as triples. When
    only greetings and the like would be left out, they are kept, so that a text of words never gives none.
    """
    return list(_asked_words(text).folded)


def raw_words(text: str) -> list[str]:
    """What `words` gives, one to one, with diacritics: lower case, NFC, spelt out, "òa" for "oà".

    A word typed without its diacritics stays without them; one that was spelt out has those of the standard spelling.
    """
    return list(_asked_words(text).written)


def typed_with_diacritics(text: str) -> bool:
    """Whether a text was typed with Vietnamese diacritics: at least one word in eight has one."""
    found = [
        word
        for word in link_parts.without_links(unicodedata.normalize("NFC", cleaned(text))).split()
        if not word.isnumeric()
    ]
    marked = sum(_ANY_VIETNAMESE_LETTER.search(word) is not None for word in found)
    return marked * 8 >= len(found) > 0


def links(text: str) -> list[str]:
    """The canonical links of a text in order, each once: no scheme, no tracking, no fragment, no trailing slash."""
    if not link_parts.may_hold(text):
        return []
    found = (link_parts.without_tail(match[0]) for match in link_parts.LINK.finditer(text))
    return list(dict.fromkeys(link_parts.parse(link).canonical for link in found))


_VIETNAMESE_LETTER = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_ANY_VIETNAMESE_LETTER = re.compile("[à-ãè-êìíò-õùúýăđĩũơưÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯ\u1ea0-\u1ef9]")


def guess_lang(text: str) -> Literal["vi", "en"]:
    """The language of a text, Vietnamese also when typed without diacritics. "vi" where nothing tells."""
    plain = cleaned(text)
    found = words_of(stretches(link_parts.without_links(plain))).folded[:_READ_WORDS]
    tokens = [token for token in found if token[0].isalpha()]
    marked = len(_VIETNAMESE_LETTER.findall(plain))
    if not tokens or marked * 5 >= len(tokens):
        return "vi"
    vietnamese = sum(token in frequent.VIETNAMESE for token in tokens)
    english = sum(token in frequent.ENGLISH for token in tokens)
    shaped = sum(token in FOLDED for token in tokens) / len(tokens)
    return "vi" if shaped >= 0.6 and vietnamese >= english or shaped >= 0.85 and vietnamese > 0 else "en"


def fingerprint(text: str, *, kind: str, place: str = "") -> str:
    """64 hex digits that are the same for the same question of one kind and place, however it was typed.

    Diacritics, case, spaces, punctuation and the wrapping of `words` do not count; words, numbers and links do.
    """
    asked = " ".join(words(text)) or _SPACE.sub("", fold(link_parts.without_links(text)))
    parts = (kind, asked, " ".join(words(place)), " ".join(sorted(links(text))))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def is_empty(text: str) -> bool:
    """Whether there is nothing to read: only white space, controls, invisible characters or byte order marks."""
    return not any(unicodedata.category(char)[0] not in "ZC" or char == "\ufffd" for char in text)


def is_binary(text: str) -> bool:
    """Whether a file was pasted instead of a text: more than two characters, and one in twenty, from no keyboard."""
    odd = sum(text.count(chr(code)) for code in CONTROLS if chr(code) != "\r")
    odd += text.count("\ufffd") + len(SURROGATES.findall(text))
    return odd > 2 and odd * 20 > len(text)


@dataclass(frozen=True)
class Change:
    """A stretch of a corrected text. "same" + "added" join to the new text, "same" + "removed" to the old one."""

    kind: Literal["same", "added", "removed"]
    text: str


def words_changed(old: str, new: str) -> list[Change]:
    """What changed between two texts, word by word, in reading order, removals before additions; white space counts."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    changes: list[Change] = []
    for tag, start, end, to_start, to_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            changes.append(Change(kind="same", text="".join(before[start:end])))
            continue
        if end > start:
            changes.append(Change(kind="removed", text="".join(before[start:end])))
        if to_end > to_start:
            changes.append(Change(kind="added", text="".join(after[to_start:to_end])))
    return changes
