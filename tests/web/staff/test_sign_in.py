"""The second step of signing in, the second factor that some roles need, and the question before publishing."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, TICKS, make_member, make_version, send
from tests.web.staff.pages import APP_KEY, Page, at, just_confirmed, signed_in, with_app

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
STEP, SECURITY, CONFIRM = "mfa_authenticate", "mfa_index", "staff:confirm"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def code(key: str = APP_KEY) -> str:
    return format_hotp_value(hotp_value(key, next(iter(yield_hotp_counters_from_time()))))


def with_password(member, **more) -> tuple[Client, object]:
    client = Client(headers=ENGLISH)
    typed = {"username": member.user.username, "password": PASSWORD, **more}
    return client, client.post(at("sign-in"), typed)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_member_with_an_app_is_not_signed_in_by_a_password_alone():
    member = make_member(role="approver")
    with_app(member)

    client, response = with_password(member)

    assert (response.status_code, response.url) == (303, reverse(STEP))
    assert not is_signed_in(client)
    assert client.get(at("inbox")).status_code == 302


def test_code_of_the_app_signs_in_and_leads_to_the_asked_page():
    member, page = make_member(role="approver"), at("case", send().case)
    with_app(member)
    client, _ = with_password(member, next=page)

    response = client.post(reverse(STEP), {"code": code()})

    assert (response.status_code, response.url) == (302, page)
    assert is_signed_in(client)


def test_code_of_the_app_works_once():
    member = make_member(role="approver")
    with_app(member)
    used = code()
    first, _ = with_password(member)
    first.post(reverse(STEP), {"code": used})

    second, _ = with_password(member)

    assert second.post(reverse(STEP), {"code": used}).status_code == 400
    assert not is_signed_in(second)


@pytest.mark.parametrize("typed", ["000000", "", "x", "\N{ARABIC-INDIC DIGIT ONE}" * 6, "1" * 5000])
def test_wrong_code_is_refused_and_said(typed):
    member = make_member()
    with_app(member)
    client, _ = with_password(member)

    response = client.post(reverse(STEP), {"code": typed})

    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_codes_ends_after_ten():
    member = make_member()
    with_app(member)
    client, _ = with_password(member)
    for _ in range(10):
        client.post(reverse(STEP), {"code": "000000"})

    client.post(reverse(STEP), {"code": code()})

    assert not is_signed_in(client)


def test_second_step_without_the_first_leads_to_the_first():
    response = Client().get(reverse(STEP))

    assert (response.status_code, response.url) == (302, at("sign-in"))


def test_recovery_code_signs_in_once():
    member = make_member()
    with_app(member)
    spare = RecoveryCodes.activate(member.user).get_unused_codes()[0]
    done = []
    for _ in range(2):
        client, _ = with_password(member)
        client.post(reverse(STEP), {"code": spare})
        done.append(is_signed_in(client))

    assert done == [True, False]


def test_key_of_the_app_is_sealed_in_the_database():
    member = make_member()
    with_app(member)

    assert APP_KEY not in str(list(Authenticator.objects.values()))


def test_lost_secret_key_lets_nobody_in_and_breaks_nothing(settings):
    member = make_member()
    with_app(member)
    settings.SECRET_KEY = "another one" * 5
    client, _ = with_password(member)

    assert client.post(reverse(STEP), {"code": code()}).status_code == 400


# --- who needs a second factor ---------------------------------------------------------------------------------------


def bare(member) -> Client:
    """Signed in by a password, without a second factor."""
    client = Client(headers=ENGLISH)
    client.force_login(member.user)
    just_confirmed(client, member)
    return client


@pytest.mark.parametrize("role", ["approver", "privacy_officer", "head"])
def test_role_that_decides_sets_up_a_second_factor_first(role):
    client = bare(make_member(role=role))

    response = client.get(at("inbox"))

    assert (response.status_code, response.url) == (302, f"{reverse(SECURITY)}?needed=1")
    assert "a password alone is too little" in client.get(response.url).content.decode()


def test_second_factor_comes_before_any_post():
    case = send().case
    version = make_version(case)

    response = bare(make_member(role="approver")).post(at("publish", case), {"seen": "x"})

    version.refresh_from_db()
    assert (response.status_code, version.state) == (302, "in_review")


@pytest.mark.parametrize("role", ["intake", "editor", "dispatcher", "auditor"])
def test_other_roles_may_go_on_with_a_password(role):
    assert bare(make_member(role=role)).get(at("inbox")).status_code == 200


def test_app_is_set_up_with_codes_that_are_shown_once():
    member = make_member(role="approver")
    client = bare(member)
    page = client.get(reverse("mfa_activate_totp"))
    key = re.search(r'totp-key">(\w+)<', page.content.decode())[1]

    response = client.post(reverse("mfa_activate_totp"), {"code": code(key)})
    first = client.get(response.url).content.decode()
    again = client.get(response.url).content.decode()

    found = RecoveryCodes(Authenticator.objects.get(user=member.user, type="recovery_codes")).get_unused_codes()
    assert [each in first for each in found] == [True] * 10
    assert [each in again for each in found] == [False] * 10
    assert client.get(at("inbox")).status_code == 200


def test_wrong_code_sets_nothing_up():
    member = make_member()

    response = bare(member).post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert (response.status_code, Authenticator.objects.count()) == (200, 0)
    assert 'role="alert"' in response.content.decode()


def test_app_is_removed_by_who_has_it_and_nobody_else():
    member = make_member()
    with_app(member)

    bare(make_member()).post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.count() == 1
    bare(member).post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.count() == 0


# --- is it you? ------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_review():
    return make_version(send().case)


def publish(client, version):
    seen = Page(client.get(at("case", version.answer.case))).values["seen"]
    return client.post(at("publish", version.answer.case), {"seen": seen, "tick": list(TICKS)})


def state(version) -> str:
    version.refresh_from_db()
    return version.state


@pytest.mark.parametrize(("ago_s", "found"), [(0, "published"), (290, "published"), (310, "in_review")])
def test_publishing_asks_anew_after_five_minutes(in_review, ago_s, found):
    member = make_member(role="approver")
    client = signed_in(member)
    just_confirmed(client, member, ago_s=ago_s)

    publish(client, in_review)

    assert state(in_review) == found


def test_password_leads_back_to_what_was_being_done(in_review):
    member = make_member(role="approver")
    client = signed_in(member)
    just_confirmed(client, member, ago_s=3600)
    asked = publish(client, in_review)
    assert asked.url.startswith(reverse(CONFIRM))
    back = Page(client.get(asked.url)).values["next"]

    response = client.post(reverse(CONFIRM), {"next": back, "password": PASSWORD})
    again = publish(client, in_review)

    assert (response.status_code, response.url) == (303, back)
    assert "press the button again" in client.get(back.partition("#")[0]).content.decode()
    assert (again.status_code, state(in_review)) == (303, "published")


def test_code_also_confirms():
    member = make_member(role="approver")
    client = signed_in(member)
    just_confirmed(client, member, ago_s=3600)

    response = client.post(reverse(CONFIRM), {"next": at("work"), "code": code()})

    assert response.url == at("work")
    assert client.session["account_authentication_methods"][-1]["at"] > time.time() - 60


@pytest.mark.parametrize(
    "typed", [{"password": "wrong"}, {"code": "000000"}, {"credential": "{}"}, {"credential": "x"}, {}]
)
def test_what_does_not_fit_is_said_and_changes_nothing(typed):
    member = make_member(role="approver")
    client = signed_in(member)
    just_confirmed(client, member, ago_s=3600)

    response = client.post(reverse(CONFIRM), {"next": at("work"), **typed})

    assert response.status_code == 400
    assert Page(response).values["next"] == at("work")
    assert client.session["account_authentication_methods"][-1]["at"] < time.time() - 3000


def test_confirming_leads_to_no_other_site():
    client = signed_in(make_member())

    response = client.post(reverse(CONFIRM), {"next": "https://example.org/", "password": PASSWORD})

    assert response.url == at("inbox")


@pytest.mark.parametrize("typed", ["{}", "x", "[]", '{"id": 1}'])
def test_passkey_that_is_none_is_refused_kindly(typed):
    response = Client(headers=ENGLISH).post(reverse("mfa_login_webauthn"), {"credential": typed})

    assert response.status_code == 400
    assert "The passkey was not accepted" in response.content.decode()


def test_next_person_at_the_same_browser_is_confirmed_by_their_own_password():
    one, other = make_member(), make_member()
    client = signed_in(one)

    client.post(at("sign-in"), {"username": other.user.username, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(other.user.pk)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
