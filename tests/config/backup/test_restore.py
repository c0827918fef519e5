"""`sangto restore`: the desk comes back, and what happened since the backup counts. Whole desks, by their commands."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.backup.desks import Desk
from tests.factories import NOW

pytestmark = pytest.mark.django_db  # it runs on PostgreSQL too; the rows are in databases of the desks' own
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

A_DAY = """
call_command("migrate", verbosity=0)
make_unit()
early = send(address="777", channel="telegram", now=NOW - timedelta(days=2))
late = send(LAMP, address="778", channel="telegram")
answer_with_copy(early.case)
actions.follow_up(now=NOW)
log.sequence(now=NOW + timedelta(minutes=10))
old, old_keys = (act(Path(to), now=NOW + timedelta(minutes=30)) for act, to in (
    (make.back_up_database, backups), (make.back_up_keys, keys)))
shutil.copytree(old_keys, Path(drawer) / old_keys.name)  # what a disobedient operator keeps
morning = queries.standing().size

actions.destroy_contacts_of(date(2026, 11, 19), now=NOW + timedelta(minutes=60))
make_correction(early.case, now=NOW + timedelta(minutes=61))
lost = send("Có đúng là uống cà phê gây mất ngủ không?", address="779", channel="telegram", 
            now=NOW + timedelta(minutes=62))
make_answer(lost.case, now=NOW + timedelta(minutes=63))
actions.follow_up(now=NOW + timedelta(minutes=64))
log.sequence(now=NOW + timedelta(minutes=80))
new = make.back_up_database(Path(backups), now=NOW + timedelta(minutes=90))
new_keys = make.back_up_keys(Path(keys), now=NOW + timedelta(days=7))
paths = [str(each) for each in (old, new, Path(drawer) / old_keys.name, new_keys)]
tokens = [follow_token(each) for each in (early, late, lost)]
result = [paths, tokens, early.case.number, morning, queries.standing().size, old_keys.exists()]
"""
ONE_MORE = """
send("Mới", now=NOW + timedelta(days=8))
log.sequence(now=NOW + timedelta(days=9))
"""


@dataclass(frozen=True)
class Story:
    """A desk that was backed up in the morning and went on until the evening."""

    desk: Desk
    old: Path
    new: Path
    old_keys: Path
    new_keys: Path
    tokens: list[str]  # of a message that came before, one in the morning, and one that is lost
    number: str
    morning: int  # leaves that were published
    evening: int


@pytest.fixture(scope="module")
def story(fresh_database, tmp_path_factory) -> Story:
    desk = Desk(tmp_path_factory.mktemp("story"), fresh_database())
    folders = {name: str(tmp_path_factory.mktemp(name)) for name in ("backups", "keys", "drawer")}
    paths, *told, kept = desk.do(A_DAY, **folders)
    assert not kept  # the copy of the keys of the morning was a week old, and went
    return Story(desk, *map(Path, paths), *told)


# --- Everything comes back --------------------------------------------------------------------------------------------


def test_command_restores_and_looks_through_everything(story, empty_desk):
    desk = empty_desk()

    code, out, err = desk.run("restore", story.new, "--keys", story.new_keys, "--moved")

    assert code == 0, out + err
    assert out.splitlines()[-1] == "everything that can be recomputed agrees"
    assert (desk.log / "2026/checkpoint").read_bytes() == (story.desk.log / "2026/checkpoint").read_bytes()
    assert {each.stat().st_mode & 0o777 for each in (desk.home / "keys").iterdir()} == {0o600}


def test_moved_desk_is_the_same_desk(story, empty_desk):
    then = (
        f"result = [standing(), opened(), [message_by_token(each).pk for each in {story.tokens!r}]]\n"
        f"{ONE_MORE}result += [standing(), fsck.fsck(), copies_held()]"
    )

    found = empty_desk().restored(story.new, then, keys=story.new_keys, moved=True, now=NOW + DAY)

    assert found == [
        [[["2026", story.evening, True]], 3, 3],
        ["778", "779"],
        [1, 2, 3],
        [[["2026", story.evening + 1, True]], 4, 3],
        0,
        ["%PDF-1.7"],
    ]


def test_database_alone_comes_back_beside_what_survived(story, empty_desk):
    desk = empty_desk(log=story.desk.log)
    shutil.copytree(story.desk.home / "keys", desk.home / "keys")
    shutil.copy(story.desk.home / "secret.key", desk.home / "secret.key")

    found = desk.restored(story.new, "result = [standing(), opened(), fsck.fsck()]", now=NOW + DAY)

    assert found == [[[["2026", story.evening, True]], 3, 3], ["778", "779"], 0]


def test_days_wait_for_keys_that_come_later(story, empty_desk):
    """Without any key nobody can tell those that are lost from those that are on their way."""
    desk = empty_desk()
    then = """
before = opened()
shutil.copytree(came, home, dirs_exist_ok=True)
result = [said, before, opened()]
"""
    places = f"came, home = {str(story.new_keys / 'keys')!r}, {str(desk.home / 'keys')!r}\n"

    said, before, after = desk.restored(story.new, places + then, moved=True, now=NOW + DAY)

    assert "no day key is here: bring the keystore back before the desk serves, or `sangto vault accept`" in said
    assert before == [None, None]
    assert after == ["778", "779"]


def test_older_schema_is_brought_forward(story, empty_desk, tmp_path):
    before = """
call_command("migrate", "desk", "0009", verbosity=0)
result = str(make.back_up_database(Path(place), now=NOW))
"""
    older = empty_desk().restored(
        story.new, f"place = {str(tmp_path)!r}" + before, keys=story.new_keys, moved=True, now=NOW + DAY
    )

    found = empty_desk().restored(
        Path(older), "result = [said, standing()]", keys=story.new_keys, moved=True, now=NOW + DAY
    )

    assert "Bringing the database up to date (" in found[0]
    assert found[1] == [[["2026", story.evening, True]], 3, 3]


# --- What happened since counts ---------------------------------------------------------------------------------------

HEEDED = """
result = {"said": said, "opened": opened(), "standing": standing(), "sound": fsck.fsck() == 0}
result["link"] = message_by_token(token)
again = actions.recover(now=NOW + timedelta(days=1))
result["again"] = [again.leaves, again.versions, again.number]
fresh = send("Mới", now=NOW + timedelta(days=1))
result["numbers"] = [fresh.pk, fresh.case_id]
before = LocalLog("2026").published()
version = make_correction(Case.objects.order_by("pk").first(), now=NOW + timedelta(days=1))
lost = LostVersion.objects.get(number=version.answer.case.number)
result["version"] = [version.n, queries.leaf_body(version.publication.leaf_hash)["pv"] == lost.leaf_hash]
log.sequence(now=NOW + timedelta(days=2))
after = LocalLog("2026").published()
assert_grew(before, after)
result["grew"] = [before.size, after.size]
actions.follow_up(now=NOW + timedelta(days=2))
result["still sound"] = fsck.fsck() == 0
"""


@pytest.fixture(scope="module")
def heeded(story, fresh_database, tmp_path_factory) -> dict:
    """The morning's database and keys under the evening's log: what was found then, and what came of it."""
    desk = Desk(tmp_path_factory.mktemp("heeded"), fresh_database())
    shutil.copytree(story.desk.log, desk.log)
    then = f"token = {story.tokens[-1]!r}\n" + HEEDED
    found = desk.restored(story.old, then, keys=story.old_keys, now=NOW + 95 * MINUTE)
    return {**found, "keys": sorted(each.name for each in (desk.home / "keys").glob("contact-2026-11-[12]*"))}


def test_destroyed_day_stays_destroyed_because_the_log_says_so(heeded):
    """Its key is in the copy of the keys, and is not put back."""
    assert "9 day keys are back, 1 stay destroyed" in heeded["said"]
    assert heeded["opened"] == ["778"]
    assert "contact-2026-11-19.key" not in heeded["keys"]
    assert "contact-2026-11-21.key" in heeded["keys"]
    assert heeded["sound"]


def test_what_is_lost_is_told(story, heeded):
    assert "1 messages were received that this database does not hold: they are lost" in heeded["said"]
    assert f"{story.number} version 2 was published and is lost" in heeded["said"]


def test_log_goes_on_from_its_newest_checkpoint(story, heeded):
    assert heeded["standing"] == [[["2026", story.evening, True]], 2, 1]
    assert heeded["grew"] == [story.evening, story.evening + 2]
    assert heeded["still sound"]


def test_no_number_is_given_twice(heeded):
    """A follow link is a signed number: that of a lost message must not open somebody else's."""
    assert heeded["numbers"] == [20_001, 20_001]
    assert heeded["link"] is None


def test_lost_version_keeps_its_number_and_is_followed(heeded):
    assert heeded["version"] == [3, True]


def test_recovering_again_changes_nothing(heeded):
    assert heeded["again"] == [{"2026": 0}, [], 0]


# --- The old backup that lay in a drawer ------------------------------------------------------------------------------


def test_destroyed_day_stays_destroyed_in_an_old_backup(story, empty_desk):
    """The log is lost and the database is eight days old. The copies of the keys are younger, as they must be."""
    found = empty_desk().restored(story.old, "result = opened()", keys=story.new_keys, now=NOW + 8 * DAY)

    assert found == ["778"]


def test_old_copy_of_the_keys_opens_no_day(story, empty_desk):
    """Somebody kept a copy of the keys for longer than a week: days stay closed, and the desk goes on."""
    desk = empty_desk()

    found = desk.restored(story.old, "result = [said, opened()]", keys=story.old_keys, now=NOW + 8 * DAY)

    assert "these keys are of more than 7 days ago: those of days stay away" in found[0]
    assert found[1] == []
    names = {each.name for each in (desk.home / "keys").iterdir()}
    assert {"log-2026-2.skey", "log-2026.skey"} < names  # the new days' keys are ahead of all that was copied
    assert {"contact-2026-11-19.key", "contact-2026-11-21.key"} & names == set()
    assert (desk.home / "secret.key").read_bytes() == (story.desk.home / "secret.key").read_bytes()


# --- The log is lost too ----------------------------------------------------------------------------------------------


def test_log_that_is_lost_ends_as_it_was_backed_up(story, empty_desk):
    """Others may have seen how it went on, so nothing more is signed with its key: that would be a fork."""
    then = ONE_MORE + "result = [said, standing(), Message.objects.order_by('pk').last().pk, fsck.fsck()]"

    found = empty_desk().restored(story.old, then, keys=story.old_keys, now=NOW + 95 * MINUTE)

    assert "localhost:8000/log/2026 ends as it was backed up, and localhost:8000/log/2026-2 begins" in found[0]
    assert found[1] == [[["2026", story.morning, False], ["2026-2", 2, True]], 3, 1]
    assert found[2:] == [110_001, 0]


def test_key_that_may_have_signed_begins_no_log(story, empty_desk):
    desk = empty_desk()
    (desk.home / "keys").mkdir()
    (desk.home / "keys/log-2026-2.skey").write_text("of a log that was begun after the backup, and is lost")

    found = desk.restored(story.old, "result = standing()[0]", keys=story.old_keys, now=NOW + 95 * MINUTE)

    assert [each[0] for each in found] == ["2026", "2026-3"]


# --- What is refused --------------------------------------------------------------------------------------------------


def refusal(desk: Desk, *words: object) -> str:
    code, _out, err = desk.run("restore", *words)
    assert code == 1
    return err


def test_nothing_is_ever_overwritten(story):
    before = {path: path.read_bytes() for path in story.desk.home.rglob("*") if path.suffix in (".key", ".sqlite3")}

    assert "the database is not empty, and nothing is ever overwritten. To begin anew" in refusal(story.desk, story.old)
    assert {path: path.read_bytes() for path in before} == before


def test_other_key_in_its_place_is_not_overwritten(story, empty_desk):
    desk = empty_desk()
    (desk.home / "secret.key").write_text("another one, which is also forty-eight characters")

    assert "secret.key holds another key than the backup" in refusal(desk, story.new, "--keys", story.new_keys)
    assert not (desk.home / "desk.sqlite3").exists()


def test_log_that_is_older_than_the_backup_is_refused(story, empty_desk):
    desk = empty_desk(log=story.old / "log")

    assert "is older than the backup's (2026): bring its newest copy, or none" in refusal(desk, story.new)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the database": (lambda folder: flip(next(folder.glob("database.*"))), "is not what was backed up"),
    "a byte of the log": (lambda folder: flip(folder / "log/2026/checkpoint"), "is not what was backed up"),
    "the database is cut off": (lambda folder: cut(next(folder.glob("database.*"))), "is not what was backed up"),
    "a file is missing": (lambda folder: (folder / "log/2026/checkpoint").unlink(), "checkpoint is missing"),
    "a file is too much": (lambda folder: (folder / "log/more").write_bytes(b"x"), "log/more does not belong there"),
    "a file leads elsewhere": (lambda folder: (folder / "more").symlink_to("/etc/hostname"), "more does not belong"),
    "the manifest is missing": (lambda folder: (folder / "manifest.json").unlink(), "missing or damaged"),
    "a byte of the manifest": (lambda folder: flip(folder / "manifest.json"), "damaged"),
    "a newer release": (lambda folder: say(folder, version="99.0"), "install that release"),
    "a newer migration": (lambda folder: say(folder, migrations=["desk.9999_later"]), "install that release"),
    "a newer form": (lambda folder: say(folder, format=2), "made by a newer program"),
    "a path that leads out": (lambda folder: say(folder, files=[{"path": "../x", "size": 1, "sha256": ""}]), "outside"),
    "another database": (lambda folder: say(folder, database="oracle"), "the backup is of oracle"),
    "a backup of keys": (lambda folder: say(folder, kind="keys"), "is a backup of the keys, not of the database"),
}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def say(folder: Path, **values: object) -> None:
    """Write another manifest, which is whole."""
    from sangto.config.backup.manifest import _digest

    said = {**json.loads((folder / "manifest.json").read_text()), **values}
    del said["sha256"]
    (folder / "manifest.json").write_text(json.dumps({**said, "sha256": _digest(said)}))


@pytest.mark.parametrize("damage", DAMAGE)
def test_backup_that_is_damaged_or_another_is_refused(story, tmp_path, settings, monkeypatch, damage):
    from sangto.config.backup import restore
    from sangto.config.backup.refusal import Refusal

    act, why = DAMAGE[damage]
    shutil.copytree(story.old, tmp_path / "copy")
    act(tmp_path / "copy")
    monkeypatch.setattr(restore.database, "put_back", lambda _file: pytest.fail("it was put back"))

    with pytest.raises(Refusal) as refused:
        restore.restore_desk(tmp_path / "copy", keys=None, moved=False, now=NOW)

    assert why in str(refused.value)
