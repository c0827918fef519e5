"""One target under atheris: `python -m tests.fuzz.one NAME [arguments of libFuzzer]`. Ends when told, or at a crash."""

import os
import sys
import tempfile

import atheris


def main() -> None:
    name, *arguments = sys.argv[1:]
    os.environ.setdefault("SANGTO_HOME", tempfile.mkdtemp(prefix="sangto-fuzz-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    with atheris.instrument_imports(include=["sangto"]):
        import django

        django.setup()
        from tests.fuzz.targets import TARGETS
    atheris.Setup([f"fuzz-{name}", *arguments], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
