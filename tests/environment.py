"""Loaded before Django's settings are: a data folder of the run's own, and little asked of the disk it is on."""

import os
import tempfile

os.environ.setdefault("SANGTO_HOME", tempfile.mkdtemp(prefix="sangto-test-"))
os.environ.setdefault("SANGTO_DISK_RESERVE_MB", "1")
os.environ.setdefault("SANGTO_DISK_BALLAST_MB", "1")
