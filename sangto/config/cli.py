"""The command `sangto`.

Django is set up when a command runs and not when this module loads, so that `--help` needs no settings, and an option
can still say where the desk listens. What a command does is in the module named by its `desk(...)`.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click
from django.db import Error

from sangto.config.calendar_cli import calendar, term
from sangto.config.set_up import desk
from sangto.config.units_cli import units

# One message keeps one core busy. Web threads that each start threads for a small product only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXCHANGE = {
    "import": "Import published answers of other organisations.",
    "export": "Export this desk's published answers.",
}
BIND = click.option("--bind", metavar="HOST:PORT", help="Where to listen, in place of SANGTO_BIND.")


class Commands(click.Group):
    """The commands; those of the exchange are defined beside the formats they read, and loaded when they are called."""

    def invoke(self, ctx: click.Context) -> Any:
        """What the command returns; a database that fails it ends the program with one line and code 1."""
        try:
            return super().invoke(ctx)
        except Error as error:
            # The driver's own words can hold a row's content or the address of the database.
            kind = type(error).__name__
            click.echo(
                f"sangto: the database cannot be used ({kind}). Run `sangto migrate`, or see docs/run.", err=True
            )
            sys.exit(1)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The command that is called, with its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, getattr(desk("exchange"), f"{name}_command") if name in EXCHANGE else command, rest


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sangto")
def main() -> None:
    """Sáng Tỏ, the public answers desk.

    Settings come from the environment (SANGTO_HOME, SANGTO_BIND and more; see docs/run/settings.md).
    """


for _name, _help in EXCHANGE.items():
    main.add_command(click.Command(_name, help=_help))


main.add_command(units)
main.add_command(calendar)
main.add_command(term)


@main.command()
@BIND
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
@click.option("--no-worker", is_flag=True, help="Start no worker beside it: one runs elsewhere, by a user of its own.")
def serve(bind: str | None, migrate: bool, no_worker: bool) -> None:
    """Serve the pages, the API and the hooks, with the worker as a process beside it."""
    sys.exit(desk("serve", bind=bind).serve(migrate=migrate, with_worker=not no_worker))


@main.group(invoke_without_command=True)
@click.option("--attached", is_flag=True, hidden=True, help="End when the other end of standard input is closed.")
@click.pass_context
def worker(ctx: click.Context, attached: bool) -> None:
    """Run the worker alone: it sends what is due, publishes the log, makes day keys and forgets what is over.

    Or say how its work stands.
    """
    if ctx.invoked_subcommand is None:
        sys.exit(desk("serve").work(attached=attached))


@worker.command("status")
def worker_status() -> None:
    """Say what waits and what failed; exit code 1 when something failed for long or no worker lives."""
    sys.exit(desk("work").status())


@main.command()
@BIND
@click.option("--no-serve", is_flag=True, help="Only load the demonstration.")
def demo(bind: str | None, no_serve: bool) -> None:
    """Load the demonstration desk once, then serve it and say how to sign in."""
    sys.exit(desk("demo.start", bind=bind).start(serving=not no_serve))


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    desk("serve").bring_up_to_date()


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--keys", type=click.Path(path_type=Path), help="Back the keys up instead, to another place.")
def backup(folder: Path | None, keys: Path | None) -> None:
    """Back the database and the published log up into FOLDER, while the desk serves; or, with --keys, the keys."""
    if (folder is None) == (keys is None):
        raise click.UsageError("Name either FOLDER or --keys: the two never lie together, nor are they made together.")
    sys.exit(desk("backup.make").back_up(folder) if folder else desk("backup.make").back_up_keystore(keys))


@main.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A backup of the keys.")
@click.option("--moved", is_flag=True, help="The desk was stopped before this backup: nothing happened since.")
def restore(backup: Path, keys: Path | None, moved: bool) -> None:
    """Restore BACKUP into an empty desk, let it heed what happened since, and look through everything."""
    secret, name = keys / "secret.key" if keys else None, "SANGTO_SECRET_KEY"
    if secret and secret.is_file() and not {name, f"{name}_FILE"} & set(os.environ):
        os.environ[f"{name}_FILE"] = str(secret)  # or the settings would make one, which then is in its way
    sys.exit(desk("backup.restore").restore(backup, keys=keys, moved=moved))


@main.command()
def fsck() -> None:
    """Recompute everything that can be recomputed; exit code 1 when anything is wrong. Changes nothing."""
    sys.exit(desk("fsck").fsck())


@main.command()
def check() -> None:
    """Look whether the desk is healthy; exit code 1 when it is not."""
    sys.exit(desk("checks").print_checks())


@main.command()
@click.argument("text")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the sender."
)
@click.option("--place", default="", help="Where it is, in words.")
@click.option("--kind", type=click.Choice(["claim", "problem"]), help="To check or to fix; guessed when not said.")
def ask(text: str, lang: str, place: str, kind: str | None) -> None:
    """Send TEXT to the desk as a visitor would, and print what comes back."""
    sys.exit(desk("ask").ask(text, lang=lang, place=place, kind=kind))


@main.group()
def engine() -> None:
    """The matching engine: how good it is here, how sure it may be, and what it groups."""


FILE = click.Path(path_type=Path)


@engine.command()
@click.option("--answers", type=FILE, required=True, help="What is published: id, question, title, answer, lang.")
@click.option("--messages", type=FILE, required=True, help="What was asked: id, text, expect, variant, must_not.")
@click.option("--format", "format_", type=click.Choice(["jsonl", "checkthat"]), default="jsonl", show_default=True)
@click.option("--qrels", type=FILE, multiple=True, help="CheckThat: which claim fits which post.")
@click.option("--promise", type=click.FloatRange(0.5, 0.9999), help="The precision promised of instant answers.")
@click.option("--twins", is_flag=True, help="Ask each message once more with its answer taken out.")
@click.option("--embeddings", type=FILE, help="Let the sentence model of this directory have its say.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    answers: Path,
    messages: Path,
    format_: str,
    qrels: tuple[Path, ...],
    promise: float | None,
    twins: bool,
    embeddings: Path | None,
    as_json: bool,
) -> None:
    """Measure the engine as it is shipped on labelled messages. Nothing is trained, nothing is kept."""
    sys.exit(
        desk("engine").evaluate(
            answers,
            messages,
            format_=format_,
            qrels=qrels,
            promise=promise,
            twins=twins,
            embeddings=embeddings,
            as_json=as_json,
        )
    )


@engine.command()
@click.option("--messages", type=FILE, required=True, help="What was asked: JSON lines, each with id and text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def group(messages: Path, as_json: bool) -> None:
    """Group messages that ask the same, each with the reason why it joined. Nothing is kept."""
    sys.exit(desk("group").group(messages, as_json=as_json))


@engine.command("search")
def search() -> None:
    """Write anew what the inbox finds and counts cases by, from the rows, while the desk serves."""
    sys.exit(desk("engine").renew_search())


@engine.command("refit")
@click.option("--apply", is_flag=True, help="Put the new curve in use; without it, it is only shown.")
def refit_engine(apply: bool) -> None:
    """Fit the engine's sureness to what people said here, and show old and new. Refuses to get worse."""
    sys.exit(desk("engine").refit_labels(apply=apply))


@main.command()
@click.argument("number")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--ground", required=True, help="The legal ground: court_order, personal_data or rights_of_others.")
@click.option("--by", "username", required=True, help="The member who proposes it.")
@click.option("--approved-by", "approver", required=True, help="The approver, somebody else, who agrees.")
@click.confirmation_option(prompt="Erase what this version said? It cannot be brought back.")
def erase(number: str, version: int, ground: str, username: str, approver: str) -> None:
    """Erase VERSION of the answer NUMBER by law. That it was published, and erased, stays in the log."""
    sys.exit(desk("erase").erase(number, version, ground=ground, username=username, approver=approver))


@main.group()
def ledger() -> None:
    """The public log: where it stands, and what to do when it stands still."""


@ledger.command("status")
def ledger_status() -> None:
    """Say where the log stands; exit code 1 when it stands still."""
    sys.exit(desk("ledger").status())


@ledger.command("check")
def ledger_check() -> None:
    """Compare rows, files and signatures from the first leaf on, and mend damaged files."""
    sys.exit(desk("ledger").check())


@ledger.command("recover")
def ledger_recover() -> None:
    """After an older database was restored: take back in what was published since."""
    sys.exit(desk("ledger").recover())


@ledger.command("rotate")
@click.option("--key-is-lost", is_flag=True, help="The old shard's key is gone: end it as it stands.")
@click.confirmation_option(prompt="Begin a new shard with a new key? The old one takes no more leaves.")
def ledger_rotate(key_is_lost: bool) -> None:
    """Begin a new shard of the log with a new key."""
    sys.exit(desk("ledger").rotate(key_is_lost=key_is_lost))


@ledger.command("policy")
def ledger_policy() -> None:
    """Print the policy (keys and witnesses) with which anybody checks this log."""
    sys.exit(desk("ledger").policy())


@ledger.command("publish")
def ledger_publish() -> None:
    """Publish what waits at once. It tells when people wrote: for trying out, not for a desk in use."""
    sys.exit(desk("ledger").sequence_now())


@ledger.command("witness")
@click.option("--bind", metavar="HOST:PORT", default="127.0.0.1:8100", show_default=True, help="Where to listen.")
@click.option("--name", required=True, help="The witness's name for good, such as witness.example.org/w1.")
def ledger_witness(bind: str, name: str) -> None:
    """Be a witness of the logs named in SANGTO_LEDGER_NEIGHBOURS."""
    sys.exit(desk("witness").witness(bind, name=name))


@main.group()
def vault() -> None:
    """Sealed return addresses and their day keys: what is kept, and when it ends."""


@vault.command("status")
def vault_status() -> None:
    """Say what is held and what ends when; exit code 1 when something is wrong with the keys."""
    sys.exit(desk("vault").status())


@vault.command("accept")
@click.confirmation_option(prompt="Take the keystore as it is? Addresses whose key is not there are given up for good.")
def vault_accept() -> None:
    """After the keystore was lost: give up what its keys sealed, and make new ones."""
    sys.exit(desk("vault").accept())


ROLE = click.Choice(["intake", "editor", "approver", "dispatcher", "privacy_officer", "auditor", "head"])
UNIT = click.option("--unit", default="desk", show_default=True, help="The code of the unit.")


@main.group()
def member() -> None:
    """The people who work on the desk."""


@member.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The full name; only the staff sees it.")
@click.option(
    "--role",
    type=ROLE,
    required=True,
)
@click.option("--unit", default="desk", show_default=True, help="The code of the unit; made when it is new.")
@click.password_option(help="Asked for when not given.")
def add_member(username: str, name: str, role: str, unit: str, password: str) -> None:
    """Enrol USERNAME, who can sign in from now on."""
    sys.exit(desk("staff").add(username, full_name=name, role=role, unit_code=unit, password=password))


@member.command("leave")
@click.argument("username")
def member_leaves(username: str) -> None:
    """End the work of USERNAME here: no more signing in, no more tokens. What they wrote stays theirs."""
    sys.exit(desk("staff").leave(username))


@main.group()
def staff() -> None:
    """Links and roles for the people who work on the desk. Nobody types a password for another."""


@staff.command("invite")
@click.option("--role", type=ROLE, required=True)
@UNIT
def staff_invite(role: str, unit: str) -> None:
    """Print a link with which one person comes onto the staff. It works once, within 72 hours."""
    sys.exit(desk("staff").invite(role, unit_code=unit))


@staff.command("reset")
@click.argument("username")
@click.option("--second-factor", is_flag=True, help="Their phone or key is lost: a new second factor is set up too.")
def staff_reset(username: str, second_factor: bool) -> None:
    """Print a link with which USERNAME chooses a new password. It works once, within 72 hours."""
    sys.exit(desk("staff").reset(username, second_factor=second_factor))


@staff.command("grant")
@click.argument("username")
@click.argument("role", type=ROLE)
@UNIT
def staff_grant(username: str, role: str, unit: str) -> None:
    """Give USERNAME the ROLE in a unit."""
    sys.exit(desk("staff").give(username, role, unit_code=unit, ends=False))


@staff.command("end")
@click.argument("username")
@click.argument("role", type=ROLE)
@UNIT
def staff_end(username: str, role: str, unit: str) -> None:
    """End the ROLE of USERNAME in a unit."""
    sys.exit(desk("staff").give(username, role, unit_code=unit, ends=True))


@main.command()
@click.argument("username")
@click.option("--approve", is_flag=True, help="It may also approve, and nobody is asked whether it is they.")
def token(username: str, approve: bool) -> None:
    """Print a new token with which USERNAME's own programs call the staff API. It is shown this once."""
    sys.exit(desk("staff").print_token(username, may_approve=approve))
