"""Words for looking a text up: without case and diacritics, in ASCII, so that every database splits them alike."""

import re
from collections.abc import Iterable

from sangto.engine.folding import bare, cleaned

MOST_CHARS = 40  # of one word; a longer one is found by its beginning
MOST_WORDS = 12  # that one search asks for

# Scripts that put no space between words: each character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_FOREIGN = re.compile(r"[^a-z0-9]")


def search_words(text: str) -> list[str]:
    """The words of a text in order, each once: ASCII letters and digits, at most 40 each; đ is d.

    A letter of another script is spelt by its number in hexadecimal, so that no tokenizer can take it apart.
    """
    found = (_FOREIGN.sub(_spelt, word)[:MOST_CHARS] for word in _WORD.findall(bare(cleaned(text))))
    return list(dict.fromkeys(found))


def word_set(texts: Iterable[str]) -> str:
    """All words of the texts, each once, sorted, a space between: the same for the same texts in any order."""
    return " ".join(sorted({word for text in texts for word in search_words(text)}))


def sqlite_query(words: list[str]) -> str:
    """What FTS5 matches: all of the words, the last one as the beginning of a word if it has two letters."""
    return " AND ".join(f'"{word}"' for word in words[:MOST_WORDS]) + ("*" if _may_go_on(words) else "")


def postgresql_query(words: list[str]) -> str:
    """The same as a `tsquery`."""
    return " & ".join(f"'{word}'" for word in words[:MOST_WORDS]) + (":*" if _may_go_on(words) else "")


def _may_go_on(words: list[str]) -> bool:
    """Whether the last word is long enough to be a beginning: with one letter, half of all words begin."""
    return len(words[:MOST_WORDS][-1]) > 1


def _spelt(char: re.Match[str]) -> str:
    return f"x{ord(char[0]):05x}"
