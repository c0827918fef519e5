"""Anybody contests an Answer; a Member who neither wrote nor approved it decides, in public and with reasons."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import locked_case_of, touch
from sangto.desk.actions.room import NoRoom, or_no_room
from sangto.desk.models import AnswerVersion, Objection, Ruling
from sangto.desk.queries.calendars import calendars
from sangto.desk.queries.objections import ruling_content
from sangto.desk.queries.room import LOOK
from sangto.engine.crash import crash_point
from sangto.engine.merkle.commitments import RULING, commitment
from sangto.engine.redact import highlights, redact
from sangto.engine.text import is_binary, is_empty, normal
from sangto.engine.workdays import add_working_days
from sangto.ledger import actions as log
from sangto.ledger import rules as leaves
from sangto.people.models import Member
from sangto.people.rules import may_approve
from sangto.vault.actions.open import SALT_BYTES

REASONS_CHARS = 4000


class CannotObject(Exception):
    """Nothing was kept. `code`: empty, not_text, too_long, unknown_lang or other_body (of a repeated form)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotRule(Exception):
    """The Objection stays open.

    `code`: not_allowed, own_answer (the Member wrote or approved what is contested), decided_before, unknown_ruling,
    no_reasons, too_long, undecided (a name or address in the reasons that nobody looked at), not_corrected or
    not_withdrawn (yet), corrected_since or withdrawn_since (so it was not kept).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def object_to(version: AnswerVersion, *, words: str, lang: str, nonce: str, now: datetime) -> Objection:
    """The Objection to this published version, kept once for each nonce, with its leaf in the log.

    Raises CannotObject; NoRoom when nothing can be kept now. Personal data in the words is masked first.
    """
    _check(words, lang=lang)
    text = redact(normal(words)).text
    key = salted_hmac("sangto.objection", f"{version.pk}\0{nonce}", algorithm="sha256").hexdigest()
    with or_no_room():
        if not LOOK.has_room(now=now):
            raise NoRoom
        try:
            return _earlier(key, text) or _keep(version, key=key, text=text, lang=lang, now=now)
        except IntegrityError:  # the same form came twice at once, and the other one won
            earlier = _earlier(key, text)
            if earlier is None:
                raise
            return earlier


@transaction.atomic
def _keep(version: AnswerVersion, *, key: str, text: str, lang: str, now: datetime) -> Objection:
    case = locked_case_of(version)
    assert case is not None  # noqa: S101 - a published version is never discarded
    calendar = calendars().of(case.unit_id)
    due = add_working_days(timezone.localdate(now), settings.OBJECTION_WORKING_DAYS, calendar=calendar)
    made = Objection.objects.create(key=key, version=version, words=text, lang=lang, made_at=now, due_on=due)
    crash_point("objection.kept")
    log.append(leaves.OBJECTED, now=now, a=case.number, n=version.n, q=made.number, due=leaves.day_of(due))
    touch(case, now=now)
    return made


@transaction.atomic
def rule_on(
    objection: Objection, *, kind: str, reasons: str, by: Member, now: datetime, names_checked: bool = False
) -> Ruling:
    """Decide an Objection, once: the public reads the reasons, and a leaf binds to them. Raises CannotRule.

    A correction or a withdrawal is published first, by the usual way of two Members; the ruling then points to it.
    """
    locked_case_of(objection.version)
    objection = Objection.objects.select_related("version__answer__current", "version__answer__case").get(
        pk=objection.pk
    )
    reasons = _fitting(reasons, names_checked=names_checked)
    _check_ruling(objection, kind, by=by)
    current = objection.version.answer.current
    assert current is not None  # noqa: S101 - the contested version was published
    at, salt = log.date_leaf(now=now), secrets.token_hex(SALT_BYTES)
    ruling = Ruling(objection=objection, kind=kind, reasons=reasons, by=by, at=at, version=current, salt=salt)
    ruling.leaf_hash = _logged(ruling, now=at)
    ruling.save()
    note_deed("ruled", objection.version.answer.case, by=by, now=now)
    crash_point("objection.ruled")
    touch(objection.version.answer.case, now=now)
    return ruling


def _logged(ruling: Ruling, *, now: datetime) -> str:
    contested = ruling.objection.version
    content = ruling_content(ruling)
    return log.append(
        leaves.RULED,
        now=now,
        a=contested.answer.case.number,
        n=contested.n,
        q=ruling.objection.number,
        k=ruling.kind,
        h=commitment(RULING, content, salt=bytes.fromhex(ruling.salt)),
        ts=leaves.second_of(now),
    )


def _earlier(key: str, text: str) -> Objection | None:
    earlier = Objection.objects.filter(key=key).first()
    if earlier and earlier.words not in (text, rules.ERASED_TEXT):
        raise CannotObject("other_body")
    return earlier


def _check(words: str, *, lang: str) -> None:
    if lang not in rules.LANGUAGES:
        raise CannotObject("unknown_lang")
    if is_binary(words):
        raise CannotObject("not_text")
    if is_empty(normal(words)):
        raise CannotObject("empty")
    if len(normal(words)) > settings.MESSAGE_MAX_CHARS:
        raise CannotObject("too_long")


def _check_ruling(objection: Objection, kind: str, *, by: Member) -> None:
    contested, current = objection.version, objection.version.answer.current
    if not may_approve(roles_on(contested.answer.case, by)):
        raise CannotRule("not_allowed")
    if not rules.may_rule(by.pk, writer_id=contested.written_by_id, approver_id=contested.approved_by_id):
        raise CannotRule("own_answer")
    if hasattr(objection, "ruling"):
        raise CannotRule("decided_before")
    if kind not in rules.RULINGS:
        raise CannotRule("unknown_ruling")
    fitting = rules.ruling_after(current.step, is_newer=current.n > contested.n) if current else rules.KEPT
    if kind != fitting:
        raise CannotRule(f"{fitting}_since" if kind == rules.KEPT else f"not_{kind}")


def _fitting(reasons: str, *, names_checked: bool) -> str:
    reasons = redact(normal(reasons)).text.strip()
    if is_binary(reasons) or is_empty(reasons):
        raise CannotRule("no_reasons")
    if len(reasons) > REASONS_CHARS:
        raise CannotRule("too_long")
    if not names_checked and highlights(reasons):
        raise CannotRule("undecided")
    return reasons
