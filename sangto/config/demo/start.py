"""`sangto demo`: load the demonstration once, then serve it."""

import click
from django.conf import settings
from django.utils import timezone

from sangto.config.demo.content import stories
from sangto.config.demo.load import MEMBERS, PASSWORD, DeskInUse, is_loaded, load
from sangto.config.serve import CannotStart, bring_up_to_date, check_port, check_schema, serve


def start(*, serving: bool) -> int:
    """Exit code 1 when the desk cannot be started or is in use for real questions, else 0."""
    try:
        if serving:
            check_port()
        bring_up_to_date()
        check_schema()
        load_with_progress()
    except CannotStart as error:
        click.echo(f"sangto: {error}", err=True)
        return 1
    except DeskInUse:
        click.echo(
            "sangto: this desk is in use, so no demonstration is loaded. Set SANGTO_HOME to a new folder.", err=True
        )
        return 1
    if not serving:
        click.echo("The demonstration is loaded.")
        return 0
    return serve(greeting=greeting())


def load_with_progress() -> None:
    """Load what is missing of the demonstration, showing how far it is."""
    if is_loaded():
        return
    now = timezone.now()
    with click.progressbar(load(now=now), length=len(stories(now=now)), label="Loading the demonstration") as steps:
        for _story in steps:
            pass


def greeting() -> str:
    """Where the desk is and how to sign in, with every line of it made to be read by whoever tries it."""
    who = [f"    {username:<6} {PASSWORD}   {name}, {role}" for username, (name, role) in MEMBERS.items()]
    lines = [
        "",
        f"  {settings.DESK_NAME} is ready at  {settings.SITE_URL}/",
        f"  Staff sign in at     {settings.SITE_URL}/staff/",
        "",
        *who,
        "",
        "  All of it is demonstration data: invented messages, an invented town. Do not use these passwords elsewhere.",
        "  Ctrl-C stops it.",
        "",
    ]
    return "\n".join(lines)
