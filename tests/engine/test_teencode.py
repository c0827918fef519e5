import pytest

from sangto.engine.english import TELEX_LIKE
from sangto.engine.folding import bare
from sangto.engine.frequent import ENGLISH
from sangto.engine.syllable import FOLDED, is_syllable
from sangto.engine.teencode import LETTERS, MARKED, TEENCODE, WRITTEN, by_rule
from sangto.engine.text import fold, words
from sangto.engine.tokens import stretches, words_of

# Syllables by their form, but not words that people write: "nhíu" and "khum" live in set phrases only.
SYLLABLES_NOT_IN_USE = {"iu", "khum", "nhiu"}


def test_no_expansion_holds_a_key() -> None:
    expanded = {word for meaning in TEENCODE.values() for word in meaning.split()}

    assert expanded & TEENCODE.keys() == set()
    assert [fold(meaning) for meaning in TEENCODE.values()] == list(TEENCODE.values())


def test_a_key_is_no_vietnamese_syllable_and_no_english_word() -> None:
    assert {key for key in WRITTEN if key in FOLDED} == SYLLABLES_NOT_IN_USE
    assert WRITTEN.keys() & (ENGLISH | TELEX_LIKE) == set()


def test_what_only_diacritics_make_certain_has_them() -> None:
    assert [key for key in MARKED if bare(key) == key] == []
    assert [word for meaning in MARKED.values() for word in meaning.split() if not is_syllable(word)] == []


def test_letters_stand_for_syllables() -> None:
    assert [meaning for meaning in LETTERS.values() if not is_syllable(meaning)] == []


@pytest.mark.parametrize(
    ("playful", "meant"),
    [
        ("zậy", "vậy"),
        ("dzậy", "vậy"),
        ("dzô", "vô"),
        ("fải", "phải"),
        ("wá", "quá"),
        ("khôg", "không"),
        ("khôq", "không"),
        ("thík", "thích"),
        ("mìh", "mình"),
        ("kòn", "còn"),
        ("đượk", "được"),
        ("cũngz", "cũng"),
        ("mjnh", "minh"),
        ("nhju", "nhiều"),
    ],
)
def test_by_rule_reads_playful_spellings(playful: str, meant: str) -> None:
    assert by_rule(playful) == meant


@pytest.mark.parametrize(
    "word", ["không", "đắk", "lắk", "zoom", "fan", "café", "dj", "jim", "wifi", "pizza", "kong", "z"]
)
def test_by_rule_leaves_other_words(word: str) -> None:
    assert by_rule(word) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ko bik dc k", "không biết được không"),
        ("bn k hiểu", "bao nhiêu không hiểu"),
        ("vitamin k và gen z", "vitamin k và gen z"),
        ("J. K. Rowling, K-pop", "j k rowling k pop"),
        ("phạt 5 k", "phạt 5 k"),
        ("Ku Klux Klan KKK", "ku klux klan kk"),
        ("là j z mn", "là gì vậy mọi người"),
        ("CCCD của bệnh viện", "căn cước công dân của bệnh viện"),
        ("bịnh viện xài tiền hông", "bệnh viện dùng tiền không"),
        ("binh vien, hong hoc", "binh vien hong hoc"),
    ],
)
def test_spellings_are_read_where_they_stand(typed: str, meant: str) -> None:
    assert words_of(stretches(typed)).written == meant.split()


def test_marked_and_unmarked_spellings_of_one_word_fold_alike() -> None:
    assert words("nhìu người ko đc chích") == words("nhiu ng không được chích")
