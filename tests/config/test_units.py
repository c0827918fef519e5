"""`sangto units`: seed, load, propose, apply, show and find, and what each says when it cannot."""

import json

import pytest
from click.testing import CliRunner

from sangto.config.cli import main
from sangto.people.models import UnitEvent, UnitPeriod, UnitProposal
from tests.factories import make_member

pytestmark = pytest.mark.django_db
HEAD = "code,name,kind,parent_code\n"
FIRST = HEAD + "1,North,province,\n11,Hill,commune,1\n12,Lake,commune,1\n"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["units", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "list.csv") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def loaded(file):
    make_member("an"), make_member("binh", role="approver")
    code, said = run("load", file(FIRST), "--first", "--scheme", "xx", "--source", "us", "--as-of", "2020-01-01")
    assert (code, said.splitlines()) == (0, ["units of the first list: 3 of 3"])


def load(path: str, *, by: str = "an", on: str = "2026-03-01") -> tuple[int, str]:
    return run("load", path, "--scheme", "xx", "--source", "us", "--as-of", on, "--by", by)


def test_a_list_is_proposed_checked_by_another_and_applied(loaded, file):
    code, said = load(file(FIRST.replace("Hill", "Green Hill")))
    assert (code, said) == (0, "1 proposals wait for another member (sangto units proposals).\n")
    (proposal,) = UnitProposal.objects.all()
    assert run("proposals")[1] == f"{proposal.pk}: rename of 2026-03-01, Green Hill (an; needs its document)\n"

    without = run("apply", str(proposal.pk), "--by", "binh")
    same = run("apply", str(proposal.pk), "--by", "an", "--decree", "1", "--document", "https://example.org/1")
    done = run("apply", str(proposal.pk), "--by", "binh", "--decree", "1", "--document", "https://example.org/1")

    assert without == (1, "Nothing was changed: the document that orders it is missing (--decree, --document).\n")
    assert same[0] == 1
    assert done == (0, f"Proposal {proposal.pk} was applied.\n")
    shown = run("show", "11")
    assert shown[0] == 0
    assert "Green Hill (commune), from 2026-03-01 on" in shown[1]
    assert run("show", "11", "--on", "2026-02-28")[0] == 0
    assert run("find", "green hill")[1] == "11 Green Hill, North\n"


def test_disagreements_are_printed_and_not_applied(loaded, file):
    code, said = load(file(FIRST.replace("12,Lake", "13,Pond")))

    assert code == 0
    assert said.splitlines()[:2] == [
        "Disagreement: 13 is only in the list (here -, in the list Pond)",
        "Disagreement: 12 is not in the list (here Lake, in the list -)",
    ]
    assert UnitProposal.objects.count() == 0


def test_bad_lines_are_named(loaded, file):
    code, said = load(file(HEAD + "1,North,province,\n,Hill,commune,7\n"))

    assert (code, said) == (1, "line 3: this must not be empty: code\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load", "nowhere.csv", "--scheme", "xx", "--source", "s", "--as-of", "2026-01-01", "--by", "an"], "read"),
        (["load", "x", "--scheme", "xx", "--source", "s", "--as-of", "2026-01-01", "--by", "nobody"], "no active"),
        (["load", "x", "--scheme", "xx", "--source", "s", "--as-of", "soon", "--by", "an"], "Invalid value"),
        (["seed", "atlantis"], "There is: vn"),
        (["apply", "99", "--by", "an"], "No proposal 99"),
        (["apply", "99", "--by", "nobody"], "no active"),
        (["show", "no-such-code"], "Nobody ever held"),
        (["propose", "rename", "99", "--name", "x", "--on", "2026-03-01", "--by", "an"], "nobody holds this code"),
        (["propose", "rename", "11", "--on", "2026-03-01", "--by", "an"], "cannot do this"),
        (["propose", "recode", "11", "--code", "a b", "--on", "2026-03-01", "--by", "an"], "says no changes"),
        (["propose", "rename", "11", "--name", "x", "--on", "2026-03-01", "--by", "nobody"], "no active"),
        (["propose", "file", "nowhere.json", "--on", "2026-03-01", "--by", "an"], "cannot be read"),
        (["reverse", "7", "--by", "an", "--decree", "1", "--document", "d"], "no such event"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(loaded, words, said):
    code, printed = run(*words)

    assert code != 0
    assert said in printed


def test_one_change_and_its_reversal(loaded):
    document = ("--decree", "1", "--document", "https://example.org/1")
    run("propose", "upgrade", "11", "--kind", "ward", "--on", "2026-03-01", "--by", "an", *document)
    run("apply", str(UnitProposal.objects.get().pk), "--by", "binh")
    event = UnitEvent.objects.get()
    run("reverse", str(event.pk), "--by", "an", *document)
    code, _ = run("apply", str(UnitProposal.objects.latest("pk").pk), "--by", "binh")

    assert code == 0
    assert [row.kind for row in UnitPeriod.objects.filter(code="11", voided_by=None)] == ["commune"]


def test_changes_of_a_file(loaded, file):
    unit = UnitPeriod.objects.get(code="12").unit_id
    changes = {"end": [f"u{unit}"]}
    path = file(json.dumps({"kind": "close", "scheme": "xx", "changes": changes}), "changes.json")

    assert run("propose", "file", path, "--on", "2026-03-01", "--by", "an")[0] == 0
    assert run("propose", "file", file("{", "bad.json"), "--on", "2026-03-01", "--by", "an")[0] == 1


def test_a_proposal_is_refused(loaded, file):
    load(file(FIRST.replace("Hill", "Green Hill")))
    number = str(UnitProposal.objects.get().pk)

    assert run("apply", number, "--refuse", "--by", "binh") == (0, f"Proposal {number} was refused.\n")
    assert run("proposals")[1] == ""


def test_a_second_first_list_is_refused(loaded, file):
    code, said = run("load", file(FIRST), "--first", "--scheme", "xx", "--source", "us", "--as-of", "2020-01-01")

    assert (code, "knows units of this country already" in said) == (1, True)
