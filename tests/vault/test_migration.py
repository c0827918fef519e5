"""Contacts from before they were sealed again arrived on the day of their key."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sangto.vault.actions import make_keys_ahead
from sangto.vault.models import Contact, DayKey
from sangto.vault.queries import address_of
from tests.factories import NOW, send


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("vault", name)])


@pytest.mark.django_db(transaction=True)
def test_contacts_of_the_past_get_their_day_and_keys_their_rows():
    message = send(channel="telegram", address="777000111")
    try:
        migrate("0002_opening")
        gone = "vault_daykey" not in connection.introspection.table_names()
    finally:
        migrate("0003_day_keys")

    make_keys_ahead(now=NOW)

    contact = Contact.objects.get()
    assert gone
    assert (contact.pk, contact.arrived_on) == (message.contact_id, date(2026, 11, 21))
    assert (address_of(contact), DayKey.objects.count()) == ("777000111", 8)
