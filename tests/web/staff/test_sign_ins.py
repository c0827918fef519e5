"""The list of one's own open sign-ins: what is kept of each, who sees it, and how it ends."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sangto.people.actions import forget_sessions, leave, use_sign_in
from sangto.people.models import Deed, SignIn
from sangto.people.queries import key_of, sign_ins_of
from tests.factories import NOW, PASSWORD, holder, make_member
from tests.web.staff.pages import Page, at, with_app
from tests.web.staff.test_sign_in import code, is_signed_in

pytestmark = pytest.mark.django_db
SECURITY = "mfa_index"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def lan():
    return make_member("lan")


def browser(member) -> Client:
    client = Client(headers={"accept-language": "en", "user-agent": "Canary/1.0"}, REMOTE_ADDR="203.0.113.77")
    client.post(at("sign-in"), {"username": member.user.username, "password": PASSWORD})
    assert is_signed_in(client)
    return client


def row_of(client: Client) -> SignIn:
    return SignIn.objects.get(key=key_of(client.session.session_key))


def test_a_sign_in_has_a_row_without_address_browser_or_key(lan):
    client = browser(lan)

    row = SignIn.objects.values().get()

    assert set(row) == {"id", "member_id", "key", "began_at", "last_day", "confirmed_by", "label"}
    assert (row["member_id"], row["confirmed_by"], row["last_day"]) == (lan.pk, "password", timezone.localdate())
    assert [each for each in ("203.0.113", "Canary", client.session.session_key) if each in str(row)] == []


def test_the_row_says_what_was_shown_last():
    member = make_member("minh", role="approver")
    with_app(member)
    client = Client(headers={"accept-language": "en"})
    client.post(at("sign-in"), {"username": "minh", "password": PASSWORD})
    assert SignIn.objects.count() == 0

    client.post(reverse("mfa_authenticate"), {"code": code()})

    assert row_of(client).confirmed_by == "app"


def test_signing_in_again_in_one_browser_is_one_row(lan):
    client = browser(lan)
    client.post(at("sign-in"), {"username": "lan", "password": PASSWORD})

    assert [each.key for each in sign_ins_of(lan, now=timezone.now())] == [key_of(client.session.session_key)]


def test_the_list_shows_ones_own_and_which_is_this_one(lan):
    here, there, other = browser(lan), browser(lan), browser(make_member("thu"))

    page = Page(here.get(reverse(SECURITY)))

    assert page.html.count("this one") == 1
    assert reverse("mfa_end_sign_in", args=[row_of(there).pk]) in page.forms
    assert reverse("mfa_end_sign_in", args=[row_of(here).pk]) not in page.forms
    assert reverse("mfa_end_sign_in", args=[row_of(other).pk]) not in page.forms


def test_ending_one_signs_that_browser_out(lan):
    here, there, third = browser(lan), browser(lan), browser(lan)

    response = here.post(reverse("mfa_end_sign_in", args=[row_of(there).pk]))

    assert response.status_code == 303
    assert there.get(at("inbox")).status_code == 302
    assert [client.get(at("inbox")).status_code for client in (here, third)] == [200, 200]
    assert list(Deed.objects.filter(what="ended_sign_ins").values_list("member", flat=True)) == [lan.pk]


def test_ending_all_others_leaves_this_one(lan):
    here, there, other = browser(lan), browser(lan), browser(make_member("thu"))
    by_hand = Client()
    by_hand.force_login(lan.user)  # a session from before there were rows

    here.post(reverse("mfa_end_other_sign_ins"))

    assert [client.get(at("inbox")).status_code for client in (here, there, by_hand, other)] == [200, 302, 302, 200]
    assert [each.pk for each in sign_ins_of(lan, now=timezone.now())] == [row_of(here).pk]


def test_nobody_ends_or_names_what_is_not_theirs(lan):
    here, other = browser(lan), browser(make_member("thu"))
    theirs = row_of(other).pk

    ended = here.post(reverse("mfa_end_sign_in", args=[theirs]))
    here.post(reverse("mfa_name_sign_in", args=[theirs]), {"label": "mine"})

    assert ended.status_code == 404
    assert other.get(at("inbox")).status_code == 200
    assert SignIn.objects.get(pk=theirs).label == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Máy ở\n cơ quan ", "Máy ở cơ quan"), ("x" * 100, "x" * 60), ("a\0b", "ab"), ("", "")],
    ids=["spaces", "long", "nul", "empty"],
)
def test_a_member_names_a_sign_in(lan, typed, kept):
    client = browser(lan)

    client.post(reverse("mfa_name_sign_in", args=[row_of(client).pk]), {"label": typed})

    assert row_of(client).label == kept


def test_a_name_is_shown_as_text(lan):
    client = browser(lan)
    client.post(reverse("mfa_name_sign_in", args=[row_of(client).pk]), {"label": "<b>x</b>"})

    assert "<b>x</b>" not in client.get(reverse(SECURITY)).content.decode()


def test_signing_out_takes_it_off_the_list(lan):
    client, here = browser(lan), browser(lan)
    client.post(at("sign-out"))

    assert [each.key for each in sign_ins_of(lan, now=timezone.now())] == [key_of(here.session.session_key)]


def test_rows_go_with_their_sessions(lan):
    browser(lan)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))

    forget_sessions(now=timezone.now())

    assert (Session.objects.count(), SignIn.objects.count()) == (0, 0)


def test_a_member_who_leaves_is_signed_out_everywhere(lan):
    clients = [browser(lan), browser(lan)]

    leave(lan, now=timezone.now())

    assert [is_signed_in(each) for each in clients] == [False, False]
    assert SignIn.objects.count() == 0


def test_the_last_day_moves_on_and_never_back(lan):
    client, today = browser(lan), timezone.localdate()
    row, key = row_of(client), client.session.session_key
    session = client.session
    session["sign_in_began"] = (today - timedelta(days=1)).isoformat()
    session.save()
    SignIn.objects.update(last_day=today - timedelta(days=1))

    client.get(at("inbox"))
    use_sign_in(session_key=key, today=today - timedelta(days=3))

    row.refresh_from_db()
    assert row.last_day == today


def test_a_page_asks_nothing_of_the_rows_on_the_first_day(lan):
    client = browser(lan)

    with CaptureQueriesContext(connection) as queries:
        client.get(at("inbox"))

    assert [each["sql"] for each in queries if "people_signin" in each["sql"]] == []


def test_the_list_asks_as_often_for_three_as_for_one(lan):
    client, asked = browser(lan), []
    for _ in range(3):
        client.get(reverse(SECURITY))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(SECURITY))
        asked.append(len(queries))
        browser(lan)

    assert asked == [asked[0]] * 3


def test_no_other_member_sees_them_anywhere(lan):
    row = row_of(browser(lan))
    SignIn.objects.update(label="Máy riêng của Lan")
    head, auditor = browser(holder("head")), browser(holder("auditor"))

    pages = [client.get(at(name)).content.decode() for client in (head, auditor) for name in ("members", "inbox")]
    pages += [auditor.get(at("audit"), {"unit": "desk"}).content.decode()]

    assert [page for page in pages if "Máy riêng" in page or row.key in page] == []


def test_the_database_knows_what_can_be_shown(lan):
    with pytest.raises(IntegrityError), transaction.atomic():
        SignIn.objects.create(member=lan, key="x", began_at=NOW, last_day=NOW.date(), confirmed_by="face")


@pytest.mark.parametrize("name", ["mfa_end_other_sign_ins", "mfa_untie_account"])
def test_what_changes_something_is_no_link(lan, name):
    assert browser(lan).get(reverse(name)).status_code == 405
