"""Send one message through the console channel and print what its sender would see."""

import secrets
import time

import click
from django.conf import settings
from django.utils import timezone, translation

from sangto.channels.letters import refusal_text
from sangto.channels.links import answer_url, follow_url
from sangto.config.terminal import shown
from sangto.desk import matcher
from sangto.desk.actions import CannotReceive, Incoming, NoRoom, receive
from sangto.desk.queries.messages import Standing, Suggestion, standing_of
from sangto.interchange.wording import reason_text, verdict_word


def ask(text: str, *, lang: str, place: str, kind: str | None) -> int:
    """Exit code 0 when the message was kept, 1 when it was refused.

    The time shown is that of a running desk: each process reads the answers once, before its first message.
    """
    incoming = Incoming(
        channel="console", external_id=secrets.token_hex(16), text=text, lang=lang, place=place, kind=kind
    )
    answers = matcher.counts()["answers"]
    began = time.perf_counter()
    try:
        message = receive(incoming, now=timezone.now()).message
    except CannotReceive as error:
        click.echo(refusal_text(error.code, lang=lang), err=True)
        return 1
    except NoRoom as refusal:
        click.echo(f"sangto: nothing can be kept now ({refusal.code}); `sangto check` says more", err=True)
        return 1
    took_ms = (time.perf_counter() - began) * 1000
    with translation.override(lang):
        _print(standing_of(message))
    click.echo(f"\ntook:      {took_ms:.1f} ms, among {answers:,} answers")
    return 0


def _print(standing: Standing) -> None:
    click.echo(f"outcome:   {standing.outcome}")
    click.echo(f"number:    {standing.number}")
    if standing.queue_place:
        click.echo(f"place:     {standing.queue_place} in the queue")
    click.echo(f"follow:    {follow_url(standing.token)}")
    click.echo(f"letters:   {settings.CONSOLE_FILE}")
    for suggestion in standing.suggestions:
        _print_suggestion(suggestion)


def _print_suggestion(suggestion: Suggestion) -> None:
    answer = suggestion.answer
    verdict = answer.verdict or verdict_word(answer.rating or answer.outcome)
    said_by = " | ".join(part for part in (verdict, answer.publisher) if part)
    click.echo(f"\n{shown(answer.question)}\n  {shown(said_by)}")
    click.echo(f"  {shown(answer.summary)}\n  {answer_url(answer.number)}")
    if suggestion.reasons:
        click.echo(f"  because: {shown(', '.join(reason_text(reason) for reason in suggestion.reasons))}")
