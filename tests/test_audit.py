"""The audit of dependencies says what it knows, and loudly what it does not."""

import json

import pytest

from tests import audit

FINE = {"name": "django", "version": "5.2.19", "vulns": []}
FLAWED = {"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.19"]}]}
UNKNOWN = {"name": "click", "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.3)"}
OURS = {"name": "sangto", "skip_reason": "not on PyPI"}


def said(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


def test_known_flaw_fails():
    code, text = audit.judged(said(FINE, FLAWED, UNKNOWN))

    assert code == 1
    assert "django 5.2.1: PYSEC-2026-1, mended in 5.2.19" in text


def test_no_flaw_passes():
    assert audit.judged(said(FINE, OURS)) == (0, "1 packages audited, no known flaw")


@pytest.mark.parametrize("answer", [said(UNKNOWN, OURS), said(), "", "<html>", "[]", "null", "{}"])
def test_without_data_it_is_loud(answer):
    code, text = audit.judged(answer)

    assert code == 0
    assert "NOTHING WAS AUDITED" in text
    assert audit.FRAME in text


def test_part_that_is_unknown_is_loud_too():
    code, text = audit.judged(said(FINE, UNKNOWN))

    assert (code, "NOT ALL WAS AUDITED: not in the index: click" in text) == (0, True)


def test_silence_of_the_index_is_no_failure(monkeypatch):
    def late(*_, timeout, **__):
        raise audit.subprocess.TimeoutExpired("pip-audit", timeout)

    monkeypatch.setattr(audit.subprocess, "run", late)

    assert audit.judged(audit.installed_flaws())[0] == 0
    assert audit.TIMEOUT_S < 60
