"""The documents say what the code does: settings, commands, error codes, versions, dependencies, links."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RECORDS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
README_MAX_LINES = 90
RECORD_PARTS = ["Context", "Decision", "Consequences", "Probe", "What would change our mind"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_of(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text_of("pyproject.toml"))


def env_names(text: str) -> set[str]:
    return set(re.findall(r"\bSANGTO_[A-Z_]*[A-Z]", text))


def without_files(documented: set[str], real: set[str]) -> set[str]:
    """`NAME_FILE`, the way to give any setting by a file, is no setting of its own."""
    return {name for name in documented if name in real or name.removesuffix("_FILE") not in real}


def slugs(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+\s+(.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in slugs(there)):
            broken.append(f"{page.relative_to(page.parents[len(page.parents) - 2])}: {target}")
    return broken


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}


def test_settings_are_documented():
    real = env_names(text_of("sangto", "config", "settings.py"))

    documented = without_files(env_names(text_of("docs", "run", "settings.md")), real)

    assert documented == real


def test_settings_are_read_in_one_file():
    settings = ROOT / "sangto" / "config" / "settings.py"
    elsewhere = [path for path in (ROOT / "sangto").rglob("*.py") if path != settings]

    unknown = {name for path in elsewhere for name in env_names(path.read_text())} - env_names(settings.read_text())

    assert unknown == set()


def test_commands_are_documented():
    from sangto.config.cli import main

    documented = set(re.findall(r"\bsangto ([a-z][a-z-]*)", "\n".join(code_of("docs", "run", "commands.md"))))

    assert documented == set(main.commands)


def code_of(*parts: str) -> list[str]:
    """What a page shows as code: fenced blocks and inline spans."""
    text = text_of(*parts)
    return [*FENCE.findall(text), *re.findall(r"`([^`\n]+)`", FENCE.sub("", text))]


def test_error_codes_are_documented():
    from sangto.api.errors import CODES

    documented = set(re.findall(r"^\|\s*`([a-z_]+)`", text_of("docs", "api", "errors.md"), re.MULTILINE))

    assert documented == set(CODES)


def test_readme_is_short_and_starts_with_the_two_commands():
    lines = text_of("README.md").splitlines()

    assert len(lines) <= README_MAX_LINES
    assert {"make run", "make test"} <= {line.split("#")[0].strip() for line in lines[:30]}


def test_changelog_is_at_the_version():
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", text_of("CHANGELOG.md"), re.MULTILINE)

    assert newest
    assert newest[1] == project()["project"]["version"]


def test_make_targets_are_explained():
    text = text_of("Makefile")
    explained = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))

    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))

    assert targets - explained == {"env", "env-test"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert broken_links(page) == []


def test_broken_link_is_seen(tmp_path):
    (tmp_path / "there.md").write_text("# A heading, with words\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#a-heading-with-words) [c](gone.md) [d](there.md#gone) [e](https://example.org/)"
    )

    assert [line.split(": ")[1] for line in broken_links(page)] == ["gone.md", "there.md#gone"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_decision_record_has_its_parts(record):
    text = record.read_text(encoding="utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == RECORD_PARTS
    assert re.search(r"^- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^- Status: (accepted|superseded by \d{4})$", text, re.MULTILINE)


def test_decision_records_are_numbered_and_listed():
    numbers = [int(record.name[:4]) for record in RECORDS]

    assert numbers == sorted(set(numbers))
    assert set(LINK.findall(text_of("docs", "decisions", "README.md"))) == {record.name for record in RECORDS}


def test_every_dependency_has_its_reason():
    told = project()
    lists = [told["project"]["dependencies"], *told["project"].get("optional-dependencies", {}).values()]
    needed = requirement_names(
        [each for requirements in [*lists, *told["dependency-groups"].values()] for each in requirements]
    )

    explained = set(re.findall(r"^\| `([\w-]+)`", text_of("docs", "decisions", "0006-dependencies.md"), re.MULTILINE))

    assert explained == needed
