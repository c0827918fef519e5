"""Set Django up for a command, and hand it the module that does the work."""

import os
import sys
from importlib import import_module
from typing import Any

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation


def desk(module: str, *, bind: str | None = None) -> Any:
    """A module of `sangto.config`, with Django set up; wrong settings end the program with one line and code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    if bind:
        os.environ["SANGTO_BIND"] = bind
    try:
        django.setup()
        translation.activate("en")  # what an operator reads here is English, like these commands
    except (ImproperlyConfigured, OSError) as error:
        click.echo(f"sangto: {error}", err=True)
        sys.exit(2)
    return import_module(f"sangto.config.{module}")
