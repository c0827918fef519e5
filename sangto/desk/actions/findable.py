"""Keep what a Case is found and counted by: its words and how many ask it. Called inside the caller's transaction."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import F

from sangto.desk.models import Case, Message, SearchText
from sangto.desk.queries.findable import asked_now, words_held, words_now
from sangto.engine.searching import word_set

AT_ONCE = 500


def note_entry(message: Message, case: Case, *, left: Case | None) -> None:
    """One more asks the Case, in these words, and one fewer the Case that the Message left; withdrawn ones count not.

    The words of the Case that was left are renewed by the caller, once for all that leave it.
    """
    if message.withdrawn_at:
        return
    Case.objects.filter(pk=case.pk).update(asked=F("asked") + 1)
    if left is not None:
        Case.objects.filter(pk=left.pk).update(asked=F("asked") - 1)
    _add_words(case, message.text)


def note_withdrawal(message: Message) -> None:
    """One fewer asks the Message's Case."""
    Case.objects.filter(pk=message.case_id).update(asked=F("asked") - 1)


def renew_words(cases: Iterable[Case]) -> None:
    """Write the words of these Cases anew, from the rows as they are now."""
    _write(words_now([case.pk for case in cases]))


def _write(words: Mapping[int, str]) -> None:
    """The row and, on SQLite, what FTS5 holds of it; PostgreSQL's index follows by itself."""
    rows = [SearchText(case_id=pk, words=found) for pk, found in words.items()]
    SearchText.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["words"], batch_size=AT_ONCE
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO desk_search(rowid, words) VALUES (%s, %s)", list(words.items()))


def forget_words() -> None:
    """Take words out of SQLite's index that no row holds any more: FTS5 only marks them as gone until it is merged.

    The cost grows with the index, so only a withdrawal asks for it.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO desk_search(desk_search) VALUES ('optimize')")


def renew_all() -> int:
    """Count and write anew what every Case is found by; how many were wrong. So few at once that nobody waits long."""
    wrong, last = 0, 0
    while pks := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        wrong += _renew(pks)
        last = pks[-1]
    forget_words()
    return wrong


@transaction.atomic
def _renew(pks: list[int]) -> int:
    cases = list(Case.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    asked, words = asked_now(pks), words_now(pks)
    held = words_held(pks)
    off = [case for case in cases if asked[case.pk] != case.asked or held.get(case.pk) != words[case.pk]]
    for case in off:
        Case.objects.filter(pk=case.pk).update(asked=asked[case.pk])
    renew_words(off)
    return len(off)


def _add_words(case: Case, text: str) -> None:
    held = SearchText.objects.filter(case=case).values_list("words", flat=True).first()
    words = word_set([held or case.question, text])
    if words != held:
        _write({case.pk: words})
