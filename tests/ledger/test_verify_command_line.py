"""The file as strangers run it: alone, in their language, with exit codes, and never with a traceback."""

import ast
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import put
from tests.ledger.receipts import SEEN, SEEN_VI, VALID, VALID_VI, W1, Case
from tests.ledger.running import both, said

FILE = Path(verify.__file__)
USAGE = """Usage:
  verify_desk.py receipt FILE [--text FILE] [--place FILE]
  verify_desk.py answer URL|FILE
  verify_desk.py consistency OLD NEW [--log URL|FOLDER]
  verify_desk.py monitor URL --state FOLDER
  verify_desk.py policy FILE
Every command also takes: --policy FILE (the policy you trust), --lang vi|en."""
USAGE_VI = USAGE.replace("Usage:", "Cách dùng:").replace(
    "Every command also takes: --policy FILE (the policy you trust), --lang vi|en.",
    "Lệnh nào cũng nhận thêm: --policy FILE (chính sách bạn tin cậy), --lang vi|en.",
)


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def alone(*argv: object, file: Path = FILE, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The file run by itself, isolated from everything of ours."""
    env = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8", **environ}
    return subprocess.run([sys.executable, "-I", file, *map(str, argv)], capture_output=True, env=env, check=False)


# --- Alone ----------------------------------------------------------------------------------------------------------


def test_runs_alone_in_both_languages(case):
    path = case.file(case.receipt.file([W1]))

    english = alone("receipt", path, "--policy", case.policy, "--lang", "en")
    vietnamese = alone("receipt", path, "--policy", case.policy, "--lang=vi")

    assert (english.returncode, english.stdout.decode().splitlines(), english.stderr) == (0, [VALID, SEEN], b"")
    assert (vietnamese.returncode, vietnamese.stdout.decode().splitlines()) == (0, [VALID_VI, SEEN_VI])


def test_status_says_what_was_found(case):
    good, bad = case.file(case.receipt.file([W1])), case.file(case.receipt.file(), "bad")

    statuses = [
        alone("receipt", path, "--policy", rule).returncode
        for path, rule in ((good, case.policy), (bad, case.policy), (good, "gone"), (case.folder / "gone", case.policy))
    ]

    assert statuses == [0, 1, 2, 2]


def test_every_command_runs_alone(case):
    case.desk.publish("2026-000001")
    case.desk.write(case.folder / "desk")
    put(case.folder / "old", case.desk.log.checkpoint(5, [W1]).encode())
    folder, rule = case.folder / "desk", ("--policy", case.policy, "--lang", "en")
    log = folder / "log/2026"

    runs = {
        "answer": alone("answer", folder / "answers/2026-000001/v1.json", *rule),
        "consistency": alone("consistency", case.folder / "old", log / "checkpoint", "--log", log, *rule),
        "monitor": alone("monitor", folder, "--state", case.folder / "state", *rule),
        "policy": alone("policy", case.policy, "--lang", "en"),
    }

    assert {name: (run.returncode, run.stderr) for name, run in runs.items()} == dict.fromkeys(runs, (0, b""))


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["receipt"], ["--lang"], ["monitor", "x"]])
def test_wrong_command_line_gets_the_usage(argv):
    run = alone(*argv, LANG="en_GB.UTF-8")

    assert (run.returncode, run.stdout, run.stderr.decode()) == (2, b"", USAGE + "\n")


def test_prints_vietnamese_on_a_terminal_that_knows_no_vietnamese(case):
    path = case.file(case.receipt.file([W1]))

    run = alone("receipt", path, "--policy", case.policy, PYTHONIOENCODING="ascii")
    isolated = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.stdout.reconfigure(encoding='ascii'); sys.argv[0:1] = []\n{MAIN}",
         FILE, "receipt", path, "--policy", case.policy],
        capture_output=True, check=False,
    )  # fmt: skip

    assert run.returncode == isolated.returncode == 0
    assert isolated.stdout.decode("ascii").startswith("H\\u1ee3p l\\u1ec7: tin nh\\u1eadn")


MAIN = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"


def test_needs_nothing_but_the_standard_library_of_3_9():
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom)
            else []
        )
    }  # fmt: skip

    assert imported <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]


def test_policy_can_be_pinned_by_putting_it_in_its_place(case):
    source = FILE.read_text(encoding="utf-8")
    place = 'PINNED_POLICY = ""\n'
    text = case.policy.read_text() + '# a comment with "quotes", a \\ and Tiếng Việt\n'
    pinned = case.file(source.replace(place, f"PINNED_POLICY = {text!r}\n"), "pinned.py")
    path = case.file(case.receipt.file([W1]))

    run = alone("receipt", path, "--lang", "en", file=pinned)

    assert source.count(place) == 1
    assert verify.PINNED_POLICY == ""
    assert (run.returncode, run.stdout.decode().splitlines()) == (0, [VALID, SEEN])


# --- Words and options ----------------------------------------------------------------------------------------------


def test_help_is_printed_in_both_languages(capsys):
    assert both(capsys, "--help") == (0, USAGE.split("\n"), USAGE_VI.split("\n"))
    assert said(capsys, "receipt", "-h") == (0, USAGE.split("\n"))


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense", "x"],
        ["receipt"],
        ["receipt", "a", "b"],
        ["answer"],
        ["answer", "a", "b"],
        ["consistency", "a"],
        ["consistency", "a", "b", "c"],
        ["monitor", "a"],
        ["monitor", "--state", "s"],
        ["monitor", "a", "b", "--state", "s"],
        ["policy"],
        ["policy", "a", "b"],
        ["receipt", "a", "--state", "s"],
        ["receipt", "a", "--log", "s"],
        ["answer", "a", "--text", "t"],
        ["consistency", "a", "b", "--place", "t"],
        ["monitor", "a", "--state", "s", "--text", "t"],
        ["policy", "a", "--log", "t"],
        ["receipt", "a", "--text"],
        ["receipt", "a", "--text="],
        ["receipt", "a", "--text", ""],
        ["receipt", "a", "--text", "t", "--text", "t"],
        ["receipt", "a", "--nonsense", "t"],
        ["receipt", "a", "--"],
        ["receipt", "a", "--lang", "fr"],
        ["receipt", "a", "--lang", "EN"],
    ],
)
def test_line_that_is_not_ours_is_refused(argv, capsys, monkeypatch):
    for lang, usage in (("en", USAGE), ("vi", USAGE_VI)):
        monkeypatch.setenv("LC_ALL", lang)

        assert verify.main(argv) == 2
        assert capsys.readouterr() == ("", usage + "\n")


@pytest.mark.parametrize(
    "argv",
    [
        ["receipt", "R", "--policy", "P", "--text", "T"],
        ["--policy", "P", "receipt", "--text", "T", "R"],
        ["receipt", "--text=T", "--policy=P", "R"],
    ],
)
def test_options_stand_anywhere(argv):
    assert verify.read_command_line(argv) == (["receipt", "R"], {"policy": "P", "text": "T"})


def test_value_of_an_option_may_hold_an_equals_sign():
    assert verify.read_command_line(["policy", "x", "--policy=a=b"]) == (["policy", "x"], {"policy": "a=b"})


def test_arguments_of_the_process_are_taken_where_none_are_given(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["verify_desk.py", "--help", "--lang", "en"])

    assert verify.main() == 0
    assert capsys.readouterr().out == USAGE + "\n"


@pytest.mark.parametrize(
    ("environ", "argv", "lang"),
    [
        ({}, [], "vi"),
        ({"LANG": "en_US.UTF-8"}, [], "en"),
        ({"LANG": "vi_VN.UTF-8"}, [], "vi"),
        ({"LANG": "C.UTF-8"}, [], "vi"),
        ({"LANG": "fr_FR.UTF-8"}, [], "vi"),
        ({"LC_ALL": "en_GB", "LANG": "vi_VN"}, [], "en"),
        ({"LC_ALL": "vi_VN", "LANG": "en_GB"}, [], "vi"),
        ({"LC_ALL": "", "LANG": "en_GB"}, [], "en"),
        ({"LANG": "en_GB"}, ["--lang", "vi"], "vi"),
        ({"LANG": "en_GB"}, ["--lang=vi"], "vi"),
        ({"LANG": "vi_VN"}, ["--lang", "en"], "en"),
        ({"LANG": "vi_VN"}, ["--lang=en"], "en"),
        ({"LANG": "en_GB"}, ["--lang", "fr"], "en"),
    ],
)
def test_language_is_that_asked_for_or_that_of_the_machine(monkeypatch, environ, argv, lang):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LANG", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert verify.language(argv) == lang


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things():
    assert list(verify.VI) == list(verify.EN)
    assert {code for code in verify.VI if fields(verify.VI[code]) != fields(verify.EN[code])} == set()
    assert {code for code, text in verify.VI.items() if text == verify.EN[code]} == set()


def test_every_text_is_used_and_every_code_has_a_text():
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]

    assert {code for code in verify.EN if words.count(code) < 3} - {"usage"} == set()  # one in each table, one in use


def test_unexpected_error_is_told_without_a_traceback(case, capsys, monkeypatch):
    def broken(*_args: object) -> bytes:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(verify, "fetch", broken)

    assert both(capsys, "policy", "x") == (
        2,
        [
            "Cannot tell: the program met something unexpected (ZeroDivisionError); "
            "please tell its authors, with the file you checked."
        ],
        [
            "Chưa kết luận được: chương trình gặp lỗi ngoài dự kiến (ZeroDivisionError); "
            "xin báo cho người viết, kèm tệp bạn đã kiểm tra."
        ],
    )


def test_stopping_it_is_told_without_a_traceback(capsys, monkeypatch):
    def stopped(*_args: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(verify, "fetch", stopped)

    assert both(capsys, "policy", "x") == (
        2,
        ["Cannot tell: you stopped the program."],
        ["Chưa kết luận được: bạn đã dừng chương trình."],
    )
