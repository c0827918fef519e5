"""What Cases are found and counted by: computed from the rows, matched in the index, and compared by `fsck`."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from sangto.desk.models import Case, Message, SearchText
from sangto.engine.findings import Finding, Looked, in_chunks
from sangto.engine.searching import postgresql_query, search_words, sqlite_query, word_set

AT_ONCE = 500
MATCHING = {
    "sqlite": ("SELECT rowid FROM desk_search WHERE desk_search MATCH %s", sqlite_query),
    "postgresql": (
        "SELECT case_id FROM desk_searchtext WHERE array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery",
        postgresql_query,
    ),
}


def with_words(typed: str) -> Q:
    """Cases whose title and Messages hold all these words, the last one begun at least; all Cases for no word."""
    words = search_words(typed)
    if not words:
        return Q()
    statement, query = MATCHING[connection.vendor]
    return Q(pk__in=RawSQL(statement, [query(words)]))  # noqa: S611 - constant; the words are a parameter


def asked_now(case_ids: Collection[int]) -> dict[int, int]:
    """For each Case how many Messages ask it that were not withdrawn, counted."""
    rows = Message.objects.filter(case__in=case_ids, withdrawn_at__isnull=True).order_by().values_list("case")
    return dict.fromkeys(case_ids, 0) | dict(rows.annotate(n=Count("pk")))


def words_now(case_ids: Collection[int]) -> dict[int, str]:
    """For each Case the words of its working title and of its Messages that were not withdrawn."""
    texts: dict[int, list[str]] = defaultdict(list)
    messages = Message.objects.filter(case__in=case_ids, withdrawn_at__isnull=True).order_by()
    for rows in (
        Case.objects.filter(pk__in=case_ids).values_list("pk", "question"),
        messages.values_list("case", "text"),
    ):
        for pk, text in rows.iterator():
            texts[pk].append(text)
    return {pk: word_set(found) for pk, found in texts.items()}


def words_held(case_ids: Collection[int]) -> dict[int, str]:
    """For each Case the words that it is found by; where row and index disagree it is left out."""
    held = dict(SearchText.objects.filter(case__in=case_ids).values_list("case", "words"))
    if connection.vendor != "sqlite" or not held:
        return held
    places = ", ".join(["%s"] * len(held))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid, words FROM desk_search WHERE rowid IN ({places})", list(held))  # noqa: S608
        return dict(held.items() & dict(cursor.fetchall()).items())


def sound_search() -> Looked:
    """Every Case is found by the words, and counted with the askers, that it has."""
    for chunk in in_chunks(Case.objects.order_by("pk").iterator(chunk_size=AT_ONCE), AT_ONCE):
        pks = [case.pk for case in chunk]
        asked, words = asked_now(pks), words_now(pks)
        held = words_held(pks)
        for case in chunk:
            yield from _compared(case, asked[case.pk], words[case.pk], held.get(case.pk))


def _compared(case: Case, asked: int, words: str, held: str | None) -> Looked:
    if case.asked != asked:
        yield Finding("asked_differs", case.number)
    elif words != held:
        yield Finding("words_differ", case.number)
    else:
        yield None
