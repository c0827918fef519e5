"""Measurements and training. Nothing of it is needed to run a desk."""

import os

# As the `sangto` command does: one message keeps one core busy. It has to be set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
