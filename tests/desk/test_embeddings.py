"""An operator's own sentence model has a say in what is offered, and a desk works on without it."""

import json
import logging
import sys
from threading import Thread

import numpy as np
import pytest

from sangto.config import checks
from sangto.desk import matcher
from sangto.desk.matcher import OwnModel
from sangto.engine.own_model import Directory
from tests.engine.test_own_model import safetensors, tokenizer_file
from tests.factories import make_answer, send

pytestmark = pytest.mark.django_db

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "rẻ", "giang", "an"]
CHEAP, OTHER = "Giá vé xe buýt tuyến Giang là bao nhiêu", "Giá vé xe buýt tuyến An là bao nhiêu"
ASKED = "vé xe buýt tuyến nào rẻ"


@pytest.fixture
def model(tmp_path, settings):
    """A table of words in which "rẻ" means nearly the same as "giang"."""
    folder = tmp_path / "model"
    folder.mkdir()
    tokenizer_file(folder, VOCABULARY)
    table = np.array([[0, 0], [0, 0], [0, 0], [1, 0.1], [1, 0], [0, 1]], np.float32)
    safetensors(folder, embeddings=table)
    settings.EMBEDDINGS = folder
    return folder


@pytest.fixture(autouse=True)
def nothing_loaded():
    matcher.MODEL.forget()
    yield
    matcher.MODEL.forget()


@pytest.fixture
def answers():
    found = [send(question).case for question in (OTHER, CHEAP)]
    for case in found:
        make_answer(case, summary="Có trong bảng giá.")
    return found


def offered(text=ASKED):
    return [each.answer.question for each in matcher.suggest(text, kind="claim")]


def test_model_has_a_say_in_what_is_offered(answers, model, settings):
    with_model = offered()
    found = matcher.find(ASKED, kind="claim", place="")
    settings.EMBEDDINGS = None

    assert with_model[0] == CHEAP
    assert [each.id for each in found.offers][0] == answers[1].pk
    assert found.settled is None
    assert offered() != with_model


def test_open_cases_are_compared_by_it_too(model, monkeypatch):
    case, near = send("tuyến nào rẻ").case, send(CHEAP).case
    read = []
    monkeypatch.setattr(OwnModel, "alike", lambda self, text, said: read.append(said) or np.ones(len(said), np.float32))

    assert [each.case for each in matcher.similar(case)] == [near]
    assert read == [[CHEAP]]


def test_model_is_loaded_at_first_use_and_once(answers, model, monkeypatch):
    real, loads = Directory.load, []
    monkeypatch.setattr(Directory, "load", lambda path: loads.append(path) or real(path))
    before = list(loads)

    threads = [Thread(target=matcher.MODEL.alike, args=(ASKED, [CHEAP])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (before, loads) == ([], [model])


def test_an_instant_answer_needs_no_model(answers, model, monkeypatch):
    monkeypatch.setattr(Directory, "load", lambda path: pytest.fail("the model was loaded"))

    assert matcher.find(CHEAP, kind="claim", place="").settled.id == answers[1].pk


@pytest.mark.parametrize("broken", ["gone", "empty", "damaged", "no package"])
def test_desk_works_on_without_a_model_and_says_so_once(broken, answers, model, settings, monkeypatch, caplog):
    before = _without_model(settings)
    _break(broken, model, settings, monkeypatch)

    with caplog.at_level(logging.WARNING):
        after = [offered(), offered()]

    assert after == [before, before]
    assert [record.getMessage() for record in caplog.records if record.name == matcher.__name__] == [
        "the embedding model cannot be used (ModelError); see `sangto check`"
    ]
    assert ASKED not in caplog.text
    ((state, said),) = checks._embeddings()
    assert state == checks.WARN
    assert said.startswith("SANGTO_EMBEDDINGS: ")
    assert said.endswith("the desk works on without")
    assert "\n" not in said


def _without_model(settings):
    given, settings.EMBEDDINGS = settings.EMBEDDINGS, None
    found = offered()
    settings.EMBEDDINGS = given
    return found


def _break(broken, model, settings, monkeypatch):
    if broken == "gone":
        settings.EMBEDDINGS = model / "elsewhere"
    elif broken == "no package":
        monkeypatch.setitem(sys.modules, "tokenizers", None)
    elif broken == "empty":
        (model / "model.safetensors").unlink()
    else:
        (model / "tokenizer.json").write_text(json.dumps({"version": "0"}) + "\n\n{")


def test_model_that_fails_later_is_left_out_each_time_and_tried_again(answers, model, settings, monkeypatch, caplog):
    before, with_model = _without_model(settings), offered()
    with monkeypatch.context() as patch:
        patch.setattr(Directory, "encode", lambda *_, **__: 1 / 0)
        failing = [offered(), offered()]

    assert failing == [before, before]
    assert offered() == with_model
    assert caplog.text.count("ZeroDivisionError") == 1


def test_check_names_the_model(model, settings):
    assert list(checks._embeddings()) == [
        (checks.OK, "the embedding model model (2 numbers a text) has a say in what is offered")
    ]
    settings.EMBEDDINGS = None
    ((state, said),) = checks._embeddings()
    assert (state, said) == (checks.OK, "no embedding model is set: what to offer is told by the words alone")
