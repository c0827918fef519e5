import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotSaveView
from sangto.desk.models import SavedView
from sangto.desk.queries.saved import saved_views
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db


def save(member, name: str = "Cầu", query: str = "q=cầu") -> SavedView:
    return actions.save_view(name, query=query, by=member, now=NOW)


def test_a_view_is_kept_for_its_member_alone():
    lan, minh = make_member(), make_member()
    save(lan, "  Cầu \n Rồng ", "kind=claim&q=c%E1%BA%A7u&view=open")

    assert [(each.name, each.query) for each in saved_views(lan)] == [
        ("Cầu Rồng", "view=open&q=c%E1%BA%A7u&kind=claim")
    ]
    assert saved_views(minh) == []


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        (" ", "", "no_name"),
        ("x" * 41, "", "too_long"),
        ("\x01\x02\x03\x04", "", "no_name"),
        ("a", "next=//evil.example", "bad_query"),
        ("a", "view=open&page=2", "bad_query"),
    ],
)
def test_what_is_refused_keeps_nothing(name, query, code):
    with pytest.raises(CannotSaveView) as refused:
        save(make_member(), name, query)

    assert (refused.value.code, SavedView.objects.count()) == (code, 0)


def test_a_name_is_there_once_and_there_are_20_at_most():
    lan = make_member()
    for n in range(20):
        save(lan, f"view {n}")

    codes = []
    for name in ("view 3", "one more"):
        with pytest.raises(CannotSaveView) as refused:
            save(lan, name)
        codes.append(refused.value.code)

    assert (codes, len(saved_views(lan))) == (["name_taken", "too_many"], 20)
    save(make_member(), "view 3")


def test_the_database_refuses_a_second_one_of_the_name():
    lan = make_member()
    save(lan)

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(member=lan, name="Cầu", query="", saved_at=NOW)


def test_only_its_member_drops_it():
    lan, minh = make_member(), make_member()
    view = save(lan)

    assert [actions.drop_view(view.pk, by=each) for each in (minh, lan, lan)] == [False, True, False]
