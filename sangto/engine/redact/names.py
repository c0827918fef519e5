"""Personal names: behind a title, by a surname and what follows it, by an English given name."""

from collections.abc import Iterator, Sequence

from sangto.engine.redact.lexicon import listed
from sangto.engine.redact.phrases import Phrases, Word, words_of

_SURNAMES, _COMMON = Phrases(listed("surnames")), Phrases(listed("surnames.common"))
_UNMISTAKABLE = Phrases(listed("surnames.unmistakable"))  # no other word without their diacritics
_MIDDLES, _CERTAIN_MIDDLES = Phrases(listed("middle_names")), Phrases(listed("middle_names.certain"))
_TITLES, _NO_NAMES, _FAMOUS = Phrases(listed("titles")), Phrases(listed("no_names")), Phrases(listed("famous"))
_BEFORE_PLACES = Phrases(listed("before_places"))
_SHORT_TITLES = listed("titles.short")  # may have a dot
_WEAK_TITLES = listed("titles.weak")  # one capital word behind them is rather something else
_ENGLISH_GIVEN, _BEHIND_ENGLISH = listed("english.given"), listed("english.behind")
_NOT_BEHIND = frozenset(("i", "you", "we", "they", "not", "the", "it", "to"))
_MOST_WORDS, _MOST_VIETNAMESE, _MOST_ENGLISH = 5, 4, 3


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names of persons may stand, without their titles, in order."""
    words = words_of(text)
    at = 0
    while at < len(words):
        if skipped := _NO_NAMES.at(words, at, bare=_is_bare(words, at)):
            at += skipped
            continue
        first, count = _name_at(text, words, at)
        if count:
            yield words[first].start, words[first + count - 1].end
        at = first + max(count, 1)


def _name_at(text: str, words: Sequence[Word], at: int) -> tuple[int, int]:
    """Where a name begins that is known by the word at this place, and of how many words it is; 0 for none."""
    behind = _behind_titles(words, at)
    if behind > at and (count := _titled(words, at, behind)):
        return behind, count
    is_place = _is_place(words, at) or words[at].gap[-1:] == " " and words[at].gap[-2:-1].isdecimal()
    if is_place or _FAMOUS.at(words, at, bare=_is_bare(words, at)):
        return at, 0
    return at, _surnamed(words, at) or _english(words, at)


def _behind_titles(words: Sequence[Word], at: int) -> int:
    """The place behind the titles that begin here; `at` where there is none, or nothing follows."""
    while (size := _TITLES.at(words, at, bare=_is_bare(words, at))) and at + size < len(words):
        after = words[at + size]
        is_short = words[at + size - 1].lower in _SHORT_TITLES
        if not (after.follows or (is_short and after.gap in (". ", "."))):
            break
        at += size
    return at


def _titled(words: Sequence[Word], title: int, at: int) -> int:
    """How many words the name has that stands behind a title."""
    if _is_place(words, title) or _is_place(words, at, longer_than=at - title):
        return 0
    if _NO_NAMES.at(words, at, bare=_is_bare(words, at)):
        return 0
    count = _surnamed(words, at, titled=True)
    if count or (words[at].is_shouted and words[at - 1].is_shouted):
        return count
    capitals = _capitals(words, at, most=_MOST_WORDS)
    return capitals if capitals > 1 or words[at - 1].lower not in _WEAK_TITLES else 0


def _surnamed(words: Sequence[Word], at: int, *, titled: bool = False) -> int:
    """How many words the name has that begins with a surname here; without a title only where it is hardly a word."""
    bare = _is_bare(words, at)
    if not _SURNAMES.at(words, at, bare=bare):
        return 0
    is_common, has_middle = _COMMON.at(words, at, bare=bare), _has_middle(words, at, _MIDDLES)
    if words[at].is_capital:
        count = _capitals(words, at, most=_MOST_VIETNAMESE)
        is_sure = titled or is_common or (has_middle and count > 2 and not _is_in_shout(words, at))
        if count > 1 and is_sure and not _is_before_way(words, at + count) and words[at + 1].lower not in _NOT_BEHIND:
            return count
    if titled:
        return _small_letters(words, at) if _has_middle(words, at, _CERTAIN_MIDDLES if bare else _MIDDLES) else 0
    sure = _UNMISTAKABLE if bare else _SURNAMES
    is_sure = _has_middle(words, at, _CERTAIN_MIDDLES) and sure.at(words, at, bare=bare)
    return _small_letters(words, at) if is_sure else 0


def _small_letters(words: Sequence[Word], at: int) -> int:
    """How many words a name has that is typed without capitals: 3, or 4 where the third is a middle name too."""
    return 4 if not _is_bare(words, at) and _has_middle(words, at + 1, _MIDDLES) else 3


def _has_middle(words: Sequence[Word], at: int, middles: Phrases) -> bool:
    if at + 2 >= len(words) or not (words[at + 1].follows and words[at + 2].follows):
        return False
    return bool(middles.at(words, at + 1, bare=_is_bare(words, at + 1)))


def _english(words: Sequence[Word], at: int) -> int:
    if not words[at].is_capital or words[at].lower not in _ENGLISH_GIVEN:
        return 0
    count = _capitals(words, at, most=_MOST_ENGLISH)
    is_place = any(word.lower in _BEHIND_ENGLISH for word in words[at + 1 : at + count + 1])
    return count if count > 1 and not is_place else 0


def _capitals(words: Sequence[Word], at: int, *, most: int) -> int:
    count = 0
    while count < most and at + count < len(words) and words[at + count].is_capital:
        if count and words[at + count].gap not in (" ", ". "[: 2 * (len(words[at + count - 1].text) == 1)]):
            break
        count += 1
    return count


def _is_place(words: Sequence[Word], at: int, *, longer_than: int = 0) -> bool:
    """Whether the words before say that a street, ward or school is named here."""
    return words[at].follows and _BEFORE_PLACES.before(words, at, bare=_is_bare(words, at)) > longer_than


def _is_before_way(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].lower in _BEHIND_ENGLISH and words[at].follows


def _is_in_shout(words: Sequence[Word], at: int) -> bool:
    return words[at].is_shouted and at > 0 and words[at - 1].is_shouted


def _is_bare(words: Sequence[Word], at: int) -> bool:
    """Whether the text is typed without diacritics here, as far as this word and the next one tell."""
    return all(word.text.isascii() for word in words[at : at + 2])
