"""Load the demonstration desk through the same actions that the product uses, as if it had worked for 60 days.

Every step looks at what is there first, so a load that was killed goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sangto.channels.deliver import deliver
from sangto.config.demo.content import Story, stories
from sangto.desk import actions, rules
from sangto.desk.actions import Content
from sangto.desk.queries.highlights import marks_of
from sangto.desk.queries.inbox import case_file
from sangto.people.actions import enrol, found_unit
from sangto.people.queries import first_unit, member_by_username

UNIT = "demo"
UNIT_NAME = "Phường Sông Xanh (dữ liệu minh hoạ)"
PASSWORD = "sangto-demo-2026"  # noqa: S105 - printed at every start; only the demonstration has it
EDITOR, APPROVER, LAST = "lan", "minh", "hoa"
MEMBERS = {
    EDITOR: ("Lan", "editor"),
    APPROVER: ("Minh", "approver"),
    "an": ("An", "head"),
    "thu": ("Thu", "auditor"),
    LAST: ("Hoa", "approver"),
}
TO_AN_ANSWER, TO_AN_APPROVAL, TO_A_CHANGE = timedelta(hours=10), timedelta(hours=3), timedelta(days=5)
A_DAY = timedelta(days=1)
REQUEST = "Xin cho tôi biết các anh chị giữ những gì về tin của tôi và giữ đến bao giờ."
STAYS_IN_REVIEW, STAYS_A_DRAFT = "claim:39", "problem:19"


class DeskInUse(Exception):
    """The desk has a Unit of its own, so demonstration data would stand between real questions."""


def is_loaded() -> bool:
    """Whether the demonstration is complete: its last member is enrolled when everything else is there."""
    return member_by_username(LAST) is not None


def load(*, now: datetime) -> Iterator[Story]:
    """Load the demonstration, Case by Case, yielding each when it is done; nothing when it is loaded already.

    Raises DeskInUse.
    """
    unit = first_unit()
    if unit and unit.code != UNIT:
        raise DeskInUse
    if is_loaded():
        return
    editor, approver = _member(EDITOR), _member(APPROVER)
    changes: list[tuple[datetime, Callable[[], None]]] = []
    for story in stories(now=now):
        # What is published is dated in the log in the order in which it happens.
        changes = _happened(changes, before=story.starts_at)
        changes += _tell(story, editor=editor, approver=approver, now=now)
        yield story
    _happened(changes, before=now + TO_A_CHANGE)
    _ask_about_data(stories(now=now)[0], now=now - A_DAY)
    for username in MEMBERS:  # the last one last
        _member(username)


def _happened(changes: list[tuple[datetime, Callable[[], None]]], *, before: datetime) -> list[Any]:
    """Make the changes that come before this moment, in order; those that come later are left."""
    changes.sort(key=lambda each: each[0])
    for at, change in changes:
        if at < before:
            change()
    return [each for each in changes if each[0] >= before]


def _member(username: str) -> Any:
    name, role = MEMBERS[username]
    unit = found_unit(UNIT, name=UNIT_NAME, on=date(2026, 1, 1))
    known = member_by_username(username)
    return known or enrol(username, full_name=name, password=PASSWORD, unit=unit, role=role)


def _tell(story: Story, *, editor: Any, approver: Any, now: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """Ask and answer the story; its later change, if it has one, with the time at which to make it."""
    case = _asked(story, by=editor)
    at = story.messages[-1][1]
    _replies(now=at)
    if story.answer:
        _answer(case, story, story.answer, by=editor, approver=approver, now=at + TO_AN_ANSWER)
    if not story.change:
        return []
    later = min(at + TO_A_CHANGE, now)
    return [(later, partial(_change, case, story, by=editor, approver=approver, now=later))]


def _asked(story: Story, *, by: Any) -> Any:
    """The story's Case with all its Messages: those that the engine left apart are joined, as an officer would."""
    (first, at), *others = story.messages
    case = _own_case(actions.receive(first, now=at).message, by=by, now=at)
    for incoming, at in others:
        apart = actions.receive(incoming, now=at).message.case
        if apart.pk != case.pk and apart.state == case.state == rules.OPEN:
            actions.merge(apart, into=case, by=by, now=at + timedelta(minutes=30))
    return case


def _own_case(message: Any, *, by: Any, now: datetime) -> Any:
    """The Case that the Message opened; where the engine took it for another question, it is set apart first."""
    case = message.case
    if case.messages.order_by("pk").first() == message:
        return case
    if case.state == rules.ANSWERED:
        actions.decline_answers(message, now=now)
    else:
        actions.split(case, messages=[message], by=by, now=now)
    message.refresh_from_db()
    return message.case


def _answer(case: Any, story: Story, content: Content, *, by: Any, approver: Any, now: datetime) -> None:
    newest = next(iter(case_file(case).versions), None)
    if newest is None or (newest.n == 1 and newest.state == rules.DRAFT):
        newest = actions.draft(case, content=content, by=by, now=now)
        if story.key == STAYS_A_DRAFT:
            return
        newest = actions.submit(_decided(newest, by=by, now=now), by=by, ticks=rules.TICKS, now=now)
    if newest.n == 1 and newest.state == rules.IN_REVIEW and story.key != STAYS_IN_REVIEW:
        actions.publish(newest, by=approver, now=now + TO_AN_APPROVAL, ticks=rules.TICKS)
    _replies(now=now + TO_AN_APPROVAL)


def _change(case: Any, story: Story, *, by: Any, approver: Any, now: datetime) -> None:
    newest = case_file(case).versions[0]
    if newest.n == 1:
        start = actions.start_correction if story.correction else partial(actions.start_withdrawal, change=story.change)
        newest = start(case, by=by, now=now - TO_AN_APPROVAL)
    if newest.state == rules.DRAFT and story.correction:
        newest = actions.draft(case, content=story.correction, by=by, now=now - TO_AN_APPROVAL)
        newest = actions.submit(
            _decided(newest, by=by, now=now - TO_AN_APPROVAL), by=by, ticks=rules.TICKS, now=now - TO_AN_APPROVAL
        )
    if newest.state == rules.IN_REVIEW:
        actions.publish(newest, by=approver, now=now, ticks=rules.TICKS)
    _replies(now=now)


def _ask_about_data(story: Story, *, now: datetime) -> None:
    """The story's first sender asks what is held about their message, for the staff to answer."""
    incoming, at = story.messages[0]
    message = actions.receive(incoming, now=at).message
    actions.make_request(message, kind="access", words=REQUEST, lang="vi", nonce="demo", now=now)


def _decided(version: Any, *, by: Any, now: datetime) -> Any:
    """The version, of which every street and name may be public: all of them are made up."""
    keys = [mark.key for mark in marks_of(version)]
    return actions.decide_highlights(version, keys=keys, by=by, now=now) if keys else version


def _replies(*, now: datetime) -> None:
    """Tell everybody what they are owed by then."""
    actions.follow_up(now=now)
    while deliver(now=now):
        pass
