"""Run the verifier as its reader would, in both languages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sangto.ledger import verify_desk


def said(capsys: pytest.CaptureFixture[str], *argv: object, lang: str = "en") -> tuple[int, list[str]]:
    """The exit status and the lines printed in a language."""
    capsys.readouterr()
    status = verify_desk.main([*map(str, argv), "--lang", lang])
    return status, capsys.readouterr().out.splitlines()


def both(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, list[str], list[str]]:
    """The exit status and the lines in English and in Vietnamese; the status must be the same in both."""
    status, english = said(capsys, *argv)
    again, vietnamese = said(capsys, *argv, lang="vi")
    assert status == again
    assert len(english) == len(vietnamese)
    return status, english, vietnamese


@contextmanager
def refused(code: str, kind: type[verify_desk.Finding] = verify_desk.Invalid, **values: object) -> Iterator[None]:
    """The block must be refused with this code; of its values those named must be these."""
    with pytest.raises(verify_desk.Finding) as caught:
        yield
    finding = caught.value
    assert (type(finding), finding.code) == (kind, code)
    assert {name: finding.values[name] for name in values} == values


def code_of(call: Callable[[], object]) -> str:
    """The code with which a call is refused; empty when it is not."""
    try:
        call()
    except verify_desk.Finding as finding:
        return finding.code
    return ""
