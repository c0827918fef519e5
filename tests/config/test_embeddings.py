"""`sangto engine evaluate --embeddings`: what a sentence model brings, or one line on why it cannot be used."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from sangto.config.cli import main
from tests.engine.test_own_model import safetensors, tokenizer_file

ANSWERS = [
    {"id": "a", "question": "Giá vé xe buýt tuyến An là bao nhiêu", "title": "", "answer": "", "lang": "vi"},
    {"id": "b", "question": "Giá vé xe buýt tuyến Giang là bao nhiêu", "title": "", "answer": "", "lang": "vi"},
]
MESSAGES = [{"id": "1", "text": "vé xe buýt tuyến nào rẻ", "lang": "vi", "expect": "b", "variant": "paraphrase"}]


@pytest.fixture
def files(tmp_path):
    found = tmp_path / "answers.jsonl", tmp_path / "messages.jsonl"
    for file, rows in zip(found, (ANSWERS, MESSAGES), strict=True):
        file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return found


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    tokenizer_file(folder, ["[PAD]", "[UNK]", "[CLS]", "rẻ", "giang", "an"])
    safetensors(folder, embeddings=np.array([[0, 0], [0, 0], [0, 0], [1, 0.1], [1, 0], [0, 1]], np.float32))
    return folder


def evaluate(files, *more):
    answers, messages = files
    words = ["engine", "evaluate", "--answers", answers, "--messages", messages, "--json", *more]
    return CliRunner().invoke(main, [*map(str, words)])


def test_model_changes_the_order(files, model):
    without, with_model = (json.loads(evaluate(files, *more).stdout) for more in ((), ("--embeddings", model)))

    assert (without["overall"]["recall_at_1"], with_model["overall"]["recall_at_1"]) == (0.0, 1.0)


def test_model_that_cannot_be_used_is_one_line_and_code_one(files, tmp_path):
    result = evaluate(files, "--embeddings", tmp_path / "none")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"sangto: {tmp_path / 'none'} is not a directory\n"
