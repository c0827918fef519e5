"""A backup that is made while others write: whatever was acknowledged before it began is in it, and it is sound."""

import time
from pathlib import Path
from subprocess import Popen

import pytest

from tests.config.backup.desks import PRELUDE
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PATIENCE_S = 120
WRITER = """
from itertools import count
with open(acknowledged, "w") as file:
    for n in count():
        text = f"Câu hỏi số {n} của máy {machine} về đường số {n * 7 + machine}"
        message = send(text, address="777", channel="telegram", external_id=f"{machine} {n}")
        file.write(f"{message.pk}\\n")
        file.flush()
        if n % 5 == machine:
            log.sequence(now=NOW + timedelta(days=1))
"""
COMPARED = """
held = set(Message.objects.values_list("pk", flat=True))
result = [len(set(acknowledged) - held), len(held), len(opened()), fsck.fsck()]
"""


def written(file: Path) -> list[int]:
    """The whole lines of what a writer was told."""
    return [int(line) for line in file.read_text().rpartition("\n")[0].split()] if file.exists() else []


def wait_for(files: list[Path], writers: list[Popen[str]], *, count: int) -> list[int]:
    """What all writers were told, once each was told so much."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told = [written(each) for each in files]
        if all(len(each) >= count for each in told):
            return sum(told, [])
        assert [each.poll() for each in writers] == [None] * len(writers), [
            each.communicate()[1][-2000:] for each in writers if each.poll() is not None
        ]
        time.sleep(0.05)
    raise AssertionError("the writers are too slow")


def test_what_was_acknowledged_before_is_in_the_backup(empty_desk, tmp_path):
    desk, place = empty_desk(), tmp_path / "backups"
    desk.do('call_command("migrate", verbosity=0); make_unit(); log.sequence(now=NOW)')
    files = [tmp_path / f"writer{machine}" for machine in range(2)]
    given = [f"acknowledged, machine = {str(file)!r}, {machine}\n" for machine, file in enumerate(files)]
    writers = [desk.start("-c", PRELUDE + each + WRITER) for each in given]
    try:
        before = wait_for(files, writers, count=10)
        backed_up = desk.run("backup", place)
        during = wait_for(files, writers, count=max(len(written(each)) for each in files) + 1)
    finally:
        for each in writers:
            each.kill()
            each.communicate()
    keys = desk.do("result = str(make.back_up_keys(Path(place), now=NOW))", place=str(tmp_path / "keys"))

    assert backed_up[0] == 0, backed_up
    lost, held, opens, unsound = empty_desk().restored(
        next(place.glob("sangto-*")), f"acknowledged = {before!r}\n" + COMPARED, keys=Path(keys), moved=True, now=NOW
    )
    assert (lost, unsound) == (0, 0)
    assert len(before) <= held <= len(during) + 2
    assert opens == held
    assert desk.run("fsck")[0] == 0  # nor did it harm the desk, which was killed in the middle
