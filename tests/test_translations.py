"""Every visible text has its Vietnamese; and the reader of texts is held against planted ones."""

from pathlib import Path

import pytest

from tests.translations import LANGUAGES, PACKAGE, entries, kept, key, po_path, problems, update, wanted

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

a = _("Plain")
b = gettext_lazy("Lazy %(name)s")
c = ngettext("%(count)s asker", "%(count)s askers", 2)
d = pgettext("verb", "Answer")
e = _(
    "Two lines "
    "in one"
)
f = other("Not a text")
"""
TEMPLATE = """{% load i18n %}
    <p title='it"s odd'>{% translate "Ask" %}</p>
  {% translate "Answer" context "noun" as heading %}
{% blocktranslate trimmed with name=desk.name %}
      Write to
      {{ name }}
{% endblocktranslate %}
{% blocktranslate trimmed count n=cases|length context "queue" %}
  {{ n }} case waits
{% plural %}
  {{ n }} cases wait
{% endblocktranslate %}
{# Translators: nothing to see #}
{% include "x.html" with label=_("Label") %} {{ value|default:_("None yet") }} {{ _("Said") }}
"""


def planted(tmp_path: Path, python: str = 'x = _("Plain")', template: str = "") -> Path:
    package = tmp_path / "planted"
    (package / "web" / "templates").mkdir(parents=True)
    (package / "web" / "views.py").write_text(python)
    (package / "web" / "templates" / "page.html").write_text(template)
    return package


def translate(package: Path, **pairs: str) -> None:
    path = po_path(package, "vi")
    text = path.read_text()
    for msgid, msgstr in pairs.items():
        text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{msgstr}"')
    path.write_text(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_complete(language):
    assert problems(PACKAGE, language) == []


def test_texts_are_found_in_python(tmp_path):
    package = planted(tmp_path, python=PYTHON)

    found = {key(message) for message in entries(wanted(package, "vi"))}

    assert found == {
        (None, "Plain"),
        (None, "Lazy %(name)s"),
        (None, ("%(count)s asker", "%(count)s askers")),
        ("verb", "Answer"),
        (None, "Two lines in one"),
    }


def test_texts_are_found_in_templates(tmp_path):
    package = planted(tmp_path, python="", template=TEMPLATE)

    found = {key(message) for message in entries(wanted(package, "vi"))}

    assert found == {
        (None, "Ask"),
        ("noun", "Answer"),
        (None, "Write to %(name)s"),
        ("queue", ("%(n)s case waits", "%(n)s cases wait")),
        (None, "Label"),
        (None, "None yet"),
        (None, "Said"),
    }


def test_update_keeps_translations_and_leaves_new_texts_empty(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")
    translate(package, Plain="Thường")
    (package / "web" / "views.py").write_text('x = _("Plain"), _("Plainly")')

    update(package, "vi")

    assert {message.id: message.string for message in entries(kept(package, "vi"))} == {
        "Plain": "Thường",
        "Plainly": "",
    }


def test_update_twice_writes_the_same_bytes(tmp_path):
    package = planted(tmp_path, python=PYTHON, template=TEMPLATE)
    update(package, "vi")
    files = {path: path.read_bytes() for path in (package / "locale").rglob("*.?o")}

    update(package, "vi")

    assert len(files) == 2
    assert {path: path.read_bytes() for path in files} == files


def test_complete_catalogue_has_no_problem(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")
    translate(package, Plain="Thường")
    update(package, "vi")

    assert problems(package, "vi") == []


def test_missing_catalogue_is_a_problem(tmp_path):
    package = planted(tmp_path)

    found = problems(package, "vi")

    assert found == [
        "compiled catalogue (.mo) is not what the .po says; run make messages",
        "missing: 'Plain' (planted/web/views.py)",
    ]


def test_empty_entry_is_a_problem(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")

    assert problems(package, "vi") == ["empty: 'Plain' (planted/web/views.py)"]


def test_stale_entry_is_a_problem(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")
    translate(package, Plain="Thường")
    update(package, "vi")
    (package / "web" / "views.py").write_text("")

    assert problems(package, "vi") == ["stale: 'Plain' (planted/web/views.py)"]


def test_fuzzy_entry_is_a_problem(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")
    translate(package, Plain="Thường")
    update(package, "vi")
    path = po_path(package, "vi")
    path.write_text(path.read_text().replace('msgid "Plain"', '#, fuzzy\nmsgid "Plain"'))

    assert "fuzzy: 'Plain' (planted/web/views.py)" in problems(package, "vi")


@pytest.mark.parametrize(
    ("msgid", "msgstr"), [("Hi %(name)s", "Chào %(ten)s"), ("Hi {name}", "Chào"), ("%s of %s", "50 %% của {x}")]
)
def test_placeholder_mismatch_is_a_problem(tmp_path, msgid, msgstr):
    package = planted(tmp_path, python=f'x = _("{msgid}")')
    update(package, "vi")
    translate(package, **{msgid: msgstr})
    update(package, "vi")

    assert problems(package, "vi") == [f"placeholders differ: {msgid!r} (planted/web/views.py)"]


def test_mo_that_lags_behind_is_a_problem(tmp_path):
    package = planted(tmp_path)
    update(package, "vi")
    translate(package, Plain="Thường")

    assert problems(package, "vi") == ["compiled catalogue (.mo) is not what the .po says; run make messages"]
