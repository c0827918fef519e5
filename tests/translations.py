"""Keep the translation catalogues in step with the code, without gettext's own programs.

`python -m tests.translations update` rewrites each `django.po` (kept translations, no guesses, new entries empty) and
compiles its `django.mo`; `... check` prints what is wrong and exits 1. English is the language of the msgids.
"""

import io
import re
import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "sangto"
LANGUAGES = {"vi": "nplurals=1; plural=0;"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
CONTEXT = (1, "c")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
HEADER = "# Run `make messages` after a change of a text, then fill in what is empty here. No entry may be fuzzy."
ABSENT = "absent"


class Texts(Catalog):
    """A catalogue whose header says only what does not change from day to day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header, the same on every machine."""
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", LANGUAGES[str(self.locale)]),
        ]


def python_of(path: Path) -> str:
    """The file as Python: a template's tags become gettext calls, in brackets so that indentation means nothing."""
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".py" else f"({templatize(text, origin=str(path))}\n)"


def sources(package: Path) -> Iterator[Path]:
    """The Python files and templates that can hold texts, in order."""
    for path in sorted(package.rglob("*")):
        is_template = "templates" in path.parts and path.suffix in TEMPLATE_SUFFIXES
        if path.is_file() and (path.suffix == ".py" or is_template):
            yield path


def wanted(package: Path, language: str) -> Texts:
    """Every text of the package, untranslated."""
    texts = Texts(locale=language, header_comment=HEADER, fuzzy=False)
    for path in sources(package):
        place = path.relative_to(package.parent).as_posix()
        code = io.BytesIO(python_of(path).encode())
        for line, msgid, _comments, context in extract("python", code, KEYWORDS, options={"encoding": "utf-8"}):
            texts.add(msgid, locations=[(place, line)], context=context)
    return texts


def po_path(package: Path, language: str) -> Path:
    """Where the catalogue of a language lies; its compiled form lies beside it."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def kept(package: Path, language: str) -> Catalog:
    """The catalogue as it lies on disk; an empty one when there is none."""
    path = po_path(package, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(package: Path, language: str) -> Texts:
    """Rewrite and compile the catalogue of a language; return it."""
    texts, old = wanted(package, language), kept(package, language)
    for message in entries(texts):
        before = old.get(first_id(message), context=message.context)
        if before and not before.fuzzy and bool(before.pluralizable) == bool(message.pluralizable):
            message.string = before.string
        elif message.pluralizable:
            message.string = ("",) * texts.num_plurals
    path = po_path(package, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, texts, width=110, sort_by_file=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, translated(texts))
    return texts


def translated(texts: Texts) -> Texts:
    """Only what has its translation: for the rest a reader is shown the English."""
    only = Texts(locale=texts.locale, fuzzy=False)
    for message in entries(texts):
        if all(strings(message)):
            only[message.id] = message
    return only


def problems(package: Path, language: str) -> list[str]:
    """What is wrong with the catalogue of a language, one line each; an empty list when it is complete."""
    texts, old = wanted(package, language), kept(package, language)
    have = {key(message): message for message in entries(old)}
    needed = {key(message): message for message in entries(texts)}
    found = [f"missing: {shown(needed[k])}" for k in needed.keys() - have.keys()]
    found += [f"stale: {shown(have[k])}" for k in have.keys() - needed.keys()]
    found += [f"stale: {shown(message)}" for message in old.obsolete.values()]
    found += [f"fuzzy: {shown(message)}" for message in have.values() if message.fuzzy]
    found += [f"empty: {shown(message)}" for message in have.values() if not all(strings(message))]
    found += [f"placeholders differ: {shown(message)}" for message in have.values() if misplaced(message)]
    if compiled(package, language) != spoken(old):
        found.append("compiled catalogue (.mo) is not what the .po says; run make messages")
    return sorted(found)


def entries(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [message for message in catalog if message.id]


def first_id(message: Message) -> str:
    """The msgid, of a plural message the singular."""
    return message.id[0] if message.pluralizable else message.id


def key(message: Message) -> tuple:
    """What makes a message itself: context, msgid, plural msgid."""
    return (message.context, message.id if isinstance(message.id, str) else tuple(message.id))


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a message, one for each plural form."""
    return tuple(message.string) if message.pluralizable else (message.string,)


def shown(message: Message) -> str:
    """The message for a person, with where it stands."""
    places = ", ".join(sorted({place for place, _ in message.locations}))
    return f"{first_id(message)!r}" + (f" ({places})" if places else "")


def placeholders(text: str) -> set[str]:
    """What the text leaves open: `%(name)s`, `%s`, `{name}`."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def misplaced(message: Message) -> bool:
    """Whether a translation leaves other things open than its text does."""
    texts = message.id if message.pluralizable else (message.id,)
    expected = set().union(*map(placeholders, texts))
    return any(string and placeholders(string) != expected for string in strings(message))


def spoken(catalog: Catalog) -> dict:
    """What a compiled form of the catalogue says, by gettext's keys."""
    said = {}
    for message in entries(catalog):
        if not all(strings(message)) or message.fuzzy:
            continue
        name = (message.context + "\x04" if message.context else "") + first_id(message)
        forms = {(name, n): string for n, string in enumerate(strings(message))}
        said.update(forms if message.pluralizable else {name: message.string})
    return said


def compiled(package: Path, language: str) -> dict:
    """What the compiled catalogue on disk says, by gettext's keys."""
    path = po_path(package, language).with_suffix(".mo")
    if not path.exists():
        return {ABSENT: ABSENT}
    with path.open("rb") as file:
        return {name: text for name, text in GNUTranslations(file)._catalog.items() if name}


def main(arguments: list[str]) -> int:
    """Run `update` or `check` for every language; the exit code."""
    if arguments not in (["update"], ["check"]):
        print(__doc__)
        return 2
    if arguments == ["update"]:
        for language in LANGUAGES:
            update(PACKAGE, language)
    found = [f"{language}: {line}" for language in LANGUAGES for line in problems(PACKAGE, language)]
    print("\n".join(found) if found else "translations: complete")
    return int(bool(found) and arguments == ["check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
