"""Loaded before Django's settings are: a data folder of the run's own, and little asked of the disk it is on."""

import os
import tempfile

LITTLE_ASKED_OF_THE_DISK = {"SANGTO_DISK_RESERVE_MB": "1", "SANGTO_DISK_BALLAST_MB": "1"}

for _name, _value in LITTLE_ASKED_OF_THE_DISK.items():
    os.environ.setdefault(_name, _value)
os.environ.setdefault("SANGTO_HOME", tempfile.mkdtemp(prefix="sangto-test-"))
