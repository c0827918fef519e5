"""Nonsense for every parser: the same targets for atheris (`python -m tests.fuzz`) and for hypothesis in CI."""
