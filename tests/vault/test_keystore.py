"""The files of the day keys: whose they are, how they are wrapped, and who may look at them."""

import os
import stat
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sangto.vault import keystore
from sangto.vault.keystore import KeyGone, KeyLocked, day_key, days, make_day_key, path_of, wrap_day_key

DAY = date(2026, 11, 21)
WRAPPING_KEY = "w" * 64


def raw(key: X25519PrivateKey) -> bytes:
    return key.private_bytes_raw()


def test_key_file_is_for_its_owner_alone_and_leaves_no_draft(settings):
    make_day_key(DAY)

    folder = settings.HOME / "keys"
    assert [file.name for file in folder.iterdir()] == ["contact-2026-11-21.key"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, path_of(DAY))] == [0o700, 0o600]


def test_keystore_may_lie_elsewhere(settings, tmp_path):
    settings.VAULT_KEYS = tmp_path / "elsewhere" / "keys"

    make_day_key(DAY)

    assert [file.name for file in settings.VAULT_KEYS.iterdir()] == ["contact-2026-11-21.key"]
    assert days() == {DAY}


def test_key_is_made_once_and_is_another_one_each_day():
    made = [raw(make_day_key(day)) for day in (DAY, DAY, DAY + timedelta(days=1))]

    assert made[0] == made[1] == raw(day_key(DAY))
    assert made[1] != made[2]


def test_other_files_are_no_days():
    make_day_key(DAY)
    for name in ("log-2026.skey", "contact-.key", "contact-2026-13-01.key", ".contact-2026-11-22.key.a1", "contact-x"):
        (keystore.folder() / name).touch()

    assert days() == {DAY}


@pytest.mark.parametrize("held", [b"", b"\1" * 31, b"\1" * 33, b"\1" * 64])
def test_damaged_key_is_gone_and_made_anew(held):
    make_day_key(DAY)
    path_of(DAY).write_bytes(held)

    with pytest.raises(KeyGone):
        day_key(DAY)
    assert raw(make_day_key(DAY)) == raw(day_key(DAY))
    assert stat.S_IMODE(path_of(DAY).stat().st_mode) == 0o600


# --- wrapped ---------------------------------------------------------------------------------------------------------


def test_wrapped_file_does_not_hold_the_key(settings):
    settings.VAULT_WRAPPING_KEY = WRAPPING_KEY

    key = raw(make_day_key(DAY))

    held = path_of(DAY).read_bytes()
    assert (len(held), key in held, raw(day_key(DAY))) == (40, False, key)
    assert keystore.is_wrapped(DAY)


@pytest.mark.parametrize("other", ["", "v" * 64, "w" * 63])
def test_without_the_wrapping_key_nothing_opens_and_nothing_is_overwritten(settings, other):
    settings.VAULT_WRAPPING_KEY = WRAPPING_KEY
    make_day_key(DAY)
    held = path_of(DAY).read_bytes()
    settings.VAULT_WRAPPING_KEY = other

    for act in (day_key, make_day_key):
        with pytest.raises(KeyLocked):
            act(DAY)
    assert path_of(DAY).read_bytes() == held


def test_wrapped_file_passes_for_no_other_days(settings):
    settings.VAULT_WRAPPING_KEY = WRAPPING_KEY
    make_day_key(DAY)
    other = DAY + timedelta(days=1)
    path_of(DAY).rename(path_of(other))

    with pytest.raises(KeyLocked):
        day_key(other)


def test_file_from_before_the_wrapping_key_is_wrapped_and_stays_the_same_key(settings):
    key = raw(make_day_key(DAY))
    wrap_day_key(DAY)
    before = path_of(DAY).read_bytes()
    settings.VAULT_WRAPPING_KEY = WRAPPING_KEY

    for _ in range(2):
        wrap_day_key(DAY)

    assert (before, raw(day_key(DAY)), keystore.is_wrapped(DAY)) == (key, key, True)
    assert stat.S_IMODE(path_of(DAY).stat().st_mode) == 0o600
    assert [file.name for file in keystore.folder().iterdir()] == ["contact-2026-11-21.key"]


# --- real users ------------------------------------------------------------------------------------------------------

AS_ANOTHER_USER = """
import os, sys
from datetime import date
from pathlib import Path
import django
django.setup()
from sangto.vault import keystore
if os.getuid() == 0:  # only now: an interpreter may lie where others cannot read it
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
day = date(2026, 11, 21)
path = keystore.path_of(day)
print((path.parent.parent / "page").read_text())
for act in (
    path.read_bytes, path.unlink, lambda: path.write_bytes(b""), lambda: list(path.parent.iterdir()),
    lambda: keystore.day_key(day), lambda: keystore.make_day_key(day), keystore.days,
):
    try:
        act()
    except (PermissionError, keystore.KeyLocked) as error:
        print(type(error).__name__)
"""


@pytest.fixture
def open_folder():
    """A folder that everybody may walk through: only the keystore's own mode is in the way."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_another_user_reads_writes_and_lists_no_key(settings, tmp_path, open_folder):
    """As root by a process that becomes somebody else; as anybody else by a folder that nobody may open."""
    settings.VAULT_KEYS = open_folder / "keys"
    made = raw(make_day_key(DAY))
    (open_folder / "page").write_text("for everybody")
    if os.getuid() != 0:
        settings.VAULT_KEYS.chmod(0)

    environment = {**os.environ, "SANGTO_HOME": str(tmp_path / "own"), "SANGTO_VAULT_KEYS": str(settings.VAULT_KEYS)}
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER_USER], env=environment, capture_output=True, text=True, check=False
    )
    settings.VAULT_KEYS.chmod(0o700)

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["for everybody", *["PermissionError"] * 4, *["KeyLocked"] * 3]
    assert raw(day_key(DAY)) == made
