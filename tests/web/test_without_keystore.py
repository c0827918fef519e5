"""A process that serves pages, hooks and the API works, and seals, where it may not open the keystore."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.channels.stand_in import SECRET, TOKEN

# Everything is asked once before the process becomes another user: an interpreter may lie where others cannot read it.
SERVE = """
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone
from sangto.desk.actions import receive
from sangto.vault import keystore
from sangto.vault.actions import make_keys_ahead
from sangto.vault.models import Contact

home, keys = Path(sys.argv[1]), Path(sys.argv[2])
client = Client(headers={"host": "localhost"})

def ask(n):
    update = {"update_id": n, "message": {
        "message_id": n, "date": 1, "chat": {"id": 777000111, "type": "private"}, "text": f"Den duong so {n} hong a?"}}
    told = client.post("/hooks/telegram", json.dumps(update), content_type="application/json",
                       headers={"X-Telegram-Bot-Api-Secret-Token": os.environ["SANGTO_TELEGRAM_SECRET"]})
    form = client.post("/en/ask", {"text": f"Is bridge {n} closed?", "nonce": f"{n:032x}"})
    api = client.post("/api/v1/messages", json.dumps({"text": f"Is road {n} closed?"}), content_type="application/json")
    pages = [client.get(path).status_code for path in ("/", "/log", "/about", form["Location"])]
    return [told.status_code, form.status_code, api.status_code, *pages]

call_command("migrate", verbosity=0)
assert ask(1)[0] == 503
make_keys_ahead(now=timezone.now())
ask(2)
held = sorted(keystore.days())
connections.close_all()
if os.getuid() == 0:
    for each in [home, *home.rglob("*")]:
        if keys not in (each, *each.parents):
            os.chown(each, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
else:
    keys.chmod(0)
try:
    keystore.days()
except keystore.KeyLocked:
    print("locked")
print(ask(3))
contact = Contact.objects.order_by("arrived_on").last()
print(Contact.objects.count(), contact.day == held[0])
try:
    keystore.day_key(contact.day)
except keystore.KeyLocked:
    print("locked")
"""


@pytest.fixture
def open_folder():
    """A folder that everybody may walk through: only the keystore's own mode is in the way."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_pages_hooks_and_the_api_work_where_the_keystore_is_another_users(open_folder):
    home, keys = open_folder / "home", open_folder / "home" / "keys"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    environment = {
        **kept, "SANGTO_HOME": str(home), "SANGTO_TELEGRAM_TOKEN": TOKEN, "SANGTO_TELEGRAM_SECRET": SECRET,
        "SANGTO_LOG_LEVEL": "WARNING",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(home), str(keys)],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    keys.chmod(0o700)

    assert done.stdout.splitlines() == ["locked", "[200, 303, 201, 200, 200, 200, 200]", "2 True", "locked"]
    assert done.stderr.count("telegram: no day key to seal an address to; see `sangto vault status`") == 1
    assert "777000111" not in done.stderr
