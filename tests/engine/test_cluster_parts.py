import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.cluster import groups, tokens
from sangto.engine.cluster.arrays import first_of_each
from sangto.engine.cluster.asked import Asked, asked
from sangto.engine.cluster.candidates import _adjacent, boilerplate, pair_slots
from sangto.engine.cluster.compare import _occurrence_keys
from sangto.engine.cluster.ends import between_common_ends
from sangto.engine.cluster.slips import Slips


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abwxyz лм%4", min_size=1, max_size=40), min_size=1, max_size=8))
def test_words_are_one_where_their_letters_are(texts):
    corpus = tokens.read(texts, workers=1, progress=lambda done: None)
    hashes = corpus.vocabulary.hashes

    again = tokens.read(texts[::-1], workers=1, progress=lambda done: None)

    assert len(np.unique(hashes)) == len(hashes)
    assert sorted(hashes[corpus.words]) == sorted(again.vocabulary.hashes[again.words])


def test_long_words_and_those_of_other_scripts_are_told_apart():
    said = ["a" * 2 + "bc" * size for size in range(1, 30)]
    said += [f"{word}x" for word in said] + ["правда" * 3 + letter for letter in "абв"] + ["ab", "аb", "Ǻb", "κλ", "κμ"]

    corpus = tokens.read(said, workers=1, progress=lambda done: None)

    assert np.diff(corpus.starts).tolist() == [1] * len(said)
    # Ǻ is an A without its marks.
    assert len(np.unique(corpus.words)) == len(said) - 1


@pytest.mark.parametrize("spread_over", [1, 1 << 40])
def test_first_of_each_is_the_first_place_also_where_slots_are_shared(spread_over):
    rng = np.random.default_rng(3)
    hashes = rng.integers(0, 500, 3000).astype(np.uint64) * np.uint64(spread_over)
    first = {value: at for at, value in reversed(list(enumerate(hashes.tolist())))}

    assert first_of_each(hashes).tolist() == [first[value] for value in hashes.tolist()]


@pytest.mark.parametrize("last", [2, 40_000_000])
def test_keys_of_words_are_in_order_and_count_repeats_whatever_their_width(last):
    words = np.array([2, 1, 2, 2, last, 1], np.int32)
    none = np.zeros(2, np.uint64)
    both = Asked(words, np.array([0, 4, 6]), none, none, none, none)

    keys = _occurrence_keys(both, span=(0, 2))

    assert keys.tolist() == [1 << 9, 2 << 9, 2 << 9 | 1, 2 << 9 | 2, 1 << 9, last << 9]


def test_boilerplate_is_what_stands_round_different_questions():
    said = [
        f"hear ye {word * 2} {word * 3}" for word in (chr(97 + a) + chr(97 + b) for a in range(8) for b in range(9))
    ]
    corpus = tokens.read(said, workers=1, progress=lambda done: None)
    every = asked(corpus, workers=1)
    slots = pair_slots(every, vocabulary=corpus.vocabulary)

    def found(texts):
        flags = boilerplate(every, texts=texts, slots=slots, vocabulary=corpus.vocabulary)
        return {"".join(map(chr, corpus.vocabulary.letters[word])).rstrip("\0") for word in np.flatnonzero(flags)}

    assert found(np.ones(len(said), np.bool_)) == {"hear", "ye"}
    assert found(np.arange(len(said)) < 40) == set()


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("vaccine", "vacine", True),
        ("vaccine", "vaccien", True),
        ("vaccine", "vaccines", True),
        ("vaccine", "bridge", False),
        ("vaccine", "vacant", False),
        ("germany", "austria", False),
        ("ninh", "binh", False),
        ("40", "41", False),
        ("правда", "правга", False),
    ],
)
def test_slip_is_one_letter_of_a_long_word(one, other, slip):
    corpus = tokens.read([one, other], workers=1, progress=lambda done: None)
    counts = np.bincount(corpus.words, minlength=len(corpus.vocabulary.hashes))

    found = Slips(corpus.vocabulary, counts=counts).fit(corpus.words[:1], corpus.words[1:])

    assert found.tolist() == [slip]


@settings(max_examples=60, deadline=None)
@given(st.permutations("bcdfghmnp"), st.integers(1, 7))
def test_every_kind_of_slip_is_found(letters, at):
    word = "".join(letters)
    slips = [word[:at] + word[at + 1 :], f"{word[:at]}k{word[at + 1 :]}", f"{word[:at]}k{word[at:]}"]
    slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    corpus = tokens.read([word, *slips], workers=1, progress=lambda done: None)
    counts = np.ones(len(corpus.vocabulary.hashes), np.int64)
    counts[corpus.words[0]] = 100

    assert Slips(corpus.vocabulary, counts=counts).fit(np.repeat(corpus.words[:1], 4), corpus.words[1:]).all()


def test_texts_with_one_key_are_paired_with_the_first_and_those_before():
    bits, texts = 8, [[3], [1, 2, 4, 5, 6, 7], [8, 9]]
    keys = np.array([key << bits | text for key, run in enumerate(texts) for text in run], np.uint64)

    pairs = _adjacent(keys[::-1].copy(), bits=bits)

    found = {(int(pair) >> 32, int(pair) & 0xFF) for pair in pairs}
    near = {(later, earlier) for run in texts for at, later in enumerate(run) for earlier in run[max(0, at - 3) : at]}
    assert found == near | {(later, 1) for later in texts[1][1:]}


CHAIN = "pass this to all your friends before they delete it"


def coined(count):
    """Different questions of words that stand nowhere else."""
    letters = "bcdfghjklmnpqstv"
    return [" ".join(f"{first}a{a}{b}{first}o" for first in "rstvwz") for a in letters for b in letters][:count]


def ends_of(said, *, questions=None):
    corpus = tokens.read(said, workers=1, progress=lambda done: None)
    every = asked(corpus, workers=1)
    flags = np.ones(len(said), np.bool_) if questions is None else questions
    first, stop = between_common_ends(every, hashes=corpus.vocabulary.hashes, questions=flags)
    return (first - every.starts[:-1]).tolist(), (every.starts[1:] - stop).tolist()


@pytest.mark.parametrize(("before", "behind"), [("", CHAIN), (CHAIN, ""), (CHAIN, CHAIN)])
def test_what_many_questions_begin_or_end_with_is_left_out(before, behind):
    said = [f"{before} {question} {behind}" for question in coined(60)]

    assert ends_of(said) == ([len(before.split())] * 60, [len(behind.split())] * 60)


def test_end_that_few_have_or_that_is_short_is_part_of_the_question():
    assert ends_of([f"{question} {CHAIN}" for question in coined(40)])[1] == [0] * 40
    assert ends_of([f"{question} pass this" for question in coined(60)])[1] == [0] * 60


def test_end_is_left_out_up_to_where_it_began_in_most_texts():
    said = [f"{question} {'harbour' * (at < 55)} {CHAIN}" for at, question in enumerate(coined(240))]

    assert set(ends_of(said)[1]) == {len(CHAIN.split())}


def test_one_question_asked_often_has_no_common_ends():
    said = [*coined(100)[1:], *[f"{coined(1)[0]} {CHAIN}"] * 80]

    assert ends_of(said, questions=np.arange(len(said)) < 100) == ([0] * len(said), [0] * len(said))


def test_text_of_nothing_but_a_common_end_keeps_a_word():
    said = [f"{question} {CHAIN}" for question in coined(60)] + [CHAIN]

    assert ends_of(said)[1][-1] == len(CHAIN.split()) - 1


@pytest.mark.parametrize("changed", ["friends", "delate"])
def test_changed_word_is_none_of_what_goes_round_the_question(changed):
    base = "The mayor of Lotus plans to sell the old harbour to investors next summer"
    round_others = [f"{question} {CHAIN}" for question in coined(90)]
    texts = [*round_others, *[f"{base} {CHAIN}"] * 2, base, base.replace("harbour", changed)]

    representative = groups(texts).representative.tolist()

    assert representative[-2] == representative[-3] != representative[-1]
