"""The examples of docs/api/README.md, run top to bottom."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from sangto.api.errors import CODES, STATUS
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from sangto.people.actions import issue_token
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_member, send

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api"


def examples():
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from ("curl " + part for part in re.split(r"^curl ", block, flags=re.MULTILINE)[1:])


def run(example, words):
    """The response to a curl command; `words` are put in the place of its capitals."""
    for name, value in words.items():
        example = re.sub(rf"\b{name}\b", value, example)
    arguments = iter(shlex.split(example.replace("\\\n", " "))[1:])
    method, headers, body, url = "GET", {}, "", ""
    for argument in arguments:
        if argument == "-X":
            method = next(arguments)
        elif argument == "-H":
            name, _, value = next(arguments).partition(": ")
            headers[name] = value
        elif argument == "-d":
            body = next(arguments)
        else:
            url = argument
    address = urlsplit(url)
    path = f"{address.path}?{address.query}" if address.query else address.path
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    return Client().generic(method, path, body.encode(), kind, headers=headers)


@pytest.mark.django_db
def test_every_example_works():
    case = send(HOSPITAL).case
    make_answer(case)
    work = send(LAMP, kind="problem").case
    words = {
        "NUMBER": case.number,
        "CASE": work.number,
        "MEMBER": issue_token(make_member(), now=NOW),
        "APPROVER": issue_token(make_member(role="approver"), now=NOW, may_approve=True),
    }

    said = []
    for example in examples():
        newest = Message.objects.order_by("pk").last()
        said.append(run(example, {**words, "TOKEN": follow_token(newest)}).status_code)

    assert said == [201] + [200] * (len(said) - 1)
    assert len(said) == 20


def test_statuses_are_documented():
    rows = re.findall(r"^\| `(\w+)` \| (\d+)", (DOCS / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)

    documented = {code: int(status) for code, status in rows}

    assert set(documented) == set(CODES)
    assert {code: documented[code] for code in STATUS} == STATUS
