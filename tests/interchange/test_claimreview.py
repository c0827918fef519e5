"""Other organisations' ClaimReviews, as clean and as dirty as pages have them."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.interchange.claimreview import read_claim_reviews, script_text
from sangto.interchange.rows import Dropped, FoundRow, Refused

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://suthat.example/1",
    "datePublished": "2026-09-01T08:00:00+07:00",
    "inLanguage": "vi-VN",
    "claimReviewed": "Muối trị cận thị",
    "headline": "Muối không trị cận thị",
    "author": {"@type": "Organization", "name": "Báo Sự Thật", "url": "https://suthat.example"},
    "reviewRating": {"@type": "Rating", "alternateName": "Sai", "ratingValue": 1},
}


def rows(document, **values):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    return list(read_claim_reviews(text, **values))


def page(*blocks):
    scripts = "".join(f"<script type='application/ld+json'>{block}</script>" for block in blocks)
    return f"<!doctype html><html><head><script>var a = '<b>';</script>{scripts}</head><body><p>x</html>"


def test_review_becomes_a_row():
    (row,) = rows({**REVIEW, "identifier": "r1", "text": "Chi tiết"})

    assert row == FoundRow(
        external_id="r1", publisher="Báo Sự Thật", question="Muối trị cận thị", summary="Muối không trị cận thị",
        text="Chi tiết", verdict="Sai", url="https://suthat.example/1", published_on=date(2026, 9, 1), lang="vi",
        line=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        REVIEW,
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
        {"@type": "NewsArticle", "mainEntity": REVIEW},
        {**REVIEW, "@type": ["Review", "ClaimReview"]},
        {**REVIEW, "@type": "http://schema.org/ClaimReview"},
        page(json.dumps(REVIEW)),
        page(json.dumps({"@type": "WebSite"}), json.dumps(REVIEW)),
        page("<!-- " + json.dumps(REVIEW) + " -->"),
        page("/*<![CDATA[*/" + json.dumps(REVIEW) + "/*]]>*/"),
        page(json.dumps(REVIEW) + ";"),
        page(json.dumps(REVIEW).replace("}}", "},}")),
        page(json.dumps(REVIEW).replace('"', "&quot;")),
        page(json.dumps({**REVIEW, "description": "a\nb"}).replace("\\n", "\n")),
        "\ufeff" + json.dumps(REVIEW),
        json.dumps(REVIEW, indent=2),
        b"\xef\xbb\xbf" + json.dumps(REVIEW).encode(),
    ],
)
def test_review_is_found_where_it_stands(document):
    (row,) = rows(document)

    assert (row.question, row.publisher, row.line) == ("Muối trị cận thị", "Báo Sự Thật", 1)


def test_one_document_a_line_is_read():
    lines = "\n".join([json.dumps(REVIEW), "{", json.dumps({**REVIEW, "claimReviewed": "B"})])

    assert [getattr(row, "question", None) for row in rows(lines)] == ["Muối trị cận thị", None, "B"]


def test_feed_may_hold_nothing():
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": None}, {"item": [None, REVIEW]}, {}, None]}

    assert [type(each) for each in rows(feed)] == [Refused, Refused, FoundRow, Refused]
    assert [each.code for each in rows(feed) if isinstance(each, Refused)] == ["empty_item"] * 3


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "bad_json"),
        ("{", "bad_json"),
        ("null", "empty_item"),
        ("[]", "no_claim_review"),
        ("5", "no_claim_review"),
        ("<html></html>", "no_claim_review"),
        ("<![if x]><script type='application/ld+json'>{</script>", "bad_json"),
        (page("{"), "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"a": ' + "9" * 5000 + "}", "bad_json"),
        (b"\xff\xfe", "not_text"),
        (gzip.compress(b"{}", mtime=0), "not_text"),
        ({**REVIEW, "claimReviewed": ["a"]}, "wrong_type"),
        ({**REVIEW, "claimReviewed": "\ud800"}, "not_text"),
    ],
)
def test_unreadable_document_is_refused(document, code):
    assert [each.code for each in rows(document)] == [code]


@pytest.mark.parametrize(
    "author",
    [
        {"@type": "Person", "name": "Trần Văn Bí Mật"},
        {"@type": ["Person", "Organization"], "name": "Trần Văn Bí Mật"},
        {"name": "Trần Văn Bí Mật"},
        "Trần Văn Bí Mật",
        ["Trần Văn Bí Mật"],
    ],
)
def test_person_who_checked_is_not_read(author):
    found = rows({**REVIEW, "author": author, "publisher": {"@type": "NewsMediaOrganization", "name": "Báo"}})

    assert [type(each) for each in found] == [Dropped, FoundRow]
    assert (found[0].names, found[1].publisher) == (("author",), "Báo")
    assert "Bí Mật" not in repr(found)
    assert rows({**REVIEW, "author": author}, publisher="Đài")[1].publisher == "Đài"
    assert rows({**REVIEW, "author": author})[1].publisher == ""


def test_person_who_said_it_is_not_read():
    person = {"@type": "Person", "name": "Bí Mật", "sameAs": "https://x.com/bimat"}
    claim = {"@type": "Claim", "author": person, "creator": person, "appearance": [{"url": "https://x.com/bimat/1"}]}

    found = rows({**REVIEW, "itemReviewed": claim, "creator": person, "editor": person})

    assert found[0].names == (
        "creator", "editor", "itemReviewed.author", "itemReviewed.creator", "itemReviewed.appearance",
    )  # fmt: skip
    assert "imat" not in repr(found)
    assert "Bí Mật" not in repr(found)


@pytest.mark.parametrize(
    ("rating", "word"),
    [
        ({"alternateName": "Pants on fire"}, "Pants on fire"),
        ({"name": "False"}, "False"),
        ({"ratingValue": 1, "bestRating": "5"}, "1/5"),
        ({"ratingValue": "2"}, "2"),
        ([{"alternateName": ["Sai"]}], "Sai"),
        ("Sai", "Sai"),
        (None, ""),
        ({"alternateName": {"a": 1}}, ""),
        ({"ratingValue": True}, ""),
    ],
)
def test_verdict_stays_their_word(rating, word):
    (row,) = rows({**REVIEW, "reviewRating": rating})

    assert row.verdict == word


@pytest.mark.parametrize(
    ("members", "url", "day", "lang"),
    [
        ({"url": "javascript:alert(1)", "datePublished": "soon", "inLanguage": "English"}, "", None, "en"),
        (
            {"url": ["https://a.example/"], "datePublished": 5, "inLanguage": ["en-US"]},
            "https://a.example/",
            None,
            "en",
        ),
        ({"url": {"@id": "https://a.example/"}, "datePublished": ["2026-01-02"]}, "https://a.example/", None, "vi"),
        ({"url": "https://a b", "inLanguage": {"name": "Vietnamese"}}, "", date(2026, 9, 1), "vi"),
        ({"inLanguage": "fr"}, "https://suthat.example/1", date(2026, 9, 1), "fr"),
    ],
)
def test_dirty_members_cost_no_row(members, url, day, lang):
    (row,) = rows({**REVIEW, **members})

    assert (row.url, row.published_on, row.lang) == (url, day, lang)


def test_two_claims_of_one_page_are_two():
    first, second = rows([REVIEW, {**REVIEW, "claimReviewed": "Khác"}])

    assert first.external_id != second.external_id
    assert (first.line, second.line) == (1, 2)


def test_script_text_cannot_end_its_script():
    document = {"a": "</script><!-- & \u2028\u2029"}

    assert not set("<>&\u2028\u2029") & set(script_text(document))
    assert json.loads(script_text(document)) == document


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*REVIEW, "@graph", "item", "identifier"]), inner)
    ),
)


@given(JSON)
def test_no_json_breaks_the_reader(value):
    for document in (value, {**REVIEW, "author": value}, {"@type": "ClaimReview", "reviewRating": value, "url": value}):
        assert all(isinstance(each, FoundRow | Refused | Dropped) for each in rows(document))


@given(st.text(alphabet=st.sampled_from("<>!-[]{}\"':,/ascriptld+json= &;\n"), max_size=60))
def test_no_page_breaks_the_reader(text):
    assert rows("<" + text)
    assert rows(page(text))
