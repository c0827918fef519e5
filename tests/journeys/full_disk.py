"""A desk on a disk of its own that fills up: `python -m tests.journeys.full_disk`, with SANGTO_HOME on that disk.

Prints one JSON object with what was answered at each step. A process of its own, for the database has to lie there.
"""

import json
import os
import resource
import sys
from datetime import timedelta
from pathlib import Path

import django

MB = 1 << 20
HOST = {"host": "localhost"}
QUESTION = "Câu hỏi số {n}: uống nước chanh nóng mỗi sáng có chữa được bệnh không?"


class Story:
    """What happens, step by step; `n` counts the deliveries, so that each is a new one."""

    def __init__(self) -> None:
        from django.conf import settings

        self.home, self.n, self.kept = Path(settings.HOME), 0, []
        self.filler = self.home / "filler"

    def ask(self, n: int | None = None) -> int:
        """The status of a delivery: a new one, or the one with this number again."""
        from django.test import Client

        if n is None:
            self.n += 1
        headers = {"idempotency-key": f"delivery {n or self.n}"}
        body = {"text": QUESTION.format(n=n or self.n)}
        response = Client(headers=HOST).post("/api/v1/messages", body, "application/json", headers=headers)
        if response.status_code == 201:
            self.kept.append(n or self.n)
        return response.status_code

    def read(self) -> list[int]:
        from django.test import Client

        return [Client(headers=HOST).get(page).status_code for page in ("/", "/answers", "/log", "/api/v1/answers")]

    def fill(self, *, leaving: int) -> None:
        """Take what is free of the disk but so many bytes."""
        from sangto.engine.space import free_bytes

        with self.filler.open("ab") as file:
            file.write(bytes(max(free_bytes(self.home) - leaving, 0)))

    def work(self) -> None:
        from sangto.desk.actions import keep_room

        keep_room()

    def look_again(self) -> None:
        """As if the second had passed for which the last look at the disk counts."""
        from sangto.desk.queries.room import LOOK

        LOOK.__init__()  # type: ignore[misc]

    def purge(self) -> str:
        """Delete old rows, as the clock does; the kind of error, or nothing."""
        from django.db import DatabaseError
        from django.utils import timezone

        from sangto.desk.actions import forget_changes

        try:
            forget_changes(now=timezone.now() + timedelta(days=30))
        except DatabaseError as error:
            return type(error).__name__
        return ""

    @property
    def ballast(self) -> bool:
        return (self.home / "ballast").exists()


def tell() -> dict[str, object]:
    """The whole story."""
    from django.conf import settings

    reserve = settings.DISK_RESERVE_MB * MB
    story, told = Story(), {}
    story.work()
    told["at first"] = [story.ask() for _ in range(40)], story.ballast
    story.fill(leaving=reserve - MB // 2)
    story.look_again()
    told["short"] = [story.ask(), story.ask(n=1)], story.read()
    story.work()
    told["short, ballast"] = story.ballast
    story.fill(leaving=0)
    told["full, purge"] = story.purge(), story.read()
    settings.DISK_RESERVE_MB = -1  # nobody looks at the disk: the database itself has to say it
    full = [story.ask() for _ in range(3)]
    settings.DISK_RESERVE_MB = reserve // MB
    told["full"] = full
    story.work()
    told["full, ballast"] = story.ballast
    told["released, purge"] = story.purge()
    story.look_again()
    told["released"] = [story.ask()]
    story.filler.unlink()
    story.look_again()
    story.work()
    told["healed"] = [story.ask() for _ in range(3)], story.ballast
    told["truth"] = truth(story)
    return told


def tell_limited() -> dict[str, object]:
    """The same in short where no disk can be made: no file may be written beyond where SQLite's log ends."""
    from django.db import connection

    story = Story()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or the migrations' length is room to spare
    before = [story.ask() for _ in range(3)]
    end = (story.home / "desk.sqlite3-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (end, resource.RLIM_INFINITY))
    during = [story.ask() for _ in range(3)], story.read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    after = [story.ask() for _ in range(3)]
    return {"before": before, "during": during, "after": after, "truth": truth(story)}


def truth(story: Story) -> dict[str, object]:
    """What the database holds at the end, against what was answered."""
    from django.db import connection

    from sangto.desk.models import Case, Message, Reply
    from sangto.ledger.models import Leaf

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone()[0]
    return {
        "answered": len(story.kept),
        "messages": Message.objects.count(),
        "joined": Case.objects.filter(messages__isnull=False).distinct().count(),
        "replies": Reply.objects.count(),
        "leaves": Leaf.objects.filter(kind="r").count(),
        "integrity": whole,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(tell_limited() if "limited" in sys.argv else tell()))
