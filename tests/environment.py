"""Loaded before Django's settings are: a data folder of the run's own."""

import os
import tempfile

os.environ.setdefault("SANGTO_HOME", tempfile.mkdtemp(prefix="sangto-test-"))
