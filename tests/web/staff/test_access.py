import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sangto.people.models import User
from sangto.web.staff_urls import urlpatterns
from tests.factories import PASSWORD, make_member, send
from tests.web.staff.pages import at, signed_in

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"sign-in", "sign-out", "invitation"}
ON_OTHERS = {"give-role", "end-role", "copy", "template", "preview"}  # held by test_permission_walk.py
LISTS = {  # the others are of one Case, request or objection
    "audit", "confirm", "drop-view", "inbox", "invite", "members", "objections", "requests", "save-view", "set-term",
    "templates", "terms", "together", "try-again", "units", "work",
}  # fmt: skip
NAMES = sorted({str(each.name) for each in urlpatterns} - OPEN_TO_ALL - ON_OTHERS)
OF_NO_CASE = {name for name in NAMES if name.startswith(("request", "objection"))}
ENGLISH = {"accept-language": "en"}


def address(name: str, number: str) -> str:
    return reverse(f"staff:{name}", args=[] if name in LISTS else [number])


@pytest.mark.parametrize("name", NAMES)
def test_page_asks_a_stranger_to_sign_in(client, name):
    url = address(name, send().case.number)

    response = client.get(url)

    assert (response.status_code, response.url) == (302, f"{at('sign-in')}?next={url}")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", NAMES)
def test_post_asks_a_stranger_to_sign_in_and_changes_nothing(client, name):
    url = address(name, send().case.number)

    response = client.post(url)

    assert (response.status_code, response.url) == (302, f"{at('sign-in')}?next={at('inbox')}")


@pytest.mark.parametrize("name", NAMES)
def test_login_without_member_is_told_so(client, name):
    client.force_login(User.objects.create(username="visitor"))

    response = client.get(address(name, send().case.number), headers=ENGLISH)

    assert response.status_code == 403
    assert "This login is not a member of the desk" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_member_who_left_is_told_so(client):
    member = make_member()
    member.left_at = timezone.now()
    member.save()
    client.force_login(member.user)

    assert client.get(at("inbox")).status_code == 403


@pytest.mark.parametrize("name", sorted(set(NAMES) - LISTS))
@pytest.mark.parametrize("number", ["2026-999999", "x", "2025-000001", "2026-99999999999999999999"])
def test_unknown_case_is_not_found(name, number):
    client = signed_in(make_member())

    assert (client.get(address(name, number)).status_code, client.post(address(name, number)).status_code) == (404, 404)


@pytest.mark.parametrize("name", sorted(set(NAMES) - LISTS - {"case", "place", "unit"} - OF_NO_CASE))
def test_address_of_an_action_leads_to_the_case(name):
    case = send().case

    response = signed_in(make_member()).get(at(name, case))

    assert (response.status_code, response.url) == (303, at("case", case))


@pytest.mark.parametrize("name", ["inbox", "objections", "requests", "terms", "work", "case"])
def test_page_is_kept_by_no_cache(name):
    response = signed_in(make_member(role="approver")).get(address(name, send().case.number))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_sign_in_leads_to_the_inbox(client):
    make_member("lan")

    response = client.post(at("sign-in"), {"username": "lan", "password": PASSWORD})

    assert (response.status_code, response.url) == (303, at("inbox"))


def test_sign_in_leads_back_to_the_asked_page(client):
    make_member("lan")
    page = at("case", send().case)

    response = client.post(at("sign-in"), {"username": "lan", "password": PASSWORD, "next": page})

    assert response.url == page


def test_sign_in_leads_to_no_other_site(client):
    make_member("lan")
    data = {"username": "lan", "password": PASSWORD, "next": "https://example.org/"}

    assert client.post(at("sign-in"), data).url == at("inbox")


def refused_sign_in(client, username: str, password: str) -> tuple[int, str]:
    response = client.post(at("sign-in"), {"username": username, "password": password}, headers=ENGLISH)
    return response.status_code, "".join(str(error) for error in response.context["form"].non_field_errors())


def test_failed_sign_in_says_the_same_whoever_it_was(client):
    make_member("lan")
    gone = make_member("gone").user
    gone.is_active = False
    gone.save()
    text = "This login name and password do not belong together. Check both; capital letters count."

    answers = {
        refused_sign_in(client, "lan", "wrong"),
        refused_sign_in(client, "nobody", "wrong"),
        refused_sign_in(client, "gone", PASSWORD),
    }

    assert answers == {(400, text)}


def test_failed_sign_in_keeps_the_name_and_not_the_password(client):
    response = client.post(at("sign-in"), {"username": "lan", "password": "not-it-at-all"})

    page = response.content.decode()
    assert 'value="lan"' in page
    assert "not-it-at-all" not in page


def test_sign_out_needs_a_post():
    client = signed_in(make_member())

    assert client.get(at("sign-out")).status_code == 405
    response = client.post(at("sign-out"))

    assert (response.status_code, response.url) == (303, reverse("home"))
    assert client.get(at("inbox")).status_code == 302


def test_action_needs_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member().user)

    assert client.post(at("close", send().case)).status_code == 403
