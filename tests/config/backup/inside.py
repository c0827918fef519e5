"""What the programs of `desks` find at hand: Django is set up, and everything a test usually imports is there."""

import contextlib
import io
import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from sangto.config import fsck
from sangto.config.backup import make, restore
from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Case, LostVersion, Message
from sangto.desk.queries.copies import bytes_of, taken_copies
from sangto.desk.queries.messages import follow_token, message_by_token
from sangto.engine.merkle.tiles import node_reader
from sangto.engine.merkle.tree import check_consistency, consistency_proof
from sangto.ledger import actions as log
from sangto.ledger import queries
from sangto.ledger.local import LocalLog
from sangto.vault.keystore import KeyGone
from sangto.vault.queries import address_of
from tests.factories import LAMP, NOW, TICKS, make_answer, make_correction, make_unit, make_version, member_for, send

__all__ = [
    "LAMP", "NOW", "AnswerVersion", "Case", "LocalLog", "LostVersion", "Message", "Path", "actions",
    "answer_with_copy", "assert_grew", "call_command", "contextlib", "copies_held", "date", "datetime", "follow_token",
    "fsck", "io", "json", "log", "make",
    "make_answer", "make_correction", "make_unit", "message_by_token", "opened", "queries", "restore", "send", "shutil",
    "standing", "timedelta",
]  # fmt: skip


def answer_with_copy(case: Case) -> None:
    """Publish an answer whose source has an archived copy."""
    version = make_version(case)
    by = version.written_by
    draft = actions.send_back(version, note="", by=by)
    actions.keep_upload(draft.sources.get(), data=b"%PDF-1.7", by=by, now=NOW)
    draft = actions.submit(draft, by=by, ticks=TICKS, now=NOW)
    actions.publish(draft, by=member_for(case, role="approver"), now=NOW, ticks=TICKS)


def copies_held() -> list[str]:
    """Every archived copy, as its text."""
    return [bytes_of(copy).decode() for copy, _data in taken_copies()]


def opened() -> list[str | None]:
    """The addresses that are in Contacts, by Message; None where one does not open any more."""
    found: list[str | None] = []
    for each in Message.objects.filter(contact__isnull=False).select_related("contact").order_by("pk"):
        try:
            found.append(address_of(each.contact))
        except KeyGone:
            found.append(None)
    return found


def standing() -> list:
    """How far the shards are, and how many messages and versions there are."""
    shards = [[each.name, each.size, each.is_open] for each in queries.shards()]
    return [shards, Message.objects.count(), AnswerVersion.objects.count()]


def assert_grew(old, new) -> None:
    """The tree of the new checkpoint continues that of the old one."""
    proof = consistency_proof(old.size, new.size, node_reader(new.size, LocalLog("2026").read))
    check_consistency(old=old.size, old_root=old.root, size=new.size, root=new.root, proof=proof)
