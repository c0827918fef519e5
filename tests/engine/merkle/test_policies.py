"""Policies: what is read, what is refused and at which line, and whom they trust."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, BadNote, Key, Note, Signer
from sangto.engine.merkle.policies import MOST_BYTES, MOST_LINES, BadPolicy, Group, Policy
from tests.engine.merkle.signing import (
    CHECKPOINT,
    CLUB,
    DESK,
    NEIGHBOUR,
    NOW,
    OTHER_DESK,
    PAPER,
    TEXT,
    base64_of,
    line,
    refused,
    signer,
)

LOG_LINE = f"log {DESK.key.vkey}"
CLUB_LINE, PAPER_LINE = f"witness club {CLUB.key.vkey}", f"witness báo {PAPER.key.vkey}"
NEIGHBOUR_LINE = f"witness neighbour {NEIGHBOUR.key.vkey}"
NO_LOG_KEY = "a log has a log's key, and is named once"
NO_WITNESS_KEY = "a witness has a witness's key, and is named once"
NOT_ONE_OR_TWO = "a key, and after it an address or nothing"
NO_GROUP = "a group has a name, a number and members"
NO_MEMBER = "a member of a group is named on a line before, and once"
IN_ANOTHER = "a member of a group is in no other group"
NOT_AS_MANY = "a group asks for any, all, or as many as it has at most"
NO_QUORUM = "there is one quorum, of a name that was named before"
TAKEN = "the name is taken"
MANY = " ".join(f"w{each}" for each in range(11))
TOO_LONG = "a policy is not that long"
UNTRUSTED = "no log that the policy names signed it"
TOO_FEW = "too few witnesses have seen it"


def policy(*lines: str) -> Policy:
    return Policy.read("".join(f"{each}\n" for each in lines))


def test_policy_is_read():
    read = policy(
        "# whom we trust",
        "",
        f"{LOG_LINE} https://answers.example.org/log/2026/",
        f"log {OTHER_DESK.key.vkey}",
        " \t ",
        f"\twitness  club\t \t{CLUB.key.vkey}  https://club.example.org/ ",
        PAPER_LINE,
        "  # two of them",
        "group cả-hai all club báo",
        NEIGHBOUR_LINE,
        "group g 1 neighbour cả-hai",
        "quorum g",
    )

    assert read == Policy(
        {DESK.key: "https://answers.example.org/log/2026/", OTHER_DESK.key: ""},
        {"club": (CLUB.key, "https://club.example.org/"), "báo": (PAPER.key, ""), "neighbour": (NEIGHBOUR.key, "")},
        {"cả-hai": Group(2, ("club", "báo")), "g": Group(1, ("neighbour", "cả-hai"))},
        "g",
    )


def test_policy_is_written():
    told = policy(
        "# neither comments nor order are kept",
        CLUB_LINE,
        "group g any club",
        "quorum g",
        f"{PAPER_LINE}  https://báo.example.org/",
        f"{LOG_LINE}\thttps://answers.example.org/",
    )

    assert str(told) == (
        f"{LOG_LINE} https://answers.example.org/\n{CLUB_LINE}\n{PAPER_LINE} https://báo.example.org/\n"
        "group g 1 club\nquorum g\n"
    )
    assert Policy.read(str(told)) == told
    assert str(Policy()) == "quorum none\n"


@pytest.mark.parametrize(
    "text", ["quorum none", "quorum none\n", "\n\nquorum\tnone\t\n\n", "#\n #\n\t#x\nquorum none\n#"]
)
def test_policy_may_name_nobody(text):
    assert Policy.read(text) == Policy({}, {}, {}, "none") == Policy()


@pytest.mark.parametrize(("word", "enough"), [("any", 1), ("all", 3), ("1", 1), ("2", 2), ("3", 3)])
def test_group_says_how_many_are_enough(word, enough):
    read = policy(CLUB_LINE, PAPER_LINE, NEIGHBOUR_LINE, f"group g {word} club báo neighbour", "quorum g")

    assert read.groups == {"g": Group(enough, ("club", "báo", "neighbour"))}


def test_words_of_the_format_are_names_too():
    lines = (f"witness any {CLUB.key.vkey}", f"witness all {PAPER.key.vkey}", "group group 2 any all", "quorum group")

    assert policy(*lines).groups == {"group": Group(2, ("any", "all"))}
    assert policy(*lines[:2], "quorum all").quorum == "all"


def test_bytes_that_are_no_text_are_kept():
    name = b"a\xff\x80".decode(errors="surrogateescape")
    read = policy(f"# \udcff{name}", f"witness {name} {CLUB.key.vkey} https://{name}/", f"quorum {name}")

    assert (read.quorum, read.witnesses) == (name, {name: (CLUB.key, f"https://{name}/")})
    assert policy("witness K " + CLUB.key.vkey, "witness \u212a " + PAPER.key.vkey, "quorum K").quorum == "K"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["log"], NOT_ONE_OR_TWO),
        ([f"{LOG_LINE} https://a # why"], NOT_ONE_OR_TWO),
        (["log garbage"], "this is no key of a type that we know"),
        ([f"log {DESK.key.vkey}*"], "this is not base64"),
        ([f"log {DESK.key.vkey.replace('answers', 'answer')}"], "the key and its id do not fit"),
        (["log a\xa0b+00000000+AAAA"], "this is no key of a type that we know"),
        (["log \udcff+00000000+AAAA"], "this is no key of a type that we know"),
        ([f"log {CLUB.key.vkey}"], NO_LOG_KEY),
        ([LOG_LINE, f"{LOG_LINE} https://a"], NO_LOG_KEY),
        ([LOG_LINE, f"log {Key('another', LOG, DESK.key.public).vkey}"], NO_LOG_KEY),
        (["witness"], "a witness has a name"),
        (["witness club"], NOT_ONE_OR_TWO),
        ([f"{CLUB_LINE} https://a # why"], NOT_ONE_OR_TWO),
        (["witness club garbage"], "this is no key of a type that we know"),
        ([f"witness club {DESK.key.vkey}"], NO_WITNESS_KEY),
        ([CLUB_LINE, f"witness two {CLUB.key.vkey}"], NO_WITNESS_KEY),
        ([CLUB_LINE, f"witness two {Signer('another', 4, CLUB.seed).key.vkey}"], NO_WITNESS_KEY),
        ([CLUB_LINE, f"witness club {PAPER.key.vkey}"], TAKEN),
        ([f"witness none {PAPER.key.vkey}"], TAKEN),
        ([CLUB_LINE, "group club any club"], TAKEN),
        ([CLUB_LINE, "group none any club"], TAKEN),
        ([CLUB_LINE, PAPER_LINE, "group g any club", "group g any báo"], TAKEN),
        ([CLUB_LINE, "group g any club", f"witness g {PAPER.key.vkey}"], TAKEN),
        (["group"], NO_GROUP),
        (["group g"], NO_GROUP),
        (["group g any"], NO_GROUP),
        (["group g 1"], NO_GROUP),
        (["group g any club"], NO_MEMBER),
        (["group g any g"], NO_MEMBER),
        (["group g any none"], NO_MEMBER),
        ([CLUB_LINE, "group g any club none"], NO_MEMBER),
        ([CLUB_LINE, "group g any club club"], NO_MEMBER),
        ([CLUB_LINE, PAPER_LINE, "group g any club báo", "group h any club"], IN_ANOTHER),
        ([CLUB_LINE, PAPER_LINE, "group g any club", "group h any g", "group i any báo g"], IN_ANOTHER),
        ([CLUB_LINE, PAPER_LINE, "group g any club", "group h any báo", "group i any club"], IN_ANOTHER),
        ([CLUB_LINE, "group g 0 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g 2 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g 9999 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g 10000 club"], NOT_AS_MANY),
        ([CLUB_LINE, f"group g {'9' * 5000} club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g -1 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g +1 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g 01 club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g ١ club"], NOT_AS_MANY),
        (
            [*(f"witness w{each} {signer(f'w{each}').key.vkey}" for each in range(11)), f"group g 1١ {MANY}"],
            NOT_AS_MANY,
        ),
        ([CLUB_LINE, "group g ALL club"], NOT_AS_MANY),
        ([CLUB_LINE, "group g none club"], NOT_AS_MANY),
        (["quorum"], NO_QUORUM),
        (["quorum club"], NO_QUORUM),
        ([CLUB_LINE, "quorum club báo"], NO_QUORUM),
        (["quorum none", "quorum none"], NO_QUORUM),
        ([CLUB_LINE, "quorum club", "quorum club"], NO_QUORUM),
        (["quorum none\xa0"], NO_QUORUM),
        (["\xa0quorum none"], "the word '\\xa0quorum' is unknown"),
        (["quibble club"], "the word 'quibble' is unknown"),
        (["Log"], "the word 'Log' is unknown"),
        (["log\xa0a"], "the word 'log\\xa0a' is unknown"),
        (["quorum none\r"], "there is a control character"),
        (["\0"], "there is a control character"),
        (["# \x08"], "there is a control character"),
        (["# \x0b"], "there is a control character"),
        (["# \x1f"], "there is a control character"),
        (["# \x7f"], "there is a control character"),
    ],
)
def test_wrong_line_is_told_with_its_number(lines, message):
    for before in ([], ["", "# and so on"]):
        with refused(BadPolicy, f"line {len(before) + len(lines)}: {message}"):
            policy(*before, *lines, "quorum none")


@pytest.mark.parametrize("text", ["", "\n", "# quorum none\n", LOG_LINE, f"{CLUB_LINE}\n"])
def test_policy_needs_a_quorum(text):
    with refused(BadPolicy, "there is no quorum line"):
        Policy.read(text)


def test_quorum_stands_behind_what_it_names():
    with refused(BadPolicy, f"line 1: {NO_QUORUM}"):
        policy("quorum club", CLUB_LINE)
    assert policy("quorum none", CLUB_LINE).quorum == "none"


def test_policy_has_at_most_1000_lines():
    assert MOST_LINES == 1000
    assert Policy.read("quorum none" + "\n" * 1000) == Policy()
    with refused(BadPolicy, TOO_LONG):
        Policy.read("quorum none" + "\n" * 1001)


@pytest.mark.parametrize("letter", ["#", "đ", "\udcff"])
def test_policy_has_at_most_256_kib(letter):
    start = "quorum none\n#"
    size = len(letter.encode(errors="surrogatepass"))
    longest = start + letter * ((MOST_BYTES - len(start)) // size)
    assert MOST_BYTES == 262_144

    assert Policy.read(longest) == Policy()
    with refused(BadPolicy, TOO_LONG):
        Policy.read(longest + letter)


def test_policy_may_name_hundreds():
    logs = [signer(f"log{each}", LOG) for each in range(100)]
    witnesses = [signer(f"w{each}") for each in range(100)]
    read = policy(
        *(f"log {each.key.vkey}" for each in logs),
        *(f"witness {each.name} {each.key.vkey}" for each in witnesses),
        *(f"group g{number} any {each.name}" for number, each in enumerate(witnesses)),
        f"group every 100 {' '.join(f'g{number}' for number in range(100))}",
        "quorum every",
    )

    assert (len(read.logs), len(read.witnesses), len(read.groups)) == (100, 100, 101)
    assert read.is_enough("every", {each.key for each in witnesses})
    assert not read.is_enough("every", {each.key for each in witnesses[1:]})


def seen(*cosigners: Signer, text: str = TEXT, log: Signer = DESK) -> Note:
    return Note(text, (log.signed(text), *(each.cosigned(text, at=NOW) for each in cosigners)))


def test_checkpoint_is_told_with_its_witnesses():
    trusting = policy(LOG_LINE, CLUB_LINE, PAPER_LINE, "quorum club")
    note = Note(TEXT, (CLUB.cosigned(TEXT, at=5), DESK.signed(TEXT), PAPER.cosigned(TEXT, at=7)))

    assert trusting.check(note) == (CHECKPOINT, {CLUB.key: 5, PAPER.key: 7})
    assert trusting.check(seen(CLUB, NEIGHBOUR)) == (CHECKPOINT, {CLUB.key: NOW})
    assert policy(LOG_LINE, "quorum none").check(seen(CLUB)) == (CHECKPOINT, {})


def test_any_of_the_logs_may_have_signed():
    trusting = policy(f"log {OTHER_DESK.key.vkey}", LOG_LINE, "quorum none")

    assert trusting.check(seen()) == (CHECKPOINT, {})
    assert trusting.check(Note(TEXT, (OTHER_DESK.signed(TEXT), DESK.signed(TEXT)))) == (CHECKPOINT, {})


def test_log_that_is_not_named_is_not_trusted():
    namesake = Signer(DESK.name, LOG, bytes(32))
    for untrusting, note in (
        (policy("quorum none"), seen()),
        (policy(f"log {OTHER_DESK.key.vkey}", "quorum none"), seen()),
        (policy(LOG_LINE, "quorum none"), seen(log=namesake)),
        (policy(LOG_LINE, "quorum none"), seen(log=OTHER_DESK)),
        (policy(LOG_LINE, CLUB_LINE, "quorum club"), Note(TEXT, (CLUB.cosigned(TEXT, at=NOW),))),
    ):
        with refused(BadNote, UNTRUSTED):
            untrusting.check(note)


def test_trusted_log_vouches_for_its_own_origin_alone():
    trusting = policy(LOG_LINE, f"log {OTHER_DESK.key.vkey}", "quorum none")
    other = Checkpoint(OTHER_DESK.name, 1, bytes(32))

    assert trusting.check(seen(text=other.text, log=OTHER_DESK)) == (other, {})
    with refused(BadNote, UNTRUSTED):
        trusting.check(seen(text=other.text, log=DESK))


def test_witness_of_the_logs_name_is_no_log():
    witness = Signer(DESK.name, 4, DESK.seed)
    trusting = policy(f"log {OTHER_DESK.key.vkey}", f"witness w {witness.key.vkey}", "quorum w")
    with refused(BadNote, UNTRUSTED):
        trusting.check(seen(witness, log=OTHER_DESK))


def test_log_is_no_witness():
    with refused(BadNote, TOO_FEW):
        policy(LOG_LINE, CLUB_LINE, "quorum club").check(seen())


@pytest.mark.parametrize("lines", [[CLUB_LINE, "quorum club"], [CLUB_LINE, PAPER_LINE, "group g 1 club", "quorum g"]])
def test_too_few_witnesses_are_not_enough(lines):
    for cosigners in ([], [PAPER], [NEIGHBOUR, PAPER]):
        with refused(BadNote, TOO_FEW):
            policy(LOG_LINE, *lines).check(seen(*cosigners))


def test_bad_line_of_any_key_of_the_policy_spoils_the_note():
    for who in (OTHER_DESK, CLUB):
        note = Note(TEXT, (*seen(PAPER).lines, line(who.name, who.key.id + bytes(72))))
        trusting = policy(LOG_LINE, PAPER_LINE, f"log {OTHER_DESK.key.vkey}", CLUB_LINE, "quorum báo")

        assert policy(LOG_LINE, PAPER_LINE, "quorum báo").check(note) == (CHECKPOINT, {PAPER.key: NOW})
        with refused(BadNote, "the signature of a known key does not fit"):
            trusting.check(note)


def test_note_without_a_checkpoint_is_not_trusted():
    text = f"{TEXT}an extension line\n"
    with refused(BadNote, "this is no checkpoint of three lines"):
        policy(LOG_LINE, "quorum none").check(seen(text=text))


keys = [signer(f"w{each}").key for each in range(6)]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Witnesses in groups in groups, as far as there are any that are in none."""
    witnesses = {f"w{each}": (keys[each], draw(st.sampled_from(["", "https://w/"]))) for each in range(6)}
    free, groups = list(witnesses), {}
    for number in range(draw(st.integers(0, 5))):
        members = draw(st.lists(st.sampled_from(free), unique=True, min_size=1, max_size=4))
        free = [each for each in free if each not in members] + [f"g{number}"]
        groups[f"g{number}"] = Group(draw(st.integers(1, len(members))), tuple(members))
    quorum = draw(st.sampled_from(["none", *witnesses, *groups]))
    return Policy({DESK.key: draw(st.sampled_from(["", "https://log/"]))}, witnesses, groups, quorum)


def naive(told: Policy, name: str, cosigners: set[Key]) -> bool:
    """As tlog-policy words it: a witness that cosigned, or a group of which k members have witnessed."""
    if name == "none":
        return True
    if name in told.witnesses:
        return told.witnesses[name][0] in cosigners
    group = told.groups[name]
    return sum(naive(told, each, cosigners) for each in group.members) >= group.enough


@given(policies(), st.sets(st.sampled_from(keys)))
@settings(deadline=None)
def test_every_policy_is_read_back_and_means_the_same(told, cosigners):
    assert Policy.read(str(told)) == told
    for name in ("none", *told.witnesses, *told.groups):
        assert told.is_enough(name, cosigners) is naive(told, name, cosigners)
    assert told.is_enough("nobody of this name", cosigners) is False


@given(st.text() | st.lists(st.sampled_from(["log", "group", "quorum", "none", "g", "1", "\n", "#", "é", "\ud800"])))
def test_any_text_is_a_policy_or_refused(parts):
    text = parts if isinstance(parts, str) else " ".join(parts)
    try:
        assert Policy.read(text) == Policy()
    except BadPolicy as error:
        assert str(error).startswith(("line ", "there is no quorum line"))


def test_key_in_a_policy_has_its_own_id():
    wrong = f"a+00000000+{base64_of(bytes([LOG]) + bytes(32))}"
    with refused(BadPolicy, "line 1: the key and its id do not fit"):
        policy(f"log {wrong}")
