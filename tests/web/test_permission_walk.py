"""Every staff address x every role x own and other unit, held to one table: a new address without a line here fails."""

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from sangto.desk import actions
from sangto.desk.models import Case
from sangto.people.actions import found_unit, issue_token
from sangto.people.models import Grant, Unit, User
from sangto.web import sign_in_urls, staff_urls
from tests.factories import NOW, TICKS, holder, make_answer, make_member, make_request, make_unit, make_version, send
from tests.web.staff.pages import just_confirmed, signed_in

pytestmark = pytest.mark.django_db

ROLES = ("intake", "editor", "approver", "dispatcher", "privacy_officer", "auditor", "head")
READ = "intake editor approver dispatcher auditor"
REQUESTS = "privacy_officer auditor"
KEEPERS = "editor head"
DECIDERS = {"approver", "privacy_officer", "head"}
EVERY = " ".join(ROLES)

# address: how it is asked, and whose own unit it opens for; elsewhere it is 404, or 403 where it is of no single thing.
CASE_POSTS = {
    "split": "intake", "merge": "intake", "undo": "intake", "close": "intake", "reopen": "intake",
    "hand-over": "dispatcher", "assign": "intake editor approver dispatcher", "watch": READ,
    "write": "editor", "correct": "editor", "withdraw": "editor", "discard": "editor",
    "decide": "editor approver", "publish": "approver", "send-back": "approver", "ask-back": "editor",
    "place": "editor dispatcher", "ask-copy": "editor", "upload-copy": "editor",
}  # fmt: skip
LISTS = {
    "inbox": EVERY, "work": EVERY, "confirm": EVERY, "requests": REQUESTS, "audit": "auditor",
    "members": "head auditor", "objections": READ, "terms": EVERY, "units": EVERY,
    "save-view": EVERY, "drop-view": EVERY, "together": EVERY, "templates": KEEPERS,
}  # fmt: skip
OWN_SECURITY = {
    "mfa_index", "mfa_list_webauthn", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes",
}  # fmt: skip
# For strangers, or about what only its owner has: held by test_sign_in.py, test_sign_ins.py, test_provider.py and
# test_invitation.py.
ELSEWHERE = {
    "provider_sign_in", "provider_back", "mfa_tie_account", "mfa_untie_account",
    "mfa_end_sign_in", "mfa_end_other_sign_ins", "mfa_name_sign_in",
    "sign-in", "sign-out", "invitation", "account_login", "mfa_authenticate", "mfa_login_webauthn",
    "mfa_deactivate_totp", "mfa_remove_webauthn", "mfa_view_recovery_codes",
}  # fmt: skip
REQUEST_POSTS = {"request-answer", "request-extend", "request-finish", "request-refuse"}
HEADS_POSTS = {"invite", "give-role", "end-role"}
OTHERS = {
    "template", "case", "preview", "request", "try-again", "objection", "objection-rule", "set-term", "unit", "copy",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A unit with a Case in it, a request, and a Grant that somebody holds there."""

    case: Case
    request: str
    objection: str
    grant: Grant
    code: str
    copy: int
    template: int


def place(code: str, *, first: bool = False) -> Place:
    unit = make_unit() if first else found_unit(code, name=code, on=NOW.date())
    case = send(f"Có đúng là {code} sắp cắt nước ba ngày không?").case
    Case.objects.filter(pk=case.pk).update(unit=unit)
    case.refresh_from_db()
    request = make_request(case.messages.get())
    version = make_version(case)
    return Place(
        case,
        request.number,
        contested_in(unit, code),
        make_member(unit=unit, role="dispatcher").grants.get(),
        unit.code,
        uploaded(version),
        template_of(unit),
    )


def uploaded(version) -> int:
    """The id of a copy of the version's source."""
    draft = actions.send_back(version, note="", by=version.written_by)
    copy = actions.keep_upload(draft.sources.get(), data=b"%PDF-1.7", by=version.written_by, now=NOW)
    actions.submit(draft, by=version.written_by, ticks=TICKS, now=NOW)
    return copy.pk


def template_of(unit: Unit) -> int:
    words = actions.TemplateContent(kind="claim", lang="vi", name="Mẫu", summary="", text="Theo [nguồn].")
    return actions.make_template(unit, content=words, by=make_member(unit=unit), now=NOW).pk


def contested_in(unit: Unit, code: str) -> str:
    """The number of an Objection to an answer of the unit."""
    case = send(f"Có đúng là {code} tăng giá vé xe buýt lên gấp đôi không?").case
    Case.objects.filter(pk=case.pk).update(unit=unit)
    version = make_answer(Case.objects.get(pk=case.pk))
    return actions.object_to(version, words="Sai.", lang="vi", nonce=code, now=NOW).number


def url_of(name: str, there: Place) -> str:  # noqa: PLR0911 - one line each of the table
    if name.startswith("mfa_"):
        return reverse(name)
    if name in ("give-role", "end-role"):
        return reverse(f"staff:{name}", args=[there.grant.pk])
    if name in LISTS or name in ("try-again", "invite", "set-term"):
        return reverse(f"staff:{name}")
    if name == "copy":
        return reverse("staff:copy", args=[there.case.number, there.copy])
    if name == "template":
        return reverse("staff:template", args=[there.template])
    if name == "unit":
        return reverse("staff:unit", args=[there.case.unit_id])
    if name.startswith("objection"):
        return reverse(f"staff:{name}", args=[there.objection])
    return reverse(f"staff:{name}", args=[there.request if name.startswith("request") else there.case.number])


def asked(client: Client, name: str, there: Place) -> int:
    url = url_of(name, there)
    if name in CASE_POSTS | {} or name in REQUEST_POSTS | HEADS_POSTS | {"try-again", "objection-rule", "set-term"}:
        typed = {"reply": "", "reason": "", "role": "nothing", "unit": there.code, "number": "", "seen": ""}
        return client.post(url, typed).status_code
    return client.get(url, {"unit": there.code} if name == "audit" else {}).status_code


def wanted(name: str, role: str, *, own: bool) -> set[int]:  # noqa: PLR0911 - one line each of the table
    """The statuses that the table allows; a refusal of the desk itself (409) means that the page was reached."""
    if name in OWN_SECURITY or name in LISTS and LISTS[name] == EVERY:
        return {200, 302}
    if name in LISTS:
        there = 200 if role in LISTS[name].split() else 403
        return {there} if own or there == 403 or name != "audit" else {404}
    if name in ("unit", "set-term"):
        return {200} if name == "unit" else {409}
    if name == "template":
        return {200} if own and role in KEEPERS.split() else {404}
    if name == "try-again":
        return {403} if role in ("auditor", "head") else {303}
    if name in HEADS_POSTS:
        return {403} if role != "head" else {303, 409} if own else {404}
    readers = REQUESTS if name.startswith("request") else READ
    if not own or role not in readers.split():
        return {404}
    if name == "undo":
        return {404}  # there is nothing to undo
    return {200} if name in ("case", "preview", "request", "objection", "copy") else {303, 409, 400}


NAMES = sorted(
    {str(each.name) for each in [*staff_urls.urlpatterns, *sign_in_urls.urlpatterns]} - ELSEWHERE
)  # fmt: skip


def test_every_address_has_a_line():
    known = {*CASE_POSTS, *LISTS, *OWN_SECURITY, *REQUEST_POSTS, *HEADS_POSTS, *OTHERS}

    assert set(NAMES) == known


def test_every_role_at_every_address_in_its_own_and_in_another_unit():
    """Each cell is one request by somebody who holds one role in the first unit and none elsewhere."""
    home, away = place("nhà", first=True), place("xa")
    wrong, cells = [], 0
    for role in ROLES:
        client = signed_in(holder(role))
        for name in NAMES:
            for there, own in ((home, True), (away, False)):
                cells += 1
                found = asked(client, name, there)
                if found not in wanted(name, role, own=own):
                    wrong.append((role, name, "own" if own else "other", found))
    for kind, client, statuses in strangers():
        for name in NAMES:
            for there in (home, away):
                cells += 1
                found = asked(client, name, there)
                if found not in statuses(name):
                    wrong.append((kind, name, there.code, found))

    assert wrong == []
    assert cells >= 600, cells


def strangers():
    """Nobody; a login that is no member; who must have a second factor and has none; a member of another unit only."""
    visitor = Client()
    visitor.force_login(User.objects.create(username="visitor"))
    bare = Client()
    decider = holder("approver", "privacy_officer")
    bare.force_login(decider.user)
    just_confirmed(bare, decider)
    gone = make_member(role="approver")
    left = signed_in(gone)
    type(gone).objects.filter(pk=gone.pk).update(left_at=NOW)
    ended = signed_in(holder_of_nothing())
    return [
        ("anonymous", Client(), lambda _name: {302}),
        ("no member", visitor, lambda _name: {403}),
        ("no second factor", bare, lambda name: {200} if name in OWN_SECURITY or name == "confirm" else {302}),
        ("left", left, lambda _name: {403}),
        ("without a grant", ended, without_a_grant),
    ]


def without_a_grant(name: str) -> set[int]:
    if name in OWN_SECURITY or LISTS.get(name) == EVERY:
        return {200, 302}
    if name in ("unit", "set-term"):
        return {200} if name == "unit" else {409}
    return {403} if name in LISTS or name in HEADS_POSTS or name == "try-again" else {404}


def holder_of_nothing():
    member = holder("intake")
    for given in member.grants.filter(ended_at__isnull=True):
        from sangto.people.actions import end_grant

        end_grant(given, by=None, now=NOW)
    return member


@pytest.mark.parametrize("name", sorted(CASE_POSTS))
@pytest.mark.parametrize("role", ROLES)
def test_role_that_may_not_changes_nothing(role, name):
    """A page that can be read may still not be written on: the Case and its version are as before."""
    cache.clear()
    home = place("nhà", first=True)
    if role in CASE_POSTS[name].split():
        return
    before = rows(home)

    asked(signed_in(holder(role)), name, home)

    assert rows(home) == before


def rows(there: Place):
    case = Case.objects.get(pk=there.case.pk)
    version = case.answer.versions.get()
    return (
        case.state,
        case.unit_id,
        case.assigned_to_id,
        case.messages.count(),
        version.state,
        version.written_at,
        version.written_by_id,
    )


# --- the staff API -----------------------------------------------------------------------------------------------

API = {
    ("get", ""): READ, ("put", "/draft"): READ, ("post", "/review"): READ, ("post", "/highlights"): READ,
    ("post", "/approval"): READ, ("post", "/correction"): READ, ("post", "/withdrawal"): READ,
    ("post", "/questions"): READ,
}  # fmt: skip
DRAFT = b'{"question": "x", "verdict": "false", "summary": "x", "text": "x", "sources": []}'
BODIES = {
    "/draft": DRAFT, "/highlights": b'{"keys": ["x"]}', "/withdrawal": b'{"change": "x"}',
    "/questions": b'{"messages": ["M2026-000001"], "text": "x"}',
}  # fmt: skip


def test_api_shows_a_case_of_another_unit_to_nobody():
    home, away = place("nhà", first=True), place("xa")
    wrong = []
    for role in ROLES:
        token = issue_token(holder(role), now=NOW, may_approve=True)
        for (method, path), readers in API.items():
            for there, own in ((home, True), (away, False)):
                response = Client().generic(
                    method.upper(), f"/api/v1/cases/{there.case.number}{path}", BODIES.get(path, b"{}"),
                    "application/json", headers={"authorization": f"Bearer {token}"},
                )  # fmt: skip
                hidden = response.status_code == 404
                if hidden == (own and role in readers.split()):
                    wrong.append((role, method, path, own, response.status_code))
    assert wrong == []


def test_api_lists_the_own_units_cases_only():
    home, _away = place("nhà", first=True), place("xa")
    token = issue_token(holder("auditor"), now=NOW)

    found = Client().get("/api/v1/cases", headers={"authorization": f"Bearer {token}"}).json()["cases"]

    assert [each["number"] for each in found] == [home.case.number]
