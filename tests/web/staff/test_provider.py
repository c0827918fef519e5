"""Signing in through an identity provider: a real one on this machine, honest first and then lying in each way."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils.translation import activate, override

from sangto.people.actions import CannotTie, leave, tie_account
from sangto.people.models import Deed, Member, ProviderLink, SignIn, User
from sangto.web.identity_provider import PROVIDER
from tests.factories import NOW, PASSWORD, make_member, make_version, send
from tests.web.staff.identity import CLIENT, OTHER_KEY, SECRET, identity_provider
from tests.web.staff.pages import at, just_confirmed, signed_in, with_app
from tests.web.staff.test_sign_in import code, is_signed_in

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def identity(settings):
    cache.clear()
    with identity_provider() as provider:
        settings.OIDC_ISSUER, settings.OIDC_NAME = provider.url, "Town Login"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        settings.OIDC_TRUSTED_ACR = frozenset()
        settings.SITE_URL = "http://testserver"
        PROVIDER.forget()
        yield provider
    PROVIDER.forget()


@pytest.fixture
def lan(identity):
    member = make_member("lan")
    tie_account(member, issuer=identity.url, subject=identity.subject, now=NOW)
    return member


def stranger() -> Client:
    return Client(headers=ENGLISH)


def sent(client: Client, address: str) -> str:
    """Where the provider sends the browser back to."""
    return httpx.get(address).headers["location"]


def through(client: Client, **query: str):
    """The response to the browser that comes back from the provider."""
    begun = client.get(reverse("provider_sign_in"), query)
    assert begun.status_code == 302, begun.content.decode()
    return came(client, sent(client, begun.url))


def came(client: Client, back: str):
    """The response to the browser at the address in the desk's own language to which the provider leads back."""
    response = client.get(back)
    activate("en")  # the tests go on with the English pages
    return response


def refused(client: Client, response, status: int, words: str) -> bool:
    return response.status_code == status and words in response.content.decode() and not is_signed_in(client)


def test_member_whose_account_is_tied_is_signed_in(lan, identity):
    client, page = stranger(), at("case", send().case)

    response = through(client, next=page)

    assert (response.status_code, response.url) == (302, page)
    assert is_signed_in(client)
    assert client.get(page).status_code == 200
    assert SignIn.objects.get().confirmed_by == "provider"


def test_only_the_issuer_and_its_name_for_the_account_are_kept(lan, identity, django_db_blocker):
    client = stranger()
    through(client)

    link = ProviderLink.objects.values().get()
    assert {name for name in link} == {"id", "member_id", "issuer", "subject", "tied_at"}
    kept = str(dict(client.session)) + str(list(User.objects.values())) + str(list(Deed.objects.values()))
    assert [each for each in ("lan@example.org", "never kept", "eyJ") if each in kept] == []


@pytest.mark.parametrize("query", ["https://evil.example/", "//evil.example", ""])
def test_it_leads_to_no_other_site(lan, identity, query):
    assert through(stranger(), next=query).url == at("inbox")


LIES = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"left_out": {"nonce"}},
    "for somebody else": {"claims": {"aud": "another-desk"}},
    "for several, without saying for whom": {"claims": {"aud": [CLIENT, "another-desk"]}},
    "for several, meant for another": {"claims": {"aud": [CLIENT, "another-desk"], "azp": "another-desk"}},
    "over": {"claims": {"exp": int(time.time()) - 3600}},
    "without an end": {"left_out": {"exp"}},
    "not yet": {"claims": {"nbf": int(time.time()) + 3600}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no subject": {"left_out": {"sub"}},
    "an empty subject": {"claims": {"sub": ""}},
    "not signed": {"algorithm": "none"},
    "signed with a shared secret": {"algorithm": "HS256"},
    "signed by another key": {"key": OTHER_KEY},
    "signed by a key that is not published": {"key": OTHER_KEY, "kid": "two"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_does_not_hold_signs_nobody_in(lan, identity, lie):
    for name, value in lie.items():
        setattr(identity, name, value)
    client = stranger()

    response = through(client)

    assert refused(client, response, 400, "could not confirm who you are")


def test_a_provider_may_change_its_keys(lan, identity):
    through(stranger())
    identity.key, identity.kid, identity.published = OTHER_KEY, "two", {"two": OTHER_KEY}
    client = stranger()

    through(client)

    assert is_signed_in(client)


def test_an_answer_works_once(lan, identity):
    client = stranger()
    back = sent(client, client.get(reverse("provider_sign_in")).url)
    came(client, back)
    client.post(at("sign-out"))

    response = came(client, back)

    assert refused(client, response, 400, "begun in another browser, or too long ago")


def test_an_answer_works_in_no_other_browser(lan, identity):
    one, other = stranger(), stranger()
    back = sent(one, one.get(reverse("provider_sign_in")).url)
    other.get(reverse("provider_sign_in"))

    assert refused(other, other.get(back), 400, "begun in another browser")
    assert refused(stranger(), stranger().get(back), 400, "begun in another browser")


def test_an_answer_that_comes_too_late_signs_nobody_in(lan, identity, monkeypatch):
    client = stranger()
    back = sent(client, client.get(reverse("provider_sign_in")).url)
    session = client.session
    session["provider"] = {**session["provider"], "at": time.time() - 601}
    session.save()

    assert refused(client, came(client, back), 400, "too long ago")


def test_a_stranger_who_never_comes_back_leaves_a_session_for_ten_minutes(lan, identity):
    client = stranger()

    client.get(reverse("provider_sign_in"))
    begun = client.session.get_expiry_age()
    through(client)

    assert (begun, client.session.get_expiry_age()) == (600, 12 * 3600)


def test_a_password_after_all_signs_in_for_as_long_as_ever(lan, identity):
    client = stranger()
    client.get(reverse("provider_sign_in"))

    client.post(at("sign-in"), {"username": "lan", "password": PASSWORD})

    assert client.session.get_expiry_age() == 12 * 3600


def test_an_answer_of_another_issuer_is_refused(lan, identity):
    client = stranger()
    back = sent(client, client.get(reverse("provider_sign_in")).url)

    response = came(client, back.replace("iss=http", "iss=https"))

    assert refused(client, response, 400, "could not confirm who you are")


def test_a_code_of_somebody_else_is_refused(lan, identity):
    """A code that another browser got does not fit the proof key of this one."""
    thief, victim = stranger(), stranger()
    stolen = parse_qs(urlsplit(sent(victim, victim.get(reverse("provider_sign_in")).url)).query)["code"][0]
    begun = thief.get(reverse("provider_sign_in")).url
    state = parse_qs(urlsplit(begun).query)["state"][0]

    response = thief.get(reverse("provider_back"), {"code": stolen, "state": state})

    assert refused(thief, response, 400, "could not confirm who you are")


def test_somebody_who_cancels_there_is_told_so(lan, identity):
    client = stranger()
    state = parse_qs(urlsplit(client.get(reverse("provider_sign_in")).url).query)["state"][0]

    response = client.get(reverse("provider_back"), {"error": "access_denied", "state": state})

    assert refused(client, response, 403, "it was cancelled")


def test_an_account_that_is_tied_to_nobody_makes_no_member(identity):
    make_member("lan")
    User.objects.update(email="lan@example.org")
    client, before = stranger(), (Member.objects.count(), User.objects.count())

    response = through(client)

    assert refused(client, response, 403, "tied to nobody here")
    assert (Member.objects.count(), User.objects.count(), ProviderLink.objects.count()) == (*before, 0)


@pytest.mark.parametrize("how", ["left", "switched off"])
def test_a_member_who_is_gone_is_not_signed_in(lan, identity, how):
    if how == "left":
        leave(lan, now=NOW)
    else:
        User.objects.update(is_active=False)
    client = stranger()

    assert refused(client, through(client), 403, "tied to nobody here")


def test_the_second_factor_is_still_asked_for(identity):
    member = make_member("minh", role="approver")
    with_app(member)
    tie_account(member, issuer=identity.url, subject=identity.subject, now=NOW)
    identity.claims = {"acr": "gold", "amr": ["otp", "mfa"]}
    client = stranger()

    response = through(client)

    assert response.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert is_signed_in(client)
    assert SignIn.objects.get().confirmed_by == "app"


def test_a_trusted_acr_stands_for_the_second_step(identity, settings):
    settings.OIDC_TRUSTED_ACR = frozenset({"gold"})
    member = make_member("minh", role="approver")
    with_app(member)
    tie_account(member, issuer=identity.url, subject=identity.subject, now=NOW)
    identity.claims = {"acr": "gold", "auth_time": int(time.time())}
    client = stranger()

    through(client)

    assert is_signed_in(client)
    assert client.get(at("inbox")).status_code == 200


def test_whoever_must_have_a_second_factor_sets_one_up_first_even_so(identity, settings):
    settings.OIDC_TRUSTED_ACR = frozenset({"gold"})
    member = make_member("minh", role="approver")
    tie_account(member, issuer=identity.url, subject=identity.subject, now=NOW)
    identity.claims = {"acr": "gold"}
    client = stranger()

    through(client)

    assert client.get(at("inbox")).url == f"{reverse('mfa_index')}?needed=1"


@pytest.mark.parametrize(("acr", "ago_s", "asks"), [("", 0, True), ("gold", 0, False), ("gold", 3600, True)])
def test_publishing_asks_again_unless_the_provider_is_trusted_and_has_just_asked(identity, settings, acr, ago_s, asks):
    settings.OIDC_TRUSTED_ACR = frozenset({"gold"})
    member = make_member("lan")
    tie_account(member, issuer=identity.url, subject=identity.subject, now=NOW)
    identity.claims = {"acr": acr, "auth_time": int(time.time()) - ago_s}
    client = stranger()
    through(client)

    response = client.get(reverse("mfa_tie_account"))

    assert response.status_code == (302 if asks else 200)


def test_who_sat_there_before_is_signed_out(lan, identity):
    client = signed_in(make_member("minh"))

    through(client)

    assert client.session["_auth_user_id"] == str(lan.user.pk)


def test_a_member_ties_an_account_and_unties_it(identity):
    member = make_member("lan")
    client = signed_in(member)

    page = client.post(reverse("mfa_tie_account"))
    address = page.context["address"]
    response = came(client, sent(client, address))

    assert f'href="{address.replace("&", "&amp;")}"' in page.content.decode()
    assert response.url == f"{reverse('mfa_index')}?done=tied"
    assert ProviderLink.objects.get().member == member
    assert "The account is tied" in client.get(response.url).content.decode()

    client.post(reverse("mfa_untie_account"))

    assert ProviderLink.objects.count() == 0
    assert list(Deed.objects.filter(member=member).values_list("what", flat=True)) == ["tied_account", "untied_account"]


def test_tying_asks_first_whether_it_is_you(identity):
    member = make_member("lan")
    client = Client(headers=ENGLISH)
    client.force_login(member.user)
    just_confirmed(client, member, ago_s=3600)

    assert client.post(reverse("mfa_tie_account")).url.startswith(at("confirm"))


def test_an_answer_to_a_sign_in_ties_nothing(identity):
    client = signed_in(make_member("lan"))

    through(client)

    assert ProviderLink.objects.count() == 0


def test_an_answer_ties_nothing_to_the_next_person(identity):
    lan, minh = make_member("lan"), make_member("minh")
    client = signed_in(lan)
    back = sent(client, client.post(reverse("mfa_tie_account")).context["address"])
    kept = client.session["provider"]
    client.force_login(minh.user)
    session = client.session
    session["provider"] = kept
    session.save()

    response = came(client, back)

    assert response.status_code == 400
    assert ProviderLink.objects.count() == 0


def test_an_account_signs_one_member_in(lan, identity):
    client = signed_in(make_member("minh"))

    response = came(client, sent(client, client.post(reverse("mfa_tie_account")).context["address"]))

    assert response.status_code == 409
    assert "signs in somebody already" in response.content.decode()
    assert ProviderLink.objects.get().member == lan


def test_a_name_that_is_too_long_is_not_cut(lan, identity):
    with pytest.raises(CannotTie) as refusal:
        tie_account(make_member("minh"), issuer=identity.url, subject="x" * 256, now=NOW)

    assert refusal.value.code == "too_long"


def test_a_provider_that_is_down_leaves_the_other_ways(lan, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    PROVIDER.forget()
    client = stranger()

    response = client.get(reverse("provider_sign_in"))

    assert refused(client, response, 503, "does not answer just now")
    assert client.get(at("sign-in")).status_code == 200
    client.post(at("sign-in"), {"username": "lan", "password": PASSWORD})
    assert is_signed_in(client)


def test_a_provider_that_goes_down_on_the_way_is_told_so(lan, identity, settings):
    client = stranger()
    back = sent(client, client.get(reverse("provider_sign_in")).url)
    identity.status = 502

    response = came(client, back)

    assert refused(client, response, 503, "does not answer just now")


def test_a_provider_that_is_down_is_not_asked_by_everybody(identity):
    identity.status = 503
    for _ in range(5):
        stranger().get(reverse("provider_sign_in"))

    assert identity.asked == ["/.well-known/openid-configuration"]


BAD_DOCUMENTS = [
    {"issuer": "https://evil.example"},
    {"token_endpoint": "http://evil.example/token"},
    {"jwks_uri": None},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "http://[bad"},
    {"padding": "x" * 300_000},
]


@pytest.mark.parametrize("document", BAD_DOCUMENTS, ids=lambda each: next(iter(each)))
def test_a_discovery_document_that_does_not_hold_is_refused(lan, identity, document):
    identity.document = document
    client = stranger()

    response = client.get(reverse("provider_sign_in"))

    assert refused(client, response, 503, "do not understand each other")


def test_what_is_published_is_asked_for_once(lan, identity):
    for _ in range(2):
        through(stranger())

    assert identity.asked.count("/.well-known/openid-configuration") == 1
    assert identity.asked.count("/keys") == 1


@pytest.mark.parametrize(("lang", "words"), [("en", "could not confirm who you are"), ("vi", "không xác nhận được")])
def test_the_page_is_in_the_language_in_which_it_was_begun(lan, identity, lang, words):
    identity.algorithm = "none"
    client = Client()
    with override(lang):
        begun = client.get(reverse("provider_sign_in"))

    page = client.get(sent(client, begun.url)).content.decode()

    assert f'<html lang="{lang}"' in page
    assert words in page


def test_nothing_of_it_is_logged(lan, identity, caplog):
    caplog.set_level(logging.DEBUG)
    identity.key = OTHER_KEY
    client = stranger()
    begun = client.get(reverse("provider_sign_in"))
    client.get(httpx.get(begun.url).headers["location"])

    said = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert [each for each in ("code-0", identity.subject, "lan@", "eyJ") if each in said] == []


def test_without_a_provider_there_are_no_such_pages(settings):
    settings.OIDC_ISSUER = ""
    client = signed_in(make_member("lan"))

    found = [client.get(reverse(each)).status_code for each in ("provider_sign_in", "provider_back", "mfa_tie_account")]

    assert found == [404, 404, 404]
    assert "through" not in stranger().get(at("sign-in")).content.decode()


def test_the_sign_in_page_offers_it_and_keeps_where_to_go(lan, identity):
    page = stranger().get(at("sign-in"), {"next": "/staff/?view=a&b"}).content.decode()

    assert f'href="{reverse("provider_sign_in")}?next=%2Fstaff%2F%3Fview%3Da%26b"' in page
    assert "Sign in through Town Login" in page


@pytest.mark.parametrize("address", ["http://login.example", "login.example", "https://", "https://a.example/?x=1"])
def test_an_issuer_that_could_be_listened_to_is_refused(monkeypatch, address):
    from sangto.config.environment import env_issuer

    monkeypatch.setenv("SANGTO_OIDC_ISSUER", address)

    with pytest.raises(ImproperlyConfigured):
        env_issuer("SANGTO_OIDC_ISSUER")


def test_a_tied_account_does_not_approve_what_its_member_wrote(lan, identity):
    """Signing in elsewhere gives no role: the page of an own version offers no approval."""
    case = send().case
    make_version(case, by=lan)
    client = stranger()
    through(client)

    assert client.post(at("publish", case), {"seen": ""}).status_code in (302, 404, 409)
