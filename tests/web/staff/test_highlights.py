import pytest

from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Highlight
from tests.factories import HOSPITAL, NOW, TICKS, content, make_member, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
TEXT = "Ông Nguyễn Văn Khải đã sửa cống.\n\nỞ số 12 ngõ 5 đường Hoa Sữa."
NAME = '<mark>Nguyễn Văn Khải <small class="mark-kind">a name</small></mark>'
HOME = '<mark>số 12 ngõ 5 đường Hoa Sữa <small class="mark-kind">an address</small></mark>'


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def minh():
    return make_member("minh", role="approver")


def in_review(lan):
    case = send(HOSPITAL).case
    version = actions.draft(case, content=content(case, text=TEXT), by=lan, now=NOW)
    actions.submit(version, by=lan, ticks=TICKS)
    return case


def decide(client, case, places, **changes):
    seen = Page(client.get(at("case", case))).values["seen"]
    return client.post(at("decide", case), {"seen": seen, "highlight": places, **changes})


def places_on(client, case) -> list[str]:
    return [f"{row.field}-{row.start}-{row.end}" for row in Highlight.objects.order_by("start")]


def test_approver_sees_names_and_homes_marked_in_words(lan, minh):
    page = Page(signed_in(minh).get(at("case", in_review(lan))))

    assert NAME in page.html
    assert HOME in page.html
    assert at("decide", send(HOSPITAL).case) in page.forms


def test_publishing_is_refused_until_all_is_decided(lan, minh):
    case, client = in_review(lan), signed_in(minh)
    seen = Page(client.get(at("case", case))).values["seen"]

    refused = client.post(at("publish", case), {"seen": seen, "tick": list(TICKS)})
    decided = decide(client, case, places_on(client, case))
    published = client.post(at("publish", case), {"seen": seen, "tick": list(TICKS)})

    assert refused.status_code == 409
    assert "Names or addresses in this text are not decided yet" in refused.content.decode()
    assert (decided.status_code, published.status_code) == (303, 303)
    assert AnswerVersion.objects.get().state == "published"


def test_writer_decides_on_a_draft_of_their_own(lan):
    case = send(HOSPITAL).case
    actions.draft(case, content=content(case, text=TEXT), by=lan, now=NOW)
    client = signed_in(lan)

    decide(client, case, places_on(client, case))

    page = Page(client.get(at("case", case)))
    assert page.html.count("may be public</span>") == 2
    assert 'name="highlight"' not in page.html


def test_choosing_nothing_says_what_to_do(lan, minh):
    case, client = in_review(lan), signed_in(minh)

    response = decide(client, case, [])

    assert response.status_code == 409
    assert "Choose at least one name or address." in response.content.decode()


def test_text_that_changed_since_is_not_decided(lan, minh):
    case, client = in_review(lan), signed_in(minh)

    response = decide(client, case, places_on(client, case), seen="1-2")

    assert response.status_code == 409
    assert not Highlight.objects.filter(decided_at__isnull=False).exists()


def test_published_version_shows_no_marks(lan, minh):
    case, client = in_review(lan), signed_in(minh)
    decide(client, case, places_on(client, case))
    client.post(at("publish", case), {"seen": Page(client.get(at("case", case))).values["seen"], "tick": list(TICKS)})

    assert "<mark>" not in client.get(at("case", case)).content.decode()


def test_messages_are_shown_with_marks(lan):
    case = send("Ông Nguyễn Văn Khải <b>nói</b> chanh chữa được ung thư?").case

    html = signed_in(lan).get(at("case", case)).content.decode()

    assert f"Ông {NAME} &lt;b&gt;nói&lt;/b&gt;" in html


def test_marks_cost_no_query_a_place(lan, minh, django_assert_num_queries):
    few, client = in_review(lan), signed_in(minh)
    more = send("Đèn đường trước chợ hỏng", kind="problem").case
    names = " ".join(f"Ông Trần Văn {name}." for name in ("An", "Bình", "Châu", "Dũng"))
    actions.submit(actions.draft(more, content=content(more, text=names), by=lan, now=NOW), by=lan, ticks=TICKS)
    client.get(at("case", few))

    with django_assert_num_queries(asked_for(client, few)):
        client.get(at("case", more))


def asked_for(client, case) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(at("case", case))
    return len(asked)
