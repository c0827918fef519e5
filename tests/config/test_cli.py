import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from django.db import connection

from sangto.config import checks
from sangto.config.cli import main
from sangto.desk.models import Message
from sangto.people.queries import member_by_token, member_by_username, roles_in
from tests.environment import LITTLE_ASKED_OF_THE_DISK
from tests.factories import HOSPITAL, PASSWORD, make_answer, make_member, send

SANGTO = [sys.executable, "-c", "from sangto.config.cli import main; main()"]


def run(*words):
    return CliRunner().invoke(main, list(words))


def states(looked):
    return {state for state, _said in looked}


# --- every command ---------------------------------------------------------------------------------------------------


def test_commands_are_those_of_the_house():
    assert set(main.commands) == {
        "ask", "backup", "calendar", "check", "demo", "engine", "erase", "export", "fsck", "import", "ledger", "member",
        "migrate", "restore", "serve", "staff", "term", "token", "units", "vault", "worker",
    }  # fmt: skip


@pytest.mark.parametrize("command", sorted(main.commands))
def test_command_explains_itself(command):
    result = run(command, "--help")

    assert result.exit_code == 0
    assert result.output.startswith("Usage: main " + command)


def test_unknown_command_is_a_wrong_call():
    assert run("tweet").exit_code == 2


# --- ask -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_ask_keeps_the_message_and_says_where_it_stands():
    result = run("ask", "Is it true that hot lemon water cures cancer?", "--lang", "en")

    message = Message.objects.get()
    assert result.exit_code == 0
    assert (message.channel, message.lang) == ("console", "en")
    assert "outcome:   received" in result.output
    assert message.number in result.output
    assert re.search(r"follow: +http\S+/en/f/\d+\.\S+", result.output)


@pytest.mark.django_db
def test_ask_prints_an_instant_answer_with_its_reasons():
    version = make_answer(send().case)

    result = run("ask", HOSPITAL, "--kind", "claim")

    assert "outcome:   answered" in result.output
    assert version.summary in result.output
    assert "because: " in result.output


@pytest.mark.django_db
def test_ask_says_that_there_is_no_room(settings):
    settings.DISK_RESERVE_MB = 10**9

    result = run("ask", HOSPITAL)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "sangto: nothing can be kept now (no_room); `sangto check` says more\n"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_ask_refuses_what_no_channel_takes(text):
    result = run("ask", text)

    assert result.exit_code == 1
    assert not Message.objects.exists()


# --- members ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_member_is_enrolled_and_may_sign_in():
    result = run("member", "add", "thu", "--name", "Thu", "--role", "approver", "--password", PASSWORD)

    member = member_by_username("thu")
    assert result.exit_code == 0
    roles = {"intake", "editor", "approver", "privacy_officer"}
    assert (roles_in(member, None), member.user.check_password(PASSWORD)) == (roles, True)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "password12"])
def test_weak_password_is_refused(password):
    result = run("member", "add", "thu", "--name", "Thu", "--role", "editor", "--password", password)

    assert result.exit_code == 1
    assert member_by_username("thu") is None


@pytest.mark.django_db
def test_taken_login_is_refused():
    make_member("thu")

    result = run("member", "add", "thu", "--name", "Thu", "--role", "editor", "--password", PASSWORD)

    assert result.exit_code == 1
    assert "already" in result.output


@pytest.mark.django_db
def test_token_opens_the_staff_api_for_its_member():
    member = make_member("thu")

    result = run("token", "thu")

    assert member_by_token(result.output.strip()) == member


@pytest.mark.django_db
def test_token_for_nobody_is_refused():
    assert run("token", "nobody").exit_code == 1


# --- check -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_desk_under_test_is_healthy(settings):
    make_answer(send().case)
    send("Đèn đường hỏng trước nhà 12", channel="telegram", address="7770")

    looked = list(checks.all_checks())

    # A throwaway PostgreSQL runs without its durability, and the check says so.
    bad = [said for state, said in looked if state == checks.BAD and said.split()[0] not in checks.PARAMETERS]
    assert bad == []
    assert (checks.OK, "the index holds 1 answers and 1 open cases") in looked


@pytest.mark.django_db
def test_check_ends_with_zero_when_nothing_is_bad(monkeypatch):
    monkeypatch.setattr(checks, "LOOKS", ())

    result = run("check")

    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "healthy")


@pytest.mark.django_db
def test_missing_guard_is_bad():
    drop = {
        "sqlite": "DROP TRIGGER guard_message",
        "postgresql": "DROP TRIGGER guard_message ON desk_message",
    }
    with connection.cursor() as cursor:
        cursor.execute(drop[connection.vendor])

    result = run("check")

    assert result.exit_code == 1
    assert "guards of the history are gone: guard_message" in result.output


@pytest.mark.django_db
def test_missing_migration_is_bad():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'desk' AND name LIKE '0002%%'")

    result = run("check")

    assert result.exit_code == 1
    assert "migrations missing" in result.output


@pytest.mark.django_db
def test_key_that_others_may_read_is_bad(settings):
    send(channel="telegram", address="7770")
    next((settings.HOME / "keys").glob("*.key")).chmod(0o644)

    assert (checks.BAD, f"others than their owner may read the keys in {settings.HOME / 'keys'}") in checks._keys()


@pytest.mark.parametrize(
    ("token", "secret", "state"), [("", "", "ok"), ("1:a", "s", "ok"), ("1:a", "", "bad"), ("", "s", "bad")]
)
def test_half_configured_telegram_is_bad(settings, token, secret, state):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = token, secret

    assert states(checks._telegram()) == {state}


@pytest.mark.parametrize("address", ["", "api.telegram.org", "ftp://api.telegram.org", "https://", "http://["])
def test_telegram_api_that_is_no_web_address_is_bad(settings, address):
    settings.TELEGRAM_API = address

    assert checks.BAD in states(checks._telegram())


@pytest.mark.parametrize(("length", "state"), [(31, "bad"), (32, "ok")])
def test_short_secret_key_is_bad_and_not_printed(settings, length, state):
    settings.SECRET_KEY = "k" * length

    looked = list(checks._secret())

    assert states(looked) == {state}
    assert "kkk" not in looked[0][1]


@pytest.mark.parametrize(
    ("place", "state"), [("console.log", "ok"), ("new/console.log", "ok"), ("file/console.log", "bad"), ("", "bad")]
)
def test_console_file_that_cannot_be_written_is_bad(settings, tmp_path, place, state):
    (tmp_path / "file").touch()
    settings.CONSOLE_FILE = tmp_path / place

    assert states(checks._console()) == {state}


def test_variable_that_nothing_reads_is_warned_of(monkeypatch):
    for name in [name for name in os.environ if name.startswith(checks.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SANGTO_DATA", "/data")
    monkeypatch.setenv("SANGTO_TELEGRAM_TOKEN_FILE", "/token")
    known = list(checks._names())
    monkeypatch.setenv("SANGTO_TELEGRAM_TOKKEN", "secret")

    assert states(known) == {checks.OK}
    assert list(checks._names()) == [(checks.WARN, "nothing reads SANGTO_TELEGRAM_TOKKEN")]


# --- real processes --------------------------------------------------------------------------------------------------


def environment(home, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    return {**kept, **LITTLE_ASKED_OF_THE_DISK, "SANGTO_HOME": str(home), **more}


def sangto(home, *words, **more):
    return subprocess.run(
        [*SANGTO, *words], env=environment(home, **more), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANGTO_BIND", "nowhere"),
        ("SANGTO_WEB_THREADS", "none"),
        ("SANGTO_LANGUAGE", "xx"),
        ("SANGTO_TIME_ZONE", "Mars/Olympus"),
        ("SANGTO_TIME_ZONE", "Asia"),
        ("SANGTO_URL", "https://a+b.example.org"),
        ("SANGTO_URL", f"https://{'a' * 260}"),
        ("SANGTO_VAULT_DAY_KEY_DAYS", "61"),
        ("SANGTO_VAULT_DAY_KEY_DAYS", "1"),
        ("SANGTO_VAULT_CONTACT_DAYS", "91"),
        ("SANGTO_VAULT_CONTACT_MOST_DAYS", "181"),
        ("SANGTO_VAULT_OPENING_DAYS", "366"),
        ("SANGTO_VAULT_OPENING_DAYS", "0"),
        ("SANGTO_VAULT_WRAPPING_KEY", "a secret"),
        ("SANGTO_DATABASE_URL", "mysql://who:secret@host/name"),
        ("SANGTO_DATABASE_URL", "postgres://who:secret@host:port/name"),
    ],
)
def test_wrong_setting_is_one_line_and_code_two(tmp_path, name, value):
    result = sangto(tmp_path, "check", **{name: value})

    assert result.returncode == 2
    assert result.stderr.startswith(f"sangto: {name} must ")
    assert "secret" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_term_beyond_its_cap_is_refused_with_the_cap(tmp_path):
    result = sangto(tmp_path, "check", SANGTO_VAULT_CONTACT_MOST_DAYS="200")

    assert result.stderr == (
        "sangto: SANGTO_VAULT_CONTACT_MOST_DAYS must be from 1 to 180 days, and 200 is not: the cap is fixed\n"
    )


def test_terms_at_their_caps_are_taken(tmp_path):
    caps = {"DAY_KEY_DAYS": "60", "CONTACT_DAYS": "90", "CONTACT_MOST_DAYS": "180", "OPENING_DAYS": "365"}

    result = sangto(tmp_path, "migrate", **{f"SANGTO_VAULT_{name}": cap for name, cap in caps.items()})

    assert (result.returncode, result.stderr) == (0, "")


def test_help_needs_no_settings(tmp_path):
    result = sangto(tmp_path / "home", "--help", SANGTO_BIND="nowhere")

    assert result.returncode == 0
    assert not (tmp_path / "home").exists()


def test_database_out_of_reach_is_one_line_and_code_one(tmp_path):
    result = sangto(tmp_path, "migrate", SANGTO_DATABASE_URL="postgres://nobody@127.0.0.1:9/none")

    assert result.returncode == 1
    assert result.stderr == "sangto: the database cannot be reached (OperationalError)\n"


MEMBER = ["member", "add", "thu", "--name", "Thu", "--role", "editor", "--password", PASSWORD]


@pytest.mark.parametrize("words", [["ask", "x"], ["token", "thu"], MEMBER], ids=lambda words: words[0])
def test_unmigrated_database_is_one_line_and_code_one(tmp_path, words):
    result = sangto(tmp_path, *words)

    said = "sangto: the database cannot be used (OperationalError). Run `sangto migrate`, or see docs/run.\n"
    assert (result.returncode, result.stderr) == (1, said)


@pytest.mark.parametrize(
    "words", [["ask", "x"], ["token", "thu"], MEMBER, ["migrate"], ["serve"], ["worker"]], ids=lambda words: words[0]
)
def test_file_that_is_no_database_is_one_line_and_code_one(tmp_path, words):
    (tmp_path / "desk.sqlite3").write_bytes(b"garbage " * 1000)

    result = sangto(tmp_path, *words)

    said = "sangto: the database cannot be used (DatabaseError). Run `sangto migrate`, or see docs/run.\n"
    assert (result.returncode, result.stderr) == (1, said)


def test_demo_tells_of_a_taken_port_before_it_loads_anything(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"

        result = sangto(tmp_path, "demo", "--bind", bind)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"sangto: cannot listen on {bind}: Address already in use\n"
    assert not (tmp_path / "desk.sqlite3").exists()


def test_serving_an_unmigrated_desk_is_refused_with_what_to_do(tmp_path):
    result = sangto(tmp_path, "serve", "--bind", "127.0.0.1:28731")

    assert result.returncode == 1
    assert "run `sangto migrate` first" in result.stderr


def test_desk_serves_until_it_is_told_to_stop(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bind = f"127.0.0.1:{port}"
    command = [*SANGTO, "serve", "--migrate", "--bind", bind]
    with subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as server:
        try:
            greeting = next(line for line in server.stdout if line.startswith("ready"))
            page = urlopen(f"http://{bind}/").status
            second = sangto(tmp_path, "serve", "--bind", bind)
            checked = sangto(tmp_path, "check")
            time.sleep(0.2)
            server.send_signal(signal.SIGTERM)
            ended = server.wait(30)
        finally:
            server.kill()

    assert greeting.startswith(f"ready at http://localhost:{port} ")
    assert (page, ended) == (200, 0)
    assert (second.returncode, second.stderr) == (1, f"sangto: cannot listen on {bind}: Address already in use\n")
    assert checked.returncode == 0
    assert checked.stdout.splitlines()[-1] == "healthy"


@pytest.mark.parametrize(
    ("text", "why"),
    [("log nonsense\nquorum none\n", "line 1"), ("quorum nobody\n", "line 1"), ("", ""), (None, "No such file")],
)
def test_policy_that_cannot_be_read_stops_the_program_with_a_line(tmp_path, text, why):
    if text is not None:
        (tmp_path / "witnesses").write_text(text)
    environment = {**os.environ, "SANGTO_HOME": str(tmp_path), "SANGTO_LEDGER_WITNESSES": str(tmp_path / "witnesses")}

    done = subprocess.run([*SANGTO, "migrate"], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == (2 if why else 0)
    assert ("SANGTO_LEDGER_WITNESSES must name a policy file" in done.stderr, why in done.stderr) == (bool(why), True)
