"""What the desk must never do, held against its schema, shapes, addresses, settings and commands.

No setting switches these off. A new name that trips a test is to be changed; a list here grows only with a decision
record that says why the boundary still holds.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, ForeignAnswer, Message
from sangto.ledger.models import Leaf
from sangto.vault.actions import make_keys_ahead, seal
from sangto.vault.models import Contact, DayKey, Opening
from tests.factories import NOW

ROOT = Path(__file__).resolve().parent.parent / "sangto"
SPEAKERS = {
    "account", "author", "avatar", "byline", "claimant", "commenter", "creator", "follower", "followers", "handle",
    "nickname", "persona", "poster", "profile", "reporter", "screenname", "sender", "speaker", "uploader", "username",
}  # fmt: skip
TRACES = {"address", "agent", "chat", "cookie", "device", "email", "ip", "mail", "phone", "referer", "referrer", "user"}
LOGINS = {
    "people.User.username",
    "people.User.email",
    "people.User.user_permissions",
    "people.Member.user",
}
AGAINST_PEOPLE = {
    "ban", "blacklist", "block", "blocklist", "crawl", "denounce", "monitor", "police", "remove", "report", "scrape",
    "surveil", "surveillance", "takedown", "watchlist",
}  # fmt: skip
# Asks the one address that the operator set whether a member is who they say (decision 0038), and reads nothing else.
IDENTITY_PROVIDER = ROOT / "web" / "identity_provider.py"
FOR_STRANGERS = ROOT / "ledger" / "verify_desk.py"  # runs on their machines, never on the desk's (decision 0017)
NETWORK_CLIENTS = {"aiohttp", "http.client", "httpx", "requests", "urllib.request", "urllib3"}
ADDRESS = "telegram:4815162342"


def words(name: str) -> set[str]:
    """The words of a name in any spelling: `screen_name`, `screenName`, `/take-down/`; neighbours joined as well."""
    parts = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
    return {*parts, *(first + second for first, second in zip(parts, parts[1:], strict=False))}


def fields_of(model: type[models.Model]) -> Iterator[str]:
    meta = model._meta
    return (f"{meta.app_label}.{meta.object_name}.{field.name}" for field in [*meta.fields, *meta.many_to_many])


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("sangto.")]


def shape_fields(source: str) -> Iterator[str]:
    """The annotated fields of the classes of a module, as dataclasses and API schemas have them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield f"{node.name}.{line.target.id}"


def imported(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def urls(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from urls(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.pattern} {pattern.name or ''}"


def commands() -> set[str]:
    from sangto.config.cli import main

    return set(main.commands)


def env_names() -> set[str]:
    return set(re.findall(r"\bSANGTO_[A-Z_]+", (ROOT / "config" / "settings.py").read_text()))


# --- 1. It holds nothing on who said a thing ----------------------------------------------------------------------


def test_no_field_keeps_who_said_it():
    names = {name for model in own_models() for name in fields_of(model)}

    assert {name for name in names if words(name.split(".")[-1]) & (SPEAKERS | TRACES)} == LOGINS


def test_no_shape_keeps_who_said_it():
    shapes = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in ROOT.rglob("*.py")
        for name in shape_fields(path.read_text())
        if words(name) & SPEAKERS
    }

    assert shapes == set()


def test_foreign_answer_keeps_the_organisation_and_nobody_else():
    names = {field.name for field in ForeignAnswer._meta.fields}

    assert names == {
        "id", "case", "key", "external_id", "publisher", "url", "published_on", "verdict", "question", "summary",
        "text", "imported_at",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["author", "claimant_name", "screenName", "screen_name", "Post.userName", "sender_ip", "user_agent", "profile_url"],
)
def test_name_of_a_speaker_is_seen(name):
    assert words(name) & (SPEAKERS | TRACES)


@pytest.mark.parametrize(
    "name", ["publisher", "recipe", "description", "authority", "written_by", "lease_token", "chatty"]
)
def test_name_of_a_thing_is_let_through(name):
    assert not words(name) & (SPEAKERS | TRACES)


# --- 2. It does not judge opinions --------------------------------------------------------------------------------


def test_not_checkable_is_a_closing_and_no_verdict():
    assert rules.CLOSINGS == ("not_checkable", "withdrawn")
    assert set(rules.CLOSINGS) & {*rules.RATINGS, *rules.OUTCOMES} == set()


def test_only_our_own_answer_carries_a_rating():
    holders = {name for model in own_models() for name in fields_of(model) if "rating" in words(name)}

    assert holders == {"desk.AnswerVersion.rating"}


@pytest.mark.django_db
@pytest.mark.parametrize("rating", ["not_checkable", "opinion", "satire"])
def test_database_refuses_a_rating_for_an_opinion(rating):
    (constraint,) = [each for each in AnswerVersion._meta.constraints if each.name == "rating_known"]

    with pytest.raises(ValidationError):
        constraint.validate(AnswerVersion, AnswerVersion(rating=rating))


# --- 3. It watches nobody -----------------------------------------------------------------------------------------


def test_contact_holds_only_a_ciphertext_and_its_days():
    kinds = {field.name: type(field) for field in Contact._meta.fields}

    days = {"day": models.DateField, "arrived_on": models.DateField}  # of its key, and of its coming (decision 0021)
    assert kinds == {"id": models.UUIDField, "sealed": models.BinaryField, **days}


def test_day_key_has_no_private_half():
    assert {field.name for field in DayKey._meta.fields} == {"id", "day", "public", "sealed_again", "destroyed_at"}


def test_contact_belongs_to_one_message_and_to_nothing_else():
    relations = {
        f"{rel.related_model.__name__}.{rel.field.name}": rel.one_to_one for rel in Contact._meta.related_objects
    }

    assert relations == {"Message.contact": True}


def test_message_has_no_field_by_which_two_could_be_joined_to_one_sender():
    names = {field.name for field in Message._meta.fields}

    assert names == {
        "id", "case", "text", "lang", "place", "channel", "contact", "opening", "outcome", "received_at",
        "withdrawn_at",
    }  # fmt: skip


def test_leaf_leads_to_no_message_and_no_message_to_its_leaf():
    assert not [field for field in Leaf._meta.get_fields() if field.is_relation]
    assert {field.name for field in Opening._meta.fields} == {"id", "salt", "outcome_salt", "rid"}
    related = {f"{rel.related_model.__name__}.{rel.field.name}" for rel in Opening._meta.related_objects}
    assert related == {"Message.opening"}


def test_nothing_is_indexed_by_contact():
    for model in (Message, Contact):
        named = [
            name for each in [*model._meta.indexes, *model._meta.constraints] for name in getattr(each, "fields", ())
        ]

        assert "contact" not in named
        assert "sealed" not in named
    assert not Contact._meta.get_field("sealed").db_index


@pytest.mark.django_db
def test_same_address_sealed_twice_shares_nothing():
    make_keys_ahead(now=NOW)
    first, second = (seal(ADDRESS, on=date(2026, 11, 21)) for _ in range(2))

    assert first.pk != second.pk
    assert bytes(first.sealed)[:32] != bytes(second.sealed)[:32]
    for contact in (first, second):
        for trace in traces_of(ADDRESS):
            assert trace not in bytes(contact.sealed)


def traces_of(address: str) -> list[bytes]:
    digests = [hashlib.new(name, address.encode()) for name in ("md5", "sha1", "sha256")]
    return [address.encode(), *(each.digest() for each in digests), *(each.hexdigest().encode() for each in digests)]


def test_only_channels_and_the_archive_speak_to_the_network():
    """The archive asks for one document that a member cites, and for nothing that it links to: decision 0034."""
    paths = {path for path in ROOT.rglob("*.py") if imported(path.read_text()) & NETWORK_CLIENTS}

    doors = {path.relative_to(ROOT).parts[0] for path in paths - {FOR_STRANGERS, IDENTITY_PROVIDER}}
    assert doors == {"archive", "channels"}


# --- 4 and 5. It takes nothing down, and it is no crowd -----------------------------------------------------------


def test_no_address_works_against_people():
    routes = list(urls(get_resolver().url_patterns))
    own_factors = [route for route in routes if route.endswith((" mfa_remove_webauthn", " mfa_deactivate_totp"))]

    assert len(own_factors) == 2  # allauth names them: of their own passkeys and app
    assert [route for route in routes if words(route) & AGAINST_PEOPLE and route not in own_factors] == []


def test_no_setting_works_against_people():
    names = env_names()

    assert names
    assert {name for name in names if words(name) & AGAINST_PEOPLE} == set()


def test_no_command_works_against_people():
    names = commands()

    assert names
    assert {name for name in names if words(name) & AGAINST_PEOPLE} == set()


@pytest.mark.parametrize("name", ["api/v1/report/", "SANGTO_BLOCK_LIST", "take-down", "blockList"])
def test_name_of_a_weapon_is_seen(name):
    assert words(name) & AGAINST_PEOPLE
