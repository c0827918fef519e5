import json
import random
from math import exp

import pytest
from click.testing import CliRunner

from sangto.config import checks, engine
from sangto.config.cli import main
from sangto.desk import matcher
from sangto.desk.models import Calibration, Case, SearchText
from sangto.engine import learned
from sangto.engine.decide import PROMISE
from sangto.engine.evaluate import FIGURES
from sangto.engine.learned import Learned, shipped
from sangto.engine.refit import Sample
from tests.factories import HOSPITAL, make_answer, send

ANSWERS = [
    {
        "id": "a",
        "question": HOSPITAL,
        "title": "Nước chanh không chữa ung thư",
        "answer": "Chưa có bằng chứng.",
        "lang": "vi",
    },
    {"id": "b", "question": "Giá điện tăng gấp đôi từ tháng 7?", "title": "Giá điện", "answer": "Không.", "lang": "vi"},
    {
        "id": "c",
        "question": "Is the Lotus bridge closed on Sunday?",
        "title": "Lotus bridge",
        "answer": "Yes.",
        "lang": "en",
    },
]
MESSAGES = [
    {"id": "1", "text": HOSPITAL, "lang": "vi", "expect": "a", "variant": "same"},
    {
        "id": "2",
        "text": "Lotus bridge closed Sunday?",
        "lang": "en",
        "expect": "c",
        "variant": "short",
        "must_not": ["a"],
    },
    {"id": "3", "text": "Khi nào tiêm phòng dại cho chó?", "lang": "vi", "expect": None, "variant": "null"},
]


def run(*words):
    return CliRunner().invoke(main, ["engine", *map(str, words)])


@pytest.fixture
def files(tmp_path):
    found = tmp_path / "answers.jsonl", tmp_path / "messages.jsonl"
    for file, rows in zip(found, (ANSWERS, MESSAGES), strict=True):
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return found


def evaluate(answers, messages, *more):
    return run("evaluate", "--answers", answers, "--messages", messages, *more)


# --- evaluate --------------------------------------------------------------------------------------------------------


def test_json_has_the_promised_shape_and_figures(files):
    result = evaluate(*files, "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(found) == ["overall", "variants"]
    assert list(found["variants"]) == ["null", "same", "short"]
    assert all(list(each) == list(FIGURES) for each in (found["overall"], *found["variants"].values()))
    overall = found["overall"]
    assert (overall["n"], overall["recall_at_1"], overall["map_at_5"], overall["mrr"]) == (3, 1.0, 1.0, 1.0)
    assert overall["instant_share"] + overall["offered_share"] + overall["handed_share"] == pytest.approx(1)
    assert (overall["wrong_on_null"], overall["wrong_on_must_not"]) == (0.0, 0)
    assert found["variants"]["same"]["instant_precision"] == 1.0
    assert 0 < overall["p50_ms"] <= overall["p95_ms"] <= overall["p99_ms"]


def test_table_has_a_line_for_all_and_for_each_variant(files):
    result = evaluate(*files)

    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["overall", "null", "same", "short"]
    assert lines[0].split()[:2] == ["n", "R@1"]
    assert lines[1].split()[1:3] == ["3", "1.000"]


def test_twins_hide_the_answer_of_each_message(files):
    found = json.loads(evaluate(*files, "--twins", "--json").stdout)

    removed = found["variants"][engine.REMOVED]
    assert (removed["n"], removed["wrong_on_null"], removed["recall_at_1"]) == (2, 0.0, None)


def test_nothing_is_kept(files, settings, django_assert_num_queries):
    assert evaluate(*files).exit_code == 0
    assert list(settings.HOME.iterdir()) == list(files)


@pytest.mark.parametrize(
    ("file", "held", "why"),
    [
        (0, "", "answers.jsonl: it holds nothing that can be used"),
        (1, "{", "messages.jsonl, line 1: it is not valid JSON"),
        (1, '{"id": "1", "text": "x", "expect": "z"}', "messages.jsonl, line 1: expect is the id of no answer"),
        (0, '{"id": "1"}\n{"id": "1"}', "answers.jsonl, line 2: its id is there twice"),
    ],
)
def test_file_that_cannot_be_used_is_one_line_and_code_one(files, file, held, why):
    files[file].write_text(held)

    result = evaluate(*files)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"sangto: {why}\n")


@pytest.mark.parametrize(("name", "why"), [("none.jsonl", "No such file or directory"), (".", "Is a directory")])
@pytest.mark.parametrize("place", [0, 1])
def test_what_is_no_file_is_one_line_and_code_one(files, tmp_path, place, name, why):
    given = [*files]
    given[place] = tmp_path / name

    result = evaluate(*given)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"sangto: {given[place]} cannot be read ({why})\n"


def test_checkthat_without_qrels_is_one_line_and_code_one(tmp_path):
    (tmp_path / "claims.tsv").write_text("\tvclaim\ttitle\n0\tA shark swam on a highway.\tShark\n")
    (tmp_path / "posts.tsv").write_text("10\tlook, a shark on the highway\n")
    claims, posts = tmp_path / "claims.tsv", tmp_path / "posts.tsv"

    result = evaluate(claims, posts, "--format", "checkthat")
    (tmp_path / "some.qrels").write_text("10\t0\t0\t1\n")
    found = evaluate(claims, posts, "--format", "checkthat", "--json")

    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "--qrels" in result.stderr
    assert json.loads(found.stdout)["variants"]["post"]["recall_at_1"] == 1.0


@pytest.fixture
def without_model(monkeypatch):
    nothing = Learned("untrained", trouble="the model file is missing")
    for module in (engine, checks, matcher, learned):
        monkeypatch.setattr(module, "shipped", lambda: nothing)
    monkeypatch.setattr("sangto.engine.decide.shipped", lambda: nothing)


def test_missing_model_works_on_with_the_formula_and_says_so(files, without_model):
    result = evaluate(*files, "--json")

    assert result.exit_code == 0
    assert result.stderr == "sangto: the model file is missing; the untrained formula is used\n"
    assert json.loads(result.stdout)["overall"]["recall_at_1"] == 1.0


@pytest.mark.parametrize(
    ("held", "trouble"),
    [
        (None, "the model file is missing"),
        (b'{"version": 0}', "the model file cannot be used: it has version 0, and this program reads 1"),
        (b"{", "the model file cannot be used: "),
        (b"[]", "the model file cannot be used: "),
        (b"\xff", "the model file cannot be used: "),
    ],
)
def test_model_file_that_cannot_be_used_is_told(monkeypatch, tmp_path, held, trouble):
    (tmp_path / "model").mkdir()
    if held is not None:
        (tmp_path / "model" / "matching.json").write_bytes(held)
    monkeypatch.setattr(learned, "files", lambda package: tmp_path)

    found = shipped.__wrapped__()

    assert found.trouble.startswith(trouble)
    assert (found.name, found.ranker) == ("untrained", None)


# --- group -----------------------------------------------------------------------------------------------------------


BRIDGE = "The Lotus bridge is closed for repairs until 5 May"
SAID = [
    {"id": 1, "text": HOSPITAL, "sender": "Thu"},
    {"id": "b", "text": BRIDGE, "expect": "z"},
    {"id": "c", "text": f"Hi all, {BRIDGE.upper()}"},
    {"id": "d", "text": ""},
    {"id": "e", "text": BRIDGE.replace("5", "6")},
    {"id": "f", "text": f"{BRIDGE}?"},
    {"id": "g", "text": HOSPITAL.upper()},
]


@pytest.fixture
def said(tmp_path):
    file = tmp_path / "said.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in SAID), encoding="utf-8")
    return file


def test_groups_are_printed_largest_first_with_reasons_and_counts(said):
    result = run("group", "--messages", said)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "b: 3 messages",
        "  c: 100 % same text, same numbers",
        "  f: 100 % same text, same numbers",
        "1: 2 messages",
        "  g: 100 % same text",
        "7 messages: 5 in 2 groups, 2 alone",
    ]


def test_groups_as_json_have_the_promised_shape(said):
    found = json.loads(run("group", "--messages", said, "--json").stdout)

    assert [(one["representative"], one["size"]) for one in found["groups"]] == [("b", 3), ("1", 2)]
    assert found["groups"][1]["joined"] == [{"id": "g", "reasons": [{"code": "same_text", "value": "100"}]}]
    assert {name: found[name] for name in ("messages", "grouped", "alone")} == {"messages": 7, "grouped": 5, "alone": 2}


def test_nothing_that_tells_a_sender_is_printed_or_kept(said, settings, django_assert_num_queries):
    result = run("group", "--messages", said, "--json")

    assert "Thu" not in result.output
    assert list(settings.HOME.iterdir()) == [said]


def test_messages_that_are_all_different_make_no_group(said):
    said.write_text(json.dumps(SAID[0]))

    result = run("group", "--messages", said)

    assert (result.exit_code, result.stdout) == (0, "1 messages: 0 in 0 groups, 1 alone\n")


def test_progress_is_shown_on_a_terminal_only(said, monkeypatch):
    quiet = run("group", "--messages", said)
    monkeypatch.setattr("sangto.config.group._is_watched", lambda: True)

    shown = run("group", "--messages", said)

    assert quiet.stderr == ""
    assert "Comparing" in shown.stderr
    assert shown.stdout == quiet.stdout


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ("", "said.jsonl: it holds nothing that can be used"),
        ("\n{", "said.jsonl, line 2: it is not valid JSON"),
        ("[]", "said.jsonl, line 1: it is not a JSON object"),
        ('{"text": "x"}', "said.jsonl, line 1: id is missing"),
        ('{"id": "1", "message": "x"}', "said.jsonl, line 1: text is missing"),
        ('{"id": "1", "text": ["x"]}', "said.jsonl, line 1: text is no text"),
        ('{"id": "1", "text": "x"}\n{"id": 1, "text": "y"}', "said.jsonl, line 2: its id is there twice"),
    ],
)
def test_messages_that_cannot_be_used_are_one_line_and_code_one(said, held, why):
    said.write_text(held)

    result = run("group", "--messages", said)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"sangto: {why}. Write each line as ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(("name", "why"), [("none.jsonl", "No such file or directory"), (".", "Is a directory")])
def test_messages_that_are_no_file_are_one_line_and_code_one(tmp_path, name, why):
    result = run("group", "--messages", tmp_path / name)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"sangto: {tmp_path / name} cannot be read ({why})\n"


# --- refit -----------------------------------------------------------------------------------------------------------


def planted(count, *, shift):
    chance = random.Random(5)
    raws = [chance.uniform(-3, 3) for _ in range(count)]
    return [
        Sample(raw, chance.random() < 1 / (1 + exp(-raw - shift)), "vi", group=at % 30, alone=True)
        for at, raw in enumerate(raws)
    ]


@pytest.fixture
def labelled(monkeypatch):
    """Labels of a desk on which the engine is far too sure."""
    samples = planted(600, shift=-4)
    monkeypatch.setattr(matcher, "samples", lambda: iter(samples))
    return samples


@pytest.mark.django_db
def test_refit_shows_both_curves_and_stores_nothing(labelled):
    result = run("refit")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].split() == ["sureness", "labels", "right", "old", "says", "new", "says"]
    assert sum(int(line.split()[3]) for line in lines[1 : lines.index("")]) == 600
    assert [line.split()[0] for line in lines[lines.index("") :] if line][1:3] == ["log", "calibration"]
    assert any(line.startswith("cut-off for 98.00%, vi ") for line in lines)
    assert "Nothing was stored" in lines[-1]
    assert not Calibration.objects.exists()


@pytest.mark.django_db
def test_refit_applied_is_stored_used_and_not_stored_again(labelled):
    result = run("refit", "--apply")
    again = run("refit", "--apply")

    row = Calibration.objects.get()
    assert (result.exit_code, again.exit_code) == (0, 1)
    assert result.stdout.splitlines()[-1] == "Stored; every process goes by it within a minute."
    assert "is no better on labels that it has not seen" in again.stderr
    assert (row.labels, row.loss_after < row.loss_before) == (600, True)
    assert matcher.counts() == {"answers": 0, "open": 0}
    assert matcher.REPLICA.learned.curve != shipped().curve


@pytest.mark.django_db
def test_refit_without_labels_is_one_sentence_and_code_one():
    make_answer(send(HOSPITAL).case)

    result = run("refit", "--apply")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "sangto: 0 labels can be used, and at least 30 are needed. Nothing was stored.\n"
    assert not Calibration.objects.exists()


# --- check -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_check_tells_the_model_the_promise_and_the_labels():
    told = dict((said.split()[0], (state, said)) for state, said in checks._engine())

    assert told["the"][0] == checks.OK
    assert told["the"][1].startswith("the matching model is shipped 1 (")
    assert f"right at {PROMISE:.2%}" in told["instant"][1]
    assert told["0"] == (checks.OK, "0 messages were labelled by people; the engine is as sure as it was shipped")


@pytest.mark.django_db
def test_check_warns_of_a_missing_model_and_stays_healthy(without_model):
    looked = list(checks._engine())

    assert looked[0] == (checks.WARN, "the model file is missing: an untrained formula takes its place")
    assert {state for state, _ in looked} <= {checks.OK, checks.WARN}


@pytest.mark.django_db
def test_check_tells_which_calibration_is_in_use(labelled):
    run("refit", "--apply")
    in_use = list(checks._engine())[-1]
    Calibration.objects.update(model="another 1")

    other = list(checks._engine())[-1]

    assert (in_use[0], in_use[1].endswith("(600 labels) is in use")) == (checks.OK, True)
    assert other[0] == checks.WARN
    assert "was made for another 1 and is not used" in other[1]


@pytest.mark.django_db
def test_search_writes_anew_what_is_wrong_and_says_how_much():
    case, other = send().case, send("Có đúng là cầu Rồng đóng cửa sáng mai không?").case
    Case.objects.filter(pk=case.pk).update(asked=7)
    SearchText.objects.filter(case=other).update(words="sai")

    first, second = run("search"), run("search")

    assert (first.exit_code, first.output) == (0, "2 cases were wrong and are written anew.\n")
    assert second.output.startswith("0 cases")
    case.refresh_from_db()
    assert case.asked == 1
