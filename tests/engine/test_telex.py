import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.english import TELEX_LIKE
from sangto.engine.frequent import ENGLISH
from sangto.engine.syllable import FOLDED, TONELESS, fits_tone, is_syllable, split_tone
from sangto.engine.telex import undo

KEYS = {"đ": "dd", "â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw"}
toneless = st.sampled_from(sorted(TONELESS))


def typed(syllable: str) -> str:
    return "".join(KEYS.get(char, char) for char in syllable)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("dduowcj", "được"),
        ("dduwocj", "được"),
        ("nguoiwf", "người"),
        ("khoong", "không"),
        ("ddi", "đi"),
        ("tieengs", "tiếng"),
        ("tieesng", "tiếng"),
        ("vieejt", "việt"),
        ("vieet", "viêt"),
        ("nhwngx", "những"),
        ("quys", "quý"),
        ("giaf", "già"),
        ("thuyr", "thủy"),
        ("hoaf", "hòa"),
        ("hoanf", "hoàn"),
        ("laji", "lại"),
        ("laf", "là"),
        ("đươcj", "được"),
        ("tiếngs", "tiếng"),
        ("d9uo7c5", "được"),
        ("kho6ng", "không"),
        ("mo65t", "một"),
    ],
)
def test_undo_reads_the_keys(slip: str, meant: str) -> None:
    assert undo(slip) == meant


@pytest.mark.parametrize(
    "word",
    [
        "duong",
        "được",
        "moon",
        "news",
        "pass",
        "test",
        "covid19",
        "h1n1",
        "quan1",
        "u23",
        "vneid",
        "zalo",
        "facebook",
        "x" * 40,
        "",
    ],
)
def test_undo_leaves_what_is_no_slip(word: str) -> None:
    assert undo(word) is None


def test_undo_leaves_english_words() -> None:
    assert [word for word in ENGLISH | TELEX_LIKE if undo(word)] == []


@given(toneless, st.sampled_from("sfrxj"))
def test_undo_finds_the_syllable_whose_keys_were_typed(syllable: str, tone: str) -> None:
    slip = typed(syllable) + tone
    meant = undo(slip)

    own_keys = {"uơ", "oeo", "oao", "oo"}  # spelt alike in keys: "uơ" and "ươ", "oeo" and "ôe", "oo" and "ô"
    if fits_tone(syllable, tone=tone) and slip not in FOLDED | TELEX_LIKE and not any(map(syllable.count, own_keys)):
        assert meant is not None
        assert split_tone(meant) == (syllable, tone)


@given(st.text("abcdeghiklmnopqrstuvwxyđâêôơưăáàảãạjfz123456789", max_size=14))
def test_undo_gives_syllables_that_it_leaves(word: str) -> None:
    meant = undo(word)

    assert meant is None or (undo(split_tone(meant)[0]) is None and split_tone(meant)[0] in TONELESS)


@pytest.mark.parametrize("word", ["đường", "duong", "nghiêng", "quyết", "gì", "giếng", "khuya", "xoong", "yêu", "quốc"])
def test_is_syllable_knows_vietnamese(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["duợc", "kà", "test", "good", "strong", "ngi", "cê", "catf", "bặm_", "một1", "cằt"])
def test_is_syllable_refuses_the_rest(word: str) -> None:
    assert not is_syllable(word)
