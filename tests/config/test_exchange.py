"""`sangto import` and `sangto export` as an operator sees them."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection

from sangto.config.exchange import export_command, import_command
from sangto.desk.actions import ForeignRow, import_answers
from sangto.desk.matcher import search_answers
from sangto.desk.models import Case, Change, ForeignAnswer
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_withdrawal, send

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("SANGTO_DATA", Path(__file__).parents[3] / "shared" / "data"))
CLAIMS = DATA / "claims" / "checkthat2020" / "verified_claims.docs.tsv"
LATER_CLAIMS = DATA / "claims" / "checkthat2021" / "vclaims.jsonl"
SECRETS = ["Trần Bí Mật", "bimat99", "bimat@example.org", "facebook.com/bimat", "Lê Ẩn Danh"]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    settings.SITE_URL, settings.DESK_NAME = "https://desk.example", "Phường Sông Xanh"


def run(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def written(tmp_path, *rows, name="rows.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(row) + "\n" if isinstance(row, dict) else row + "\n" for row in rows))
    return path


def counts(result):
    return {line.split()[0]: int(line.split()[1]) for line in result.stdout.splitlines()}


def row(n, **changes):
    return {"id": str(n), "question": f"Câu hỏi số {n}", "publisher": "Báo", "lang": "vi", **changes}


def test_import_counts_and_says_what_it_refuses(tmp_path):
    path = written(
        tmp_path, row(1), "{", row(2, kind="opinion"), row(3, publisher=""), row(4, url="javascript:x"),
        row(5, question="x" * 1001), row(6, lang="fr"), row(7, question=" "),
    )  # fmt: skip

    result = run(import_command, "jsonl", path)

    assert result.exit_code == 0
    assert counts(result) == {"new": 1, "known": 0, "renewed": 0, "refused": 7}
    assert result.stderr.splitlines() == [
        "line 2: it is not valid JSON",
        "line 3: its kind is neither claim nor problem",
        "line 4: it names no publishing organisation; give one with --publisher",
        "line 5: the address does not start with http:// or https://",
        "line 6: a text is longer than allowed",
        "line 7: its language is neither vi nor en",
        "line 8: it has no question",
    ]
    assert ForeignAnswer.objects.count() == 1


def test_refusal_holds_no_text_of_the_row(tmp_path):
    path = written(tmp_path, row(1, question="x" * 1001, published_on="Bí mật"), row(2, kind="Bí mật"))

    result = run(import_command, "jsonl", path)

    assert "xxx" not in result.stderr
    assert "Bí mật" not in result.stderr


def test_second_run_changes_nothing(tmp_path):
    path = written(tmp_path, row(1), row(2))
    run(import_command, "jsonl", path)
    before = (ForeignAnswer.objects.count(), Case.objects.count(), Change.objects.count())

    result = run(import_command, "jsonl", path)

    assert result.exit_code == 0
    assert counts(result) == {"new": 0, "known": 2, "renewed": 0, "refused": 0}
    assert (ForeignAnswer.objects.count(), Case.objects.count(), Change.objects.count()) == before


def test_changed_row_is_renewed_and_found_by_its_new_words(tmp_path):
    run(import_command, "jsonl", written(tmp_path, row(1), row(2)))

    result = run(import_command, "jsonl", written(tmp_path, row(1, question="Sầu riêng gây sốt"), row(2)))

    assert counts(result) == {"new": 0, "known": 1, "renewed": 1, "refused": 0}
    assert [answer.question for answer in search_answers("sau rieng", limit=5)] == ["Sầu riêng gây sốt"]
    assert Case.objects.count() == 2


def test_row_twice_in_one_file_is_one_answer(tmp_path):
    result = run(import_command, "jsonl", written(tmp_path, row(1), row(1), row(1, verdict="Sai")))

    assert counts(result) == {"new": 1, "known": 1, "renewed": 1, "refused": 0}
    assert ForeignAnswer.objects.get().verdict == "Sai"


def test_import_that_stopped_half_way_is_cured_by_the_next(tmp_path, monkeypatch):
    path = written(tmp_path, *(row(n) for n in range(1200)))
    batches = []

    def stops(rows, *, now):
        batches.append(len(rows))
        if len(batches) == 3:
            raise KeyboardInterrupt
        return import_answers(rows, now=now)

    monkeypatch.setattr("sangto.config.exchange.import_answers", stops)
    stopped = run(import_command, "jsonl", path)
    half = ForeignAnswer.objects.count()
    monkeypatch.undo()

    again = run(import_command, "jsonl", path)

    assert (stopped.exit_code, half) == (1, 1000)
    assert counts(again) == {"new": 200, "known": 1000, "renewed": 0, "refused": 0}
    assert Case.objects.count() == ForeignAnswer.objects.count() == 1200


def test_options_stand_in_for_what_rows_do_not_say(tmp_path):
    path = written(
        tmp_path, {"question": "Is it so?"}, {"question": "Có thật không?", "lang": "vi", "publisher": "Báo"}
    )

    run(import_command, "jsonl", path, "--publisher", "Đài", "--lang", "en")

    rows = ForeignAnswer.objects.order_by("pk").values_list("publisher", "case__lang")
    assert list(rows) == [("Đài", "en"), ("Báo", "vi")]


def test_nothing_accepted_is_a_failure(tmp_path):
    assert run(import_command, "jsonl", written(tmp_path, "{")).exit_code == 1
    assert run(import_command, "jsonl", written(tmp_path, "")).exit_code == 1


@pytest.mark.parametrize(
    "arguments", [("jsonl", "/nowhere.jsonl"), ("jsonl", "/tmp"), ("xml", __file__), (), ("jsonl",)]
)
def test_wrong_call_is_a_usage_error(arguments):
    result = run(import_command, *arguments)

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_binary_file_is_refused_without_a_traceback(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(bytes(range(256)) * 40)

    for format_ in ("jsonl", "csv", "checkthat", "claimreview"):
        result = run(import_command, format_, path)

        assert result.exit_code == 1
        assert result.stderr == "line 1: it is not UTF-8 text\n"


def person_filled(format_):
    name, handle, mail, profile, other = SECRETS
    person = {"@type": "Person", "name": name, "email": mail, "sameAs": profile, "alternateName": handle}
    claim = {
        "@type": "Claim",
        "author": person,
        "creator": person,
        "firstAppearance": {"url": profile},
        "sender": person,
    }
    review = {
        "@type": "ClaimReview", "claimReviewed": "Câu hỏi", "itemReviewed": claim, "author": {**person, "name": other},
        "creator": person, "contributor": [person], "editor": person, "accountablePerson": person, "sponsor": person,
        "publisher": {"@type": "Organization", "name": "Báo", "founder": person, "employee": [person]},
    }  # fmt: skip
    line = {**row(1), "author": name, "claimant": name, "user": {"name": handle}, "username": handle, "creator": person,
            "account": profile, "profile": profile, "email": mail, "reviewer": other, "speaker": name}  # fmt: skip
    return {
        "claimreview": json.dumps([review, {"@graph": [review]}]),
        "jsonl": json.dumps(line),
        "csv": "id,question,author,claimant,user,profile,publisher,email\n"
        f"1,Câu hỏi,{name},{other},{handle},{profile},Báo,{mail}\n",
        "checkthat": json.dumps({"vclaim_id": "v", "vclaim": "C", "title": "T", "author": name, "user": handle}),
    }[format_]


def everything_kept():
    """Every value in every table of the database, and every export."""
    kept = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            kept += [repr(found) for found in cursor.fetchall()]
    exports = [run(export_command, "--format", name) for name in ("jsonl", "csv", "claimreview")]
    assert [export.exit_code for export in exports] == [0, 0, 0]
    return "\n".join([*kept, *(export.stdout for export in exports)])


@pytest.mark.parametrize("format_", ["claimreview", "jsonl", "csv", "checkthat"])
def test_importer_keeps_nothing_of_any_person(tmp_path, format_):
    document = person_filled(format_)
    path = tmp_path / "people"
    path.write_text(document)
    assert any(secret in document or json.dumps(secret)[1:-1] in document for secret in SECRETS)

    result = run(import_command, format_, path)

    kept = everything_kept() + result.output + result.stderr
    assert result.exit_code == 0, result.output
    assert ForeignAnswer.objects.count() == 1
    assert [secret for secret in SECRETS if secret in kept or json.dumps(secret)[1:-1] in kept] == []
    assert "because it names people" in result.stderr


def published_desk():
    for text, kind, verdict in ((HOSPITAL, "claim", "false"), (LAMP, "problem", "planned")):
        make_answer(send(text, kind=kind).case, verdict=verdict)
    make_answer(
        send("Tắm nước lạnh buổi tối gây đột quỵ").case, summary="=1+1", text='-1\n\n"ha\u0301i", ba; bốn\n\'=x'
    )
    gone = send("Nước mưa hứng giữa trời pha trà ngon hơn").case
    make_answer(gone)
    make_withdrawal(gone)


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_round_trip_is_equal_byte_for_byte(tmp_path, settings, format_):
    published_desk()
    first, second = tmp_path / "first", tmp_path / "second"
    run(
        import_command,
        "jsonl",
        written(tmp_path, row(1, verdict="Sai", url="https://bao.example/1", published_on="2026-01-02")),
    )
    assert run(export_command, "--format", format_, first).exit_code == 0
    forget_everything()
    settings.DESK_NAME, settings.SITE_URL = "Bàn khác", "https://other.example"

    assert counts(run(import_command, format_, first)) == {"new": 4, "known": 0, "renewed": 0, "refused": 0}
    assert run(export_command, "--format", format_, second).exit_code == 0

    assert second.read_bytes() == first.read_bytes()
    assert len(first.read_text().splitlines()) >= 4


def forget_everything():
    """As on another desk, where nothing was ever public."""
    connection.check_constraints()  # PostgreSQL empties no table whose deferred checks are still to come
    call_command("flush", verbosity=0, interactive=False)


def test_own_only_leaves_foreign_answers_out(tmp_path):
    published_desk()
    run(import_command, "jsonl", written(tmp_path, row(1)))

    lines = [json.loads(line) for line in run(export_command, "--own-only").stdout.splitlines()]

    assert {line["publisher"] for line in lines} == {"Phường Sông Xanh"}
    assert [(line["kind"], line["verdict"]) for line in lines] == [
        ("claim", "false"), ("problem", "planned"), ("claim", "false"),
    ]  # fmt: skip


def test_csv_runs_nothing_in_a_spreadsheet():
    published_desk()

    exported = run(export_command, "--format", "csv").stdout

    assert "'=1+1" in exported
    assert exported.startswith("id,kind,lang,question,summary,text,verdict,publisher,url,published_on")


def test_claimreview_export_can_be_read_by_another_desk(tmp_path, settings):
    published_desk()
    path = tmp_path / "feed.json"
    run(export_command, path, "--format", "claimreview")
    feed = json.loads(path.read_text())

    result = run(import_command, "claimreview", path)

    assert [element["item"][0]["reviewRating"]["ratingValue"] for element in feed["dataFeedElement"]] == [1, 1]
    assert counts(result) == {"new": 2, "known": 0, "renewed": 0, "refused": 0}
    assert set(ForeignAnswer.objects.values_list("publisher", "verdict")) == {("Phường Sông Xanh", "Sai")}


def test_file_that_cannot_be_written_is_said(tmp_path):
    result = run(export_command, tmp_path / "nowhere" / "x.jsonl")

    assert (result.exit_code, result.stderr) == (1, "Error: The file cannot be written.\n")


@pytest.mark.real
@pytest.mark.skipif(not CLAIMS.exists(), reason=f"NO REAL DATA: {CLAIMS} is missing (set SANGTO_DATA)")
def test_real_claims_are_imported_once():
    first, again = run(import_command, "checkthat", CLAIMS), run(import_command, "checkthat", CLAIMS)

    assert counts(first) == {"new": 10_375, "known": 0, "renewed": 0, "refused": 0}
    assert counts(again) == {"new": 0, "known": 10_375, "renewed": 0, "refused": 0}
    assert first.stderr == again.stderr == ""
    assert ForeignAnswer.objects.count() == Case.objects.count() == 10_375


@pytest.mark.real
@pytest.mark.skipif(not LATER_CLAIMS.exists(), reason=f"NO REAL DATA: {LATER_CLAIMS} is missing (set SANGTO_DATA)")
def test_real_claims_of_the_next_year_are_imported_without_authors():
    result = run(import_command, "checkthat", LATER_CLAIMS)

    authors = {json.loads(line)["author"] for line in LATER_CLAIMS.read_text().splitlines()} - {"", None}
    assert counts(result) == {"new": 14_231, "known": 0, "renewed": 0, "refused": 0}
    assert result.stderr == "Not imported, because it names people: author\n"
    assert authors
    for name in ("publisher", "external_id", "verdict", "url"):
        assert not authors & set(ForeignAnswer.objects.values_list(name, flat=True))


def test_database_without_tables_is_said_without_a_traceback(tmp_path, monkeypatch):
    def fails(*_arguments, **_values):
        raise OperationalError("no such table: desk_foreignanswer")

    monkeypatch.setattr("sangto.config.exchange.import_answers", fails)
    monkeypatch.setattr("sangto.config.exchange.all_answers", lambda: (fails() for _ in range(1)))

    for result in (run(import_command, "jsonl", written(tmp_path, row(1))), run(export_command)):
        assert (result.exit_code, result.stderr) == (1, "Error: The database cannot be used. Try: sangto check\n")


def test_import_costs_no_query_a_row(django_assert_max_num_queries):
    rows = [ForeignRow(external_id=str(n), publisher="Báo", question=f"Câu hỏi {n}") for n in range(500)]

    # SQLite takes 999 values at a time, so the inserts come in parts.
    with django_assert_max_num_queries(30):
        import_answers(rows, now=NOW)
