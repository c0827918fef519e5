import json

import pytest

from sangto.interchange.labelled import UnreadableSet, read_checkthat_set, read_jsonl_set

ANSWERS = [
    {
        "id": "a",
        "question": "Nước chanh chữa ung thư?",
        "title": "Không",
        "answer": "Không có bằng chứng.",
        "lang": "vi",
    },
    {"id": 7, "question": "The bridge is closed", "author": "Somebody"},
]
MESSAGES = [
    {"id": "m1", "text": "nuoc chanh", "expect": "a", "variant": "short", "must_not": [7], "mood": "angry"},
    {"id": "m2", "text": "bridge", "expect": 7, "also": ["a"]},
    {"id": "m3", "text": "khác", "lang": "vi", "expect": None},
]


def written(tmp_path, answers=ANSWERS, messages=MESSAGES):
    files = tmp_path / "answers.jsonl", tmp_path / "messages.jsonl"
    for file, rows in zip(files, (answers, messages), strict=True):
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def refusal(reader, *files):
    with pytest.raises(UnreadableSet) as refused:
        reader(*files)
    return str(refused.value)


def test_answers_are_numbered_and_messages_lead_to_them(tmp_path):
    held = read_jsonl_set(*written(tmp_path))

    assert held.ids == {1: "a", 2: "7"}
    assert [(one.question, one.title, one.text, one.lang, one.kind) for one in held.entries] == [
        ("Nước chanh chữa ung thư?", "Không", "Không có bằng chứng.", "vi", "claim"),
        ("The bridge is closed", "", "", "", "claim"),
    ]
    assert [(one.id, one.variant, one.expect, one.must_not) for one in held.messages] == [
        ("m1", "short", {1}, {2}),
        ("m2", "message", {1, 2}, set()),
        ("m3", "message", set(), set()),
    ]


@pytest.mark.parametrize(
    ("answers", "messages", "why"),
    [
        ([*ANSWERS, "{"], MESSAGES, "answers.jsonl, line 3: it is not valid JSON"),
        (["[1]"], MESSAGES, "answers.jsonl, line 1: it is not a JSON object"),
        (["[" * 100_000], MESSAGES, "answers.jsonl, line 1: it is not valid JSON"),
        ([*ANSWERS, ANSWERS[0]], MESSAGES, "answers.jsonl, line 3: its id is there twice"),
        ([{"question": "?"}], MESSAGES, "answers.jsonl, line 1: id is missing"),
        ([{"id": "a", "question": ["?"]}], MESSAGES, "answers.jsonl, line 1: question is no text"),
        ([], MESSAGES[2:], "answers.jsonl: it holds nothing that can be used"),
        (ANSWERS, [], "messages.jsonl: it holds nothing that can be used"),
        (ANSWERS, ["", "nonsense"], "messages.jsonl, line 2: it is not valid JSON"),
        (ANSWERS, [*MESSAGES, MESSAGES[0]], "messages.jsonl, line 4: its id is there twice"),
        (ANSWERS, [{"id": "m", "text": "x", "expect": "b"}], "messages.jsonl, line 1: expect is the id of no answer"),
        (ANSWERS, [{"id": "m", "text": "x", "expect": ["a"]}], "messages.jsonl, line 1: expect is no text"),
        (ANSWERS, [{"id": "m", "text": "x", "expect": ""}], "messages.jsonl, line 1: expect is missing"),
        (ANSWERS, [{"id": "m", "text": "x", "also": ["b"]}], "messages.jsonl, line 1: also is the id of no answer"),
        (ANSWERS, [{"id": "m", "text": "x", "must_not": "a"}], "messages.jsonl, line 1: must_not is no list of ids"),
        (ANSWERS, [{"id": "m", "text": True}], "messages.jsonl, line 1: text is no text"),
    ],
)
def test_what_is_wrong_is_said_with_its_file_and_line(tmp_path, answers, messages, why):
    assert refusal(read_jsonl_set, *written(tmp_path, answers, messages)) == why


def test_bytes_that_are_no_text_are_refused(tmp_path):
    answers, messages = written(tmp_path)
    answers.write_bytes(b"\xff\xfe{}")

    assert refusal(read_jsonl_set, answers, messages) == "answers.jsonl, line 1: it is not valid JSON"


# --- CheckThat -------------------------------------------------------------------------------------------------------


def lab2020(tmp_path):
    (tmp_path / "claims.tsv").write_text(
        '\tvclaim\ttitle\n0\t"A shark swam on a ""flooded"" highway."\tShark\n1\tThe moon is cheese.\tMoon\n'
    )
    (tmp_path / "tweets.tsv").write_text('\ttweet_content\n10\t"LOL ""sharks""\ton the road"\n11\tno claim at all\n')
    (tmp_path / "pairs.qrels").write_text("10\t0\t0\t1\n11\t0\t1\t0\n12\t0\t1\t1\n")
    return tmp_path / "claims.tsv", tmp_path / "tweets.tsv"


def lab2021(tmp_path):
    claims = [
        {
            "vclaim_id": "vclaim-sno-a",
            "vclaim": "The moon is cheese.",
            "title": "Moon",
            "subtitle": "No.",
            "author": "Ann X",
        },
        {"vclaim_id": "vclaim-sno-b", "vclaim": "Dogs talk.", "title": "Dogs", "date": "1 May 2020", "author": "Ann X"},
    ]
    (tmp_path / "vclaims.jsonl").write_text("\n".join(map(json.dumps, claims)))
    (tmp_path / "queries.tsv").write_text('tweet-1\t"look at the content of this moon\ntweet-2\tmy dog said "hi"\n')
    (tmp_path / "QRELs.tsv").write_text("tweet-1\t0\tvclaim-sno-a\t1\ntweet-2\t0\tvclaim-sno-b\t1\n")
    return tmp_path / "vclaims.jsonl", tmp_path / "queries.tsv"


def test_quoted_table_with_a_header_is_read(tmp_path):
    held = read_checkthat_set(*lab2020(tmp_path))

    assert [one.question for one in held.entries] == ['A shark swam on a "flooded" highway.', "The moon is cheese."]
    assert [(one.id, one.text, one.expect) for one in held.messages] == [("10", 'LOL "sharks"\ton the road', {1})]


def test_bare_table_and_json_lines_are_read_without_the_author(tmp_path):
    held = read_checkthat_set(*lab2021(tmp_path))

    assert [(one.title, one.text) for one in held.entries] == [("Moon", "No."), ("Dogs", "")]
    assert "Ann" not in repr(held)
    assert [(one.id, one.text, one.expect) for one in held.messages] == [
        ("tweet-1", '"look at the content of this moon', {1}),
        ("tweet-2", 'my dog said "hi"', {2}),
    ]


def test_checkthat_without_qrels_says_what_to_name(tmp_path):
    claims, posts = lab2020(tmp_path)
    (tmp_path / "pairs.qrels").rename(tmp_path / "pairs.txt")

    assert refusal(read_checkthat_set, claims, posts) == (
        "tweets.tsv: no file of qrels stands beside it; name one with --qrels"
    )
    assert len(read_checkthat_set(claims, posts, [tmp_path / "pairs.txt"]).messages) == 1


@pytest.mark.parametrize(
    ("file", "held", "why"),
    [
        ("pairs.qrels", "10 0 0 1\n", "pairs.qrels, line 1: it is not: post, 0, claim, 1"),
        ("pairs.qrels", "99\t0\t0\t1\n", "pairs.qrels: it joins no post to a claim of these files"),
        ("tweets.tsv", "10 no tab\n", "tweets.tsv, line 1: it has no tab between the post's id and its text"),
        ("tweets.tsv", "", "tweets.tsv: it holds nothing that can be used"),
        ("claims.tsv", "", "claims.tsv: it holds nothing that can be used"),
        ("claims.tsv", "a\tb\n1\t2\n", "claims.tsv: it holds nothing that can be used"),
    ],
)
def test_broken_file_of_the_lab_is_said(tmp_path, file, held, why):
    claims, posts = lab2020(tmp_path)
    (tmp_path / file).write_text(held)

    assert refusal(read_checkthat_set, claims, posts) == why
