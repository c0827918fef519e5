"""Plain functions that make what a test needs, through the same actions as the product."""

import itertools
from datetime import UTC, date, datetime

from sangto.desk import actions, rules
from sangto.desk.actions import Content, Incoming, Received, Reference
from sangto.desk.models import AnswerVersion, Case, DataRequest, Message
from sangto.desk.queries.highlights import marks_of
from sangto.people.actions import end_grant, enrol, found_unit, grant
from sangto.people.models import Member, Unit
from sangto.people.queries import first_unit
from sangto.vault.actions import make_keys_ahead

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TICKS = rules.TICKS  # as somebody who answers every question of the checklist
PASSWORD = "correct horse battery"
counter = itertools.count(1)

HOSPITAL = "Uống nước chanh nóng có chữa được ung thư không?"
LAMP = "Đèn đường trước nhà 12 ngõ 5 đường Hoa Sữa hỏng ba hôm nay"
SOURCE = Reference("Trang chủ Bộ Y tế", "Bộ Y tế", "https://moh.gov.vn/", date(2026, 11, 10))


def make_unit(code: str = "desk") -> Unit:
    return found_unit(code, name="Phường Sông Xanh", on=date(2026, 1, 1))


def make_member(username: str = "", *, role: str = "editor", unit: Unit | None = None) -> Member:
    """A Member in the roles that go with one title: an approver also writes, sorts and handles requests."""
    username = username or f"{role}{next(counter)}"
    return enrol(username, full_name=username.title(), password=PASSWORD, unit=unit or make_unit(), role=role, now=NOW)


def holder(*roles: str, unit: Unit | None = None) -> Member:
    """A Member with these roles and no others, in one Unit."""
    unit, (first, *others) = unit or make_unit(), roles
    number = next(counter)
    member = enrol(
        f"holder{number}", full_name=f"Holder {number}", password=PASSWORD, unit=unit, role="auditor", now=NOW
    )
    if "auditor" not in roles:
        end_grant(member.grants.get(), by=None, now=NOW)
    for role in {first, *others} - {"auditor"}:
        grant(member, unit=unit, role=role, by=None, now=NOW)
    return member


def privacy_officer() -> Member:
    return make_member(role="privacy_officer")


def incoming(text: str = HOSPITAL, **changes: object) -> Incoming:
    values = {"channel": "web", "external_id": f"delivery-{next(counter)}", "text": text, **changes}
    return Incoming(**values)


def send(text: str = HOSPITAL, *, now: datetime = NOW, **changes: object) -> Message:
    return received(text, now=now, **changes).message


def received(text: str = HOSPITAL, *, now: datetime = NOW, **changes: object) -> Received:
    if changes.get("address"):
        make_keys_ahead(now=now)  # as the worker does
    return actions.receive(incoming(text, **changes), now=now)


def content(case: Case, **changes: object) -> Content:
    values = {
        "question": case.question,
        "verdict": "false" if case.kind == "claim" else "fixed",
        "summary": "Không đúng: nước chanh không chữa được ung thư.",
        "text": "Chưa có bằng chứng nào cho thấy nước chanh nóng chữa được ung thư.\n\nHãy hỏi bác sĩ của bạn.",
        "sources": [SOURCE],
        **changes,
    }
    return Content(**values)


def member_for(case: Case, *, role: str = "editor") -> Member:
    """A Member of the Unit that the Case is of now."""
    return make_member(role=role, unit=Case.objects.get(pk=case.pk).unit or first_unit())


def make_version(case: Case, *, by: Member | None = None, now: datetime = NOW, **changes: object) -> AnswerVersion:
    """A version in review, with every name and address decided on."""
    version = actions.draft(case, content=content(case, **changes), by=by or member_for(case), now=now)
    return actions.submit(decided(version, now=now), by=version.written_by, ticks=TICKS, now=now)


def decided(version: AnswerVersion, *, now: datetime = NOW) -> AnswerVersion:
    """The version, of which every name and address may be public by its writer's decision."""
    keys = [mark.key for mark in marks_of(version)]
    return actions.decide_highlights(version, keys=keys, by=version.written_by, now=now) if keys else version


def make_answer(case: Case, *, now: datetime = NOW, **changes: object) -> AnswerVersion:
    """A published first version, written and approved by two members."""
    version = make_version(case, now=now, **changes)
    return actions.publish(version, by=member_for(case, role="approver"), now=now, ticks=TICKS)


def make_correction(case: Case, *, now: datetime = NOW, **changes: object) -> AnswerVersion:
    """A published next version."""
    writer = member_for(case)
    actions.start_correction(case, by=writer, now=now)
    values = {"change": "Nói rõ hơn về bằng chứng.", **changes}
    version = decided(actions.draft(case, content=content(case, **values), by=writer, now=now), now=now)
    return actions.publish(
        actions.submit(version, by=writer, ticks=TICKS, now=now),
        by=member_for(case, role="approver"),
        now=now,
        ticks=TICKS,
    )


def make_withdrawal(case: Case, *, now: datetime = NOW, change: str = "Nguồn đã sai.") -> AnswerVersion:
    version = actions.start_withdrawal(case, change=change, by=member_for(case), now=now)
    return actions.publish(version, by=member_for(case, role="approver"), now=now, ticks=TICKS)


def make_request(message: Message | None = None, *, now: datetime = NOW, **changes: object) -> DataRequest:
    """What a sender asks about their data."""
    values = {"kind": "restrict", "words": "Xin đừng dùng tin của tôi để huấn luyện.", "lang": "vi", **changes}
    nonce = str(values.pop("nonce", f"form-{next(counter)}"))
    return actions.make_request(message or send(now=now), nonce=nonce, now=now, **values)
