"""After an older database was restored: bring the present to bear on it, and give nothing out a second time."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Model

from sangto.desk.actions.erase import destroy_contacts_of
from sangto.desk.models import Case, LostVersion, Message, Publication
from sangto.ledger import actions as log
from sangto.ledger import queries
from sangto.ledger import rules as leaves
from sangto.vault import keystore

# Behind the numbers that are known to be taken: a message that came after the last published leaf left no trace.
UNSEEN = 10_000
ROUND = 10_000


@dataclass(frozen=True)
class Recovered:
    """What the log knew more than the database.

    `leaves` taken back in for each shard, `messages` that it counts and nobody can bring back, `versions` of answers
    that are lost, `days` whose keys were destroyed again, the first `number` that is given from now on (0: as before).
    """

    leaves: dict[str, int]
    messages: int
    versions: tuple[str, ...]
    days: tuple[date, ...]
    number: int


def recover(*, now: datetime) -> Recovered:
    """Take the published leaves back in, and heed what they say. Doing it again changes nothing more.

    Raises CannotRecover of the ledger. Messages and texts are not in the log and stay lost.
    """
    return heed(log.recover(now=now), now=now)


def heed(taken: dict[str, int], *, now: datetime, unseen: int = 0) -> Recovered:
    """Let the log's word count: destroyed days are destroyed, what was published and is lost keeps its number.

    A follow link is a signed number, so a number that somebody was given after the backup must not become somebody
    else's: where leaves were taken back in, or `unseen` says that so many more messages may have come, numbers go on
    behind all that. `taken`: how many leaves of each shard were.
    """
    days = tuple(sorted(queries.destroyed_days() & keystore.days()))
    for day in days:
        destroy_contacts_of(day, now=now)
    with transaction.atomic():
        versions, messages = _note_lost_versions(now), lost_messages()
        gap = max(unseen, UNSEEN if any(taken.values()) else 0)
        number = _leave_out(messages + gap) if gap else 0
    return Recovered(taken, messages, versions, days, number)


def lost_messages() -> int:
    """How many more messages the log has received than the database holds."""
    return max(0, queries.leaf_counts()[leaves.RECEIVED] - Message.objects.count())


def _note_lost_versions(now: datetime) -> tuple[str, ...]:
    """Write down the versions of which only the log knows, so that the next ones follow them in number and in leaf."""
    known = set(Publication.objects.values_list("leaf_hash", flat=True))
    known |= set(LostVersion.objects.values_list("leaf_hash", flat=True))
    lost = [
        LostVersion(number=str(body["a"]), n=int(body["n"]), leaf_hash=leaf, noted_at=now)
        for leaf, body in queries.version_leaves()
        if leaf not in known
    ]
    LostVersion.objects.bulk_create(lost)
    return tuple(str(each) for each in lost)


def _leave_out(count: int) -> int:
    """Let the numbers of Messages and Cases go on so much later, at a round one; the first that is given."""
    logged = LostVersion.objects.values_list("number", flat=True)
    taken = max([_last_given(Message), _last_given(Case), *(int(each.partition("-")[2]) for each in logged)])
    last = -(-(taken + count) // ROUND) * ROUND
    for model in (Message, Case):
        _go_on_after(model, last)
    return last + 1


def _last_given(model: type[Model]) -> int:
    """The last id that this table gave out, or one more. Both databases keep the counter beside the table."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        else:
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        return int(cursor.fetchone()[0] or 0)


def _go_on_after(model: type[Model], last: int) -> None:
    """No row of this table gets an id up to `last` any more."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
