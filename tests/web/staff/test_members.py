"""Who holds which role, inviting by link, new passwords, and what was decided."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from sangto.config import staff
from sangto.people.actions import accept, invite, renew_password
from sangto.people.models import Deed, Invitation, Member, User
from sangto.people.queries import member_by_username, roles_in
from tests.factories import NOW, PASSWORD, holder, make_answer, make_member, make_unit, send
from tests.web.staff.pages import Page, at, just_confirmed, signed_in, with_app

pytestmark = pytest.mark.django_db
TYPED = {"username": "thu", "full_name": "Thu", "password": PASSWORD, "again": PASSWORD}
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def head():
    return holder("head")


def link_of(client, **changes) -> str:
    response = client.post(at("invite"), {"unit": "desk", "role": "editor", **changes})
    return response.content.decode().partition('secret-link">')[2].partition("<")[0]


def path_of(link: str) -> str:
    return "/en/staff" + link.partition("/staff")[2]


def on_link(secret: str) -> str:
    return reverse("staff:invitation", args=[secret])


def fresh_link(**changes) -> str:
    from django.utils import timezone

    return on_link(invite(make_unit(), title="editor", by=None, now=timezone.now(), **changes))


def test_invited_person_chooses_name_and_password_and_signs_in(head):
    path = path_of(link_of(signed_in(head)))
    stranger = Client(headers=ENGLISH)
    assert "You are invited to Phường Sông Xanh as: Editor" in stranger.get(path).content.decode()

    response = stranger.post(path, TYPED)

    assert (response.status_code, response.url) == (303, f"{at('sign-in')}?welcome=1")
    assert "_auth_user_id" not in stranger.session
    assert roles_in(member_by_username("thu"), None) == {"intake", "editor"}
    signed = stranger.post(at("sign-in"), {"username": "thu", "password": PASSWORD})
    assert signed.url == at("inbox")


def test_link_works_once():
    path = fresh_link()
    Client().post(path, TYPED)

    again = Client(headers=ENGLISH).post(path, {**TYPED, "username": "other"})

    assert again.status_code == 404
    assert "This link works no more." in again.content.decode()
    assert member_by_username("other") is None


def test_link_ends_after_72_hours():
    secret = invite(make_unit(), title="editor", by=None, now=NOW)

    with pytest.raises(Exception, match="gone"):
        accept(secret, username="thu", full_name="Thu", password=PASSWORD, now=NOW + timedelta(hours=72))
    accept(secret, username="thu", full_name="Thu", password=PASSWORD, now=NOW + timedelta(hours=71, minutes=59))

    assert Invitation.objects.get().used_at


def test_secret_is_not_in_the_database():
    secret = invite(make_unit(), title="editor", by=None, now=NOW)

    assert secret not in str(list(Invitation.objects.values())) + str(list(Deed.objects.values()))


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "short", "again": "short"}, {"again": "another password"}, {"username": "two words"},
        {"username": ""}, {"full_name": " "}, {"username": "taken"}, {"username": "x" * 200},
    ],
)  # fmt: skip
def test_bad_input_is_said_and_the_link_still_works(typed):
    make_member("taken")
    path = fresh_link()

    response = Client(headers=ENGLISH).post(path, {**TYPED, **typed})

    page = Page(response)
    assert (response.status_code, page.shows('role="alert"')) == (409, True)
    assert page.values["full_name"] == {**TYPED, **typed}["full_name"]
    assert "password" not in page.values or page.values["password"] == ""
    assert Client().post(path, TYPED).status_code == 303


def test_head_is_asked_again_after_five_minutes(head):
    client = signed_in(head)
    just_confirmed(client, head, ago_s=400)

    response = client.post(at("invite"), {"unit": "desk", "role": "editor"})

    assert response.url.startswith(reverse("staff:confirm"))
    assert Invitation.objects.count() == 0


def test_unknown_role_is_refused(head):
    response = signed_in(head).post(at("invite"), {"unit": "desk", "role": "boss"})

    assert (response.status_code, Page(response).shows("Choose one of the roles.")) == (409, True)


def test_role_is_ended_and_given_on_the_page(head):
    member = holder("intake")
    client = signed_in(head)
    given = member.grants.get(role="intake")

    client.post(reverse("staff:give-role", args=[given.pk]), {"role": "dispatcher"})
    response = client.post(reverse("staff:end-role", args=[given.pk]))

    assert response.url == f"{at('members')}?done=ended"
    assert roles_in(member, None) == {"dispatcher"}
    assert client.get(response.url).status_code == 200


def test_members_page_costs_the_same_for_more_members(head, django_assert_max_num_queries):
    client = signed_in(head)
    for _ in range(4):
        holder("intake", "editor")

    with django_assert_max_num_queries(18):
        client.get(at("members"))


# --- a new password --------------------------------------------------------------------------------------------------


def test_new_password_leaves_the_second_factor_and_ends_old_sessions():
    from django.utils import timezone

    member = make_member("minh", role="approver")
    with_app(member)
    old = signed_in(member)
    path = on_link(renew_password(member, now=timezone.now()))
    client = Client(headers=ENGLISH)
    assert Page(client.get(path)).shows("Choose a new password")

    client.post(path, {"password": "another good one", "again": "another good one"})

    assert "_auth_user_id" not in client.session
    signed = client.post(at("sign-in"), {"username": "minh", "password": "another good one"})
    assert signed.url == reverse("mfa_authenticate")
    assert Authenticator.objects.count() == 1
    assert old.get(at("inbox")).status_code == 302


def test_newer_link_for_a_password_voids_the_older():
    from django.utils import timezone

    member = make_member()
    older, newer = (renew_password(member, now=timezone.now()) for _ in range(2))

    assert [Client().get(on_link(each)).status_code for each in (older, newer)] == [404, 200]


def test_operator_resets_a_lost_phone(capsys):
    member = make_member("minh", role="approver")
    with_app(member)

    codes = [staff.reset("minh", second_factor=True), staff.reset("nobody", second_factor=False)]

    assert codes == [0, 1]
    assert "/staff/invitation/" in capsys.readouterr().out
    assert Authenticator.objects.count() == 0


def test_operator_invites_gives_and_ends(capsys):
    member = make_member("thu", role="intake")

    codes = [
        staff.invite("auditor", unit_code="desk"),
        staff.give("thu", "dispatcher", unit_code="desk", ends=False),
        staff.give("thu", "dispatcher", unit_code="desk", ends=False),
        staff.give("thu", "intake", unit_code="desk", ends=True),
        staff.give("nobody", "intake", unit_code="desk", ends=True),
    ]

    assert codes == [0, 0, 1, 0, 1]
    assert roles_in(member, None) == {"dispatcher"}
    assert "they hold this role already" in capsys.readouterr().err


def test_no_page_makes_a_login():
    before = User.objects.count()

    for path in ("/staff/sign-up", "/accounts/signup/", "/staff/password/reset", "/admin/"):
        assert Client().post(path, TYPED).status_code == 404
    assert (User.objects.count(), Member.objects.count()) == (before, 0)


# --- what was decided ------------------------------------------------------------------------------------------------


def test_auditor_reads_what_was_decided_and_by_whom():
    case = send().case
    make_answer(case)

    page = signed_in(holder("auditor")).get(at("audit")).content.decode()

    assert page.index("approved and published") < page.index("sent a version to review") < page.index("wrote a draft")
    assert case.number in page


def test_trail_cannot_be_asked_by_person():
    make_answer(send().case)
    client = signed_in(holder("auditor"))

    everything = client.get(at("audit")).content
    asked = client.get(at("audit"), {"member": "1"}).content

    assert everything.count(b"<li><div>") == asked.count(b"<li><div>") > 0


def test_trail_of_another_unit_is_not_there():
    assert signed_in(holder("auditor")).get(at("audit"), {"unit": "elsewhere"}).status_code == 404


def test_trail_costs_the_same_for_one_and_many(django_assert_max_num_queries):
    client = signed_in(holder("auditor"))
    for n in range(3):
        make_answer(send(f"Có đúng là cầu số {n} sắp đóng ba tháng không?").case)

    with django_assert_max_num_queries(18):
        client.get(at("audit"))
