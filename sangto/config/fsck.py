"""`sangto fsck`: everything that can be recomputed is. One line a thing, and what to do where one is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

import click
from django.db import connection

from sangto.config import sound_copies, sound_database, strangers
from sangto.desk.queries import findable, sound_answers, sound_messages
from sangto.engine.findings import Finding, Looked
from sangto.ledger import soundness as log

MOST_LINES = 20  # of one thing; more are counted
PROGRESS = 10_000
KEEP = "Stop the desk, keep the database and the log's folder as they are, and compare with a backup."
WRITTEN = f"Somebody wrote past the program. {KEEP}"
BUG = "Please report this to the makers of sangto."
KEYS = "Bring it back from a backup of the keys, of at most 7 days ago."
LOST = f"If an old backup was put back by hand: `sangto ledger recover`. Else: {WRITTEN}"
DESTROY = "`sangto ledger recover` destroys it again."
AGAIN = "`sangto engine search` counts and writes it anew from the rows."
MEND = "`sangto ledger check` makes it anew from the rows."

# What is wrong, and what to do.
SAID = {
    "schema_newer": ("a migration of a newer program", "Install the newer release."),
    "schema_older": ("a migration is missing", "Run `sangto migrate`."),
    "database_damaged": ("the database found damage", f"Look at the disk. {KEEP} Restore the newest sound backup."),
    "reference_broken": ("a reference leads nowhere", WRITTEN),
    "guard_gone": ("a trigger that keeps the history is gone or off", f"{WRITTEN} Restoring a backup brings it back."),
    "leaf_changed": ("this leaf is not what was put in", WRITTEN),
    "leaf_missing": ("this leaf is missing", f"{WRITTEN} If the published files have it, see docs/run/ledger.md."),
    "leaf_stray": ("this leaf is of a log that is not known", WRITTEN),
    "head_differs": ("the committed root is not the one of the leaves", WRITTEN),
    "checkpoint_unsigned": ("this checkpoint has no signature of the desk's key", WRITTEN),
    "checkpoint_differs": ("the leaves do not give the root that was signed", WRITTEN),
    "checkpoint_tiles": ("the files do not give the root that was signed", MEND),
    "checkpoint_gone": ("the published checkpoint is gone", "The worker puts it up again with its next round."),
    "checkpoint_foreign": ("the database does not know the published checkpoint", f"See docs/run/ledger.md. {KEEP}"),
    "tile_damaged": ("this file is damaged or missing", MEND),
    "log_shorter": ("more was published than the database holds", "`sangto ledger recover`, see docs/run/ledger.md."),
    "log_unreadable": ("the published checkpoint cannot be read", "Bring the log's folder back from another copy."),
    "log_disagrees": ("a witness has seen another log", "Keep everything; see docs/run/ledger.md."),
    "log_key_lost": ("the signing key is not here", "Bring it back, or `sangto ledger rotate --key-is-lost`."),
    "cosignature_wrong": ("this witness's signature does not fit", WRITTEN),
    "shards_unchained": ("this log does not go on where the one before ended", WRITTEN),
    "version_unlogged": ("published without a place in the log", WRITTEN),
    "version_leaf_missing": ("its leaf is gone", WRITTEN),
    "version_leaf_other": ("its leaf is about something else", WRITTEN),
    "version_chain": ("its leaf does not follow the version before it", WRITTEN),
    "version_changed": ("it does not say what the log vouches for", WRITTEN),
    "approval_other": ("the two people of its approvals agreed on something else", WRITTEN),
    "version_vanished": ("the log has it and the database does not", LOST),
    "erasure_incomplete": ("it was erased by law, and not wholly", f"{WRITTEN} Erase what is left."),
    "copy_lost": ("its bytes are gone", WRITTEN),
    "copy_changed": ("its bytes do not give its hash", WRITTEN),
    "copy_broken": ("it is no whole web archive, though its hash fits", BUG),
    "current_not_newest": ("the version in force is not the newest", WRITTEN),
    "case_without_answer": ("answered without an answer in force", WRITTEN),
    "case_not_answered": ("not marked as answered, with an answer in force", WRITTEN),
    "due_differs": ("its last day is not the one that its clock gives", "The worker counts it anew within the hour."),
    "asked_differs": ("it is not as many who ask it as it says", AGAIN),
    "words_differ": ("it is not found by the words that it has", AGAIN),
    "message_leaf_missing": ("its leaf is neither in the log nor waiting, or the message was changed", WRITTEN),
    "message_undelivered": ("no delivery is known, so a repeat would be taken in twice", WRITTEN),
    "message_moved": ("it is in another case than the history says", WRITTEN),
    "message_in_merged_case": ("its case was merged away", WRITTEN),
    "messages_unlogged": ("so many messages have no leaf", WRITTEN),
    "outcome_leaf_missing": ("the leaf of how it ended is neither in the log nor waiting", WRITTEN),
    "outcome_missing": ("its case is over, and how it ended was not logged", BUG),
    "reply_twice": ("it is told the same thing twice", WRITTEN),
    "reply_missing": ("its case says something that it is not told", BUG),
    "day_key_missing": ("the key of this day is gone, and nobody destroyed it", KEYS),
    "day_key_kept": ("the log says that its key was destroyed, and it is here", DESTROY),
    "day_unlogged": ("its key was destroyed, and the log does not say so", WRITTEN),
    "keystore_locked": ("this user cannot open the day keys", "Be the worker's user, with its wrapping key."),
    "contact_unopenable": ("this day's key does not open this day's contacts", KEYS),
    "contact_alone": ("a return address that belongs to no message", BUG),
    "opening_alone": ("an opening that belongs to no message", BUG),
    "receipt_invalid": ("the receipt that would be handed out is not valid", WRITTEN),
    "answer_invalid": ("the file that is published is not valid", WRITTEN),
    "unreadable": ("it could not be looked through to its end", WRITTEN),
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One thing to look at; `said` is its line where nothing is wrong, with the number of things looked at."""

    name: str
    said: str
    run: Callable[[], Looked]


SCHEMA = Look("schema", "the database has had this program's migrations", sound_database.schema)
LOOKS = (
    Look("database", "the database finds nothing wrong with itself", sound_database.integrity),
    Look("references", "every reference leads to a row", sound_database.references),
    Look("guards", "{n} guards of the history stand", sound_database.guards),
    Look("leaves", "{n} leaves of the log are what was put in, each in its place", log.leaves),
    Look("shards", "{n} shards are chained, and the open one has its key", log.shards),
    Look("checkpoints", "{n} roots come out of the rows and out of the files as they were signed", log.checkpoints),
    Look("published", "{n} published checkpoints are this desk's", log.published),
    Look("tiles", "{n} files of the log are what the rows give", log.tiles),
    Look("cosignatures", "{n} signatures of witnesses fit", log.cosignatures),
    Look("versions", "{n} published versions say what their leaves bind to", sound_answers.versions),
    Look("approvals", "{n} published versions were approved in these words", sound_answers.approvals),
    Look("copies", "{n} copies of sources give their hashes", sound_copies.copies),
    Look("logged versions", "{n} versions that the log has are known", sound_answers.logged_versions),
    Look("answers", "{n} answers are at their newest version", sound_answers.answers),
    Look("cases", "{n} cases are what their answers make them", sound_answers.cases),
    Look("deadlines", "{n} open cases are due when their clocks say", sound_answers.deadlines),
    Look("search", "{n} cases are found by their words and counted with their askers", findable.sound_search),
    Look("messages", "{n} messages have their leaf, their delivery and their case", sound_messages.messages),
    Look("received", "the log counts every message", sound_messages.counts),
    Look("outcomes", "{n} outcomes have their leaf", sound_messages.outcomes),
    Look("replies", "nobody is told twice, and nobody is left out", sound_messages.replies),
    Look("contacts", "{n} days of contacts have their key, or were destroyed for all to see", sound_messages.contacts),
    Look("receipts", "{n} receipts are valid to a stranger's program", strangers.receipts),
    Look("publications", "{n} published files are valid to a stranger's program", strangers.publications),
)


def fsck() -> int:
    """Look at everything and print it; exit code 1 when anything is wrong."""
    with sound_database.read_only():
        if not _look_at(SCHEMA):  # with another schema than ours nothing can be looked at
            return 1
        wrong = [look.name for look in LOOKS if not _look_at(look)]
    if connection.vendor == "postgresql" and not sound_database.has_amcheck():
        click.echo("note  pages and indexes were not read: `CREATE EXTENSION amcheck` lets PostgreSQL do it")
    click.echo(
        f"sangto: wrong: {', '.join(wrong)}" if wrong else "everything that can be recomputed agrees", err=bool(wrong)
    )
    return 1 if wrong else 0


def found_by(look: Look) -> tuple[int, list[Finding]]:
    """How many things were looked at, and what is wrong; progress is printed on the way."""
    count, found = 0, []
    try:
        for count, each in enumerate(look.run(), start=1):
            if each is not None:
                found.append(each)
            if count % PROGRESS == 0:
                click.echo(f"      {look.name}: {count:,} ...", err=True)
    except Exception as error:  # noqa: BLE001 - what is damaged enough can fail in any way, and the other looks go on
        found.append(Finding("unreadable", f"{look.name} ({type(error).__name__})"))
    return count, found


def _look_at(look: Look) -> bool:
    count, found = found_by(look)
    if not found:
        click.echo(f"{click.style('ok   ', fg='green')} {look.said.format(n=f'{count:,}')}")
        return True
    click.echo(f"{click.style('bad  ', fg='red')} {look.name}: {len(found):,} wrong")
    for each in found[:MOST_LINES]:
        click.echo(f"      {each.what}: {SAID[each.code][0]}")
    if len(found) > MOST_LINES:
        click.echo(f"      ... and {len(found) - MOST_LINES:,} more")
    for remedy in dict.fromkeys(SAID[each.code][1] for each in found):
        click.echo(f"      -> {remedy}")
    return False
