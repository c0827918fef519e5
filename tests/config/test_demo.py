from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sangto.config.demo.load import APPROVER, EDITOR, LAST, PASSWORD, DeskInUse, is_loaded, load
from sangto.config.demo.start import greeting
from sangto.desk.models import AnswerVersion, Case, DataRequest, Delivery, Message, Regrouping, Reply
from sangto.desk.queries.inbox import Inbox
from sangto.desk.queries.replies import reply_counts
from sangto.people.actions import enrol, found_unit
from sangto.people.queries import first_unit, member_by_username, roles_in
from sangto.people.rules import may_approve
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def tables():
    models = (Case, Message, Delivery, AnswerVersion, Reply, Regrouping, DataRequest)
    return {model.__name__: model.objects.count() for model in models}


def load_stories(count=None, *, now=NOW):
    """Load the demonstration, or stop after some stories as a killed program would."""
    loaded = load(now=now)
    for n, _story in enumerate(loaded, start=1):
        if n == count:
            break
    loaded.close()


def test_demonstration_leaves_every_kind_of_case_in_the_last_sixty_days_and_nothing_waiting():
    load_stories()

    counts = Inbox(None, today=timezone.localdate()).counts()
    assert (counts["answered"], counts["review"]) == (57, 1)
    assert 8 <= counts["open"] <= 12
    assert Message.objects.count() == Delivery.objects.count() == 220
    assert (reply_counts()["waiting"], reply_counts()["given_up"]) == (0, 0)
    assert AnswerVersion.objects.filter(state="draft").count() == 1
    assert set(AnswerVersion.objects.filter(n=2).values_list("step", flat=True)) == {"correct", "withdraw"}

    asked = sorted(Message.objects.values_list("received_at", flat=True))
    assert NOW - timedelta(days=60) <= asked[0]
    assert asked[-1] <= NOW
    assert all(at <= NOW for at in AnswerVersion.objects.values_list("published_at", flat=True) if at)

    (request,) = DataRequest.objects.all()
    assert (request.state, request.made_at) == ("open", NOW - timedelta(days=1))

    roles = {name: may_approve(roles_in(member_by_username(name), None)) for name in (EDITOR, APPROVER, LAST)}
    assert roles == {"lan": False, "minh": True, "hoa": True}
    assert member_by_username("lan").user.check_password(PASSWORD)


def test_load_that_was_killed_is_completed_to_the_same_and_then_left_alone():
    load_stories(count=11)
    assert not is_loaded()
    load_stories(count=40, now=NOW + timedelta(minutes=1))
    load_stories(now=NOW + timedelta(minutes=2))
    complete = tables()

    load_stories(now=NOW + timedelta(days=1))

    assert is_loaded()
    assert tables() == complete
    assert complete["Message"] == 220
    assert Inbox(None, today=timezone.localdate()).counts()["answered"] == 57
    assert reply_counts()["waiting"] == 0


def test_desk_with_a_unit_of_its_own_gets_no_demonstration():
    make_unit()

    with pytest.raises(DeskInUse):
        load_stories(count=1)

    assert not Message.objects.exists()


def test_greeting_says_where_and_how_and_that_it_is_a_demonstration(settings):
    text = greeting()

    assert all(username in text for username in (EDITOR, APPROVER, LAST))
    assert text.count(PASSWORD) == 5
    assert settings.SITE_URL in text
    assert "demonstration data" in text


def test_newcomer_approves_without_a_second_factor(client):
    found_unit("demo", name="Phường", on=NOW.date())
    member = enrol("minh", full_name="Minh", password=PASSWORD, unit=first_unit(), role="approver")
    client.force_login(member.user)

    assert client.get("/staff/").status_code == 200
