"""The list of keys says what the templates have, and nothing else."""

import re
from pathlib import Path

import pytest

import sangto.web
from sangto.web.key_wording import KEYS
from tests.factories import make_member, send
from tests.web.staff.pages import Page, at, signed_in

TEMPLATES = Path(sangto.web.__file__).parent / "templates" / "staff"
BY_SCRIPT = {"?", "j", "k", "x"}  # they act on whatever is on the page


def test_every_key_is_listed_and_every_listed_key_is_somewhere():
    found = {key for file in TEMPLATES.glob("*.html") for key in re.findall(r'data-key="([^"]+)"', file.read_text())}

    assert found | BY_SCRIPT == {key for keys in KEYS.values() for key in keys}


def test_no_key_publishes_closes_or_sends():
    text = "".join(file.read_text() for file in TEMPLATES.glob("*.html"))
    pressed = re.findall(r"<button[^>]*data-key=\"([^\"]+)\"", text)

    assert set(pressed) == {"t", "w"}  # what anybody can take back with the same key


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["inbox", "case"])
def test_list_is_on_the_pages_of_members(name):
    case = send().case

    page = Page(signed_in(make_member()).get(at(name, case if name == "case" else None)))

    assert page.shows("Go to the inbox") and page.shows("Use these keys in this browser")


@pytest.mark.django_db
def test_list_is_not_for_strangers(client):
    assert "data-keys" not in client.get(at("sign-in")).content.decode()
