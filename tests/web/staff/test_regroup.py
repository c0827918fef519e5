import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Case, Regrouping
from tests.factories import HOSPITAL, LAMP, make_answer, make_member, make_version, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db

OTHER = "Có phải từ tháng sau mọi người phải nộp 50.000 đồng để đổi căn cước?"


@pytest.fixture
def client():
    return signed_in(make_member("lan"))


def refused(response, text: str) -> bool:
    """Whether the page refuses with this text, in the summary at its top and where the mistake is."""
    return response.status_code == 409 and response.content.decode().count(text) >= 2


def numbers_in(case) -> set[int]:
    return set(Case.objects.get(pk=case.pk).messages.values_list("pk", flat=True))


def test_case_shows_every_message_and_why_it_is_here(client):
    first = send(HOSPITAL, place="Phường Sông Xanh")
    second = send(HOSPITAL.upper(), place="Phường Sông Xanh")

    page = Page(client.get(at("case", first.case)))

    said = (
        HOSPITAL,
        HOSPITAL.upper(),
        first.number,
        second.number,
        "opened this case",
        "100 % sure",
        "100 % same text",
    )
    assert [text for text in said if not page.shows(text)] == []
    assert page.shows("Asked 2 times")


def test_text_of_a_person_is_shown_as_text(client):
    case = send('<img src=x onerror="alert(1)"> có đúng không?').case

    assert not Page(client.get(at("case", case))).shows("<img src=x")


def test_split_makes_a_case_of_the_chosen_messages(client):
    case, moved = send().case, send()

    response = client.post(at("split", case), {"message": moved.pk})

    moved.refresh_from_db()
    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=split")
    assert moved.case_id != case.pk
    page = Page(client.get(response.url))
    assert page.shows("The messages have a case of their own now.")
    assert at("case", moved.case) in page.links
    assert Page(client.get(at("case", moved.case))).shows("moved by a member")


def test_split_of_nothing_is_refused(client):
    case = send().case
    send()

    assert refused(client.post(at("split", case)), "Choose at least one message.")


def test_split_of_everything_is_refused_and_keeps_the_choice(client):
    first, second = send(), send()

    response = client.post(at("split", first.case), {"message": [first.pk, second.pk]})

    assert refused(response, "At least one message has to stay behind.")
    assert Page(response).ticked == {str(first.pk), str(second.pk)}
    assert numbers_in(first.case) == {first.pk, second.pk}


def test_split_moves_no_message_of_another_case(client):
    case, stranger = send().case, send(OTHER)
    send()

    assert refused(client.post(at("split", case), {"message": stranger.pk}), "Choose at least one message.")
    assert numbers_in(stranger.case) == {stranger.pk}


def test_merge_leads_to_the_case_that_is_kept(client):
    going, kept = send().case, send(OTHER).case

    response = client.post(at("merge", going), {"number": f" {kept.number} "})

    assert (response.status_code, response.url) == (303, f"{at('case', kept)}?done=merged")
    assert len(numbers_in(kept)) == 2
    assert Page(client.get(at("case", going))).shows("Joined to another case")


def test_merge_keeps_the_case_with_an_answer(client):
    open_case, answered = send(OTHER).case, send().case
    make_answer(answered)

    assert client.post(at("merge", answered), {"number": open_case.number}).url == f"{at('case', answered)}?done=merged"


@pytest.mark.parametrize("number", ["", "2026-999999", "nonsense", "²026-000001"])
def test_merge_with_no_case_is_refused_and_keeps_the_number(client, number):
    response = client.post(at("merge", send().case), {"number": number})

    assert refused(response, "There is no case with this number.")
    assert Page(response).values["number"] == number


def test_merge_with_itself_is_refused(client):
    case = send().case

    assert refused(client.post(at("merge", case), {"number": case.number}), "That is the number of this case.")


def test_merge_of_two_kinds_is_refused(client):
    response = client.post(at("merge", send().case), {"number": send(LAMP).case.number})

    assert refused(response, "One is something to check and the other something to fix.")


def test_merge_of_two_answered_cases_is_refused(client):
    cases = [send().case, send(OTHER).case]
    for case in cases:
        make_answer(case)

    response = client.post(at("merge", cases[0]), {"number": cases[1].number})

    assert refused(response, "Both cases have an answer or a draft.")


def test_merge_with_a_closed_case_is_refused(client):
    closed = send(OTHER).case
    actions.close_not_checkable(closed, by=make_member(), now=timezone.now())

    assert refused(client.post(at("merge", send().case), {"number": closed.number}), "This case is over")


def test_similar_cases_are_suggested_without_the_case_itself(client):
    case, alike = send(LAMP, place="A").case, send(LAMP.replace("12", "40"), place="B").case
    send(OTHER)

    rows = client.get(at("case", case)).context["similar"]

    assert [row["number"] for row in rows] == [alike.number]


def test_undo_puts_the_messages_back(client):
    case, moved = send().case, send()
    client.post(at("split", case), {"message": moved.pk})

    response = client.post(at("undo", case), {"regrouping": Regrouping.objects.get().pk})

    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=undone")
    assert moved.pk in numbers_in(case)
    page = Page(client.get(response.url))
    assert page.shows("was undone")
    assert "Undo" not in page.buttons


def test_undo_twice_is_refused(client):
    case, moved = send().case, send()
    client.post(at("split", case), {"message": moved.pk})
    step = {"regrouping": Regrouping.objects.get().pk}
    client.post(at("undo", case), step)

    assert refused(client.post(at("undo", case), step), "This step was undone before.")


def test_undo_after_messages_moved_on_is_refused(client):
    case, moved, third = send().case, send(), send(OTHER).case
    client.post(at("split", case), {"message": moved.pk})
    step = {"regrouping": Regrouping.objects.get().pk}
    moved.refresh_from_db()
    client.post(at("merge", moved.case), {"number": third.number})

    assert refused(client.post(at("undo", case), step), "This cannot be undone any more")


def test_undo_of_another_cases_step_is_not_found(client):
    case, moved, other = send().case, send(), send(OTHER).case
    client.post(at("split", case), {"message": moved.pk})

    assert client.post(at("undo", other), {"regrouping": Regrouping.objects.get().pk}).status_code == 404
    assert client.post(at("undo", other), {"regrouping": "x"}).status_code == 404


def test_history_names_who_moved_what_where(client):
    case, moved = send().case, send()
    client.post(at("split", case), {"message": moved.pk})
    moved.refresh_from_db()

    rows = client.get(at("case", case)).context["history"]

    assert [(row["row"].by.user.username, row["left"], row["into"]) for row in rows] == [("lan", case, moved.case)]


def test_close_and_reopen(client):
    case = send().case

    closed = client.post(at("close", case))
    page = Page(client.get(closed.url))
    reopened = client.post(at("reopen", case))

    assert (closed.status_code, closed.url) == (303, f"{at('case', case)}?done=closed")
    assert page.shows("Not a checkable claim")
    assert (reopened.status_code, reopened.url) == (303, f"{at('case', case)}?done=reopened")
    case.refresh_from_db()
    assert (case.state, case.closing) == ("open", "")


def test_close_of_a_problem_is_refused_and_not_offered(client):
    case = send(LAMP).case

    response = client.post(at("close", case))

    assert response.status_code == 409
    assert Page(response).shows("Something to fix cannot be closed as not checkable.")
    assert at("close", case) not in Page(client.get(at("case", case))).forms


def test_close_with_a_draft_is_refused(client):
    case = send().case
    make_version(case)

    response = client.post(at("close", case))

    assert response.status_code == 409
    assert Page(response).shows("Somebody has begun an answer.")


def test_reopen_of_an_open_case_is_refused(client):
    response = client.post(at("reopen", send().case))

    assert response.status_code == 409
    assert Page(response).shows("This case is not closed.")


def test_word_of_success_is_only_one_of_ours(client):
    case = send().case

    assert client.get(at("case", case), {"done": "<b>x"}).context["done"] == ""


def test_messages_come_25_a_page(client):
    case = send().case
    for _ in range(25):
        send()

    first, second = (client.get(at("case", case), {"messages": n}).context["joinings"] for n in (1, 2))

    assert (len(first.object_list), len(second.object_list), first.paginator.count) == (25, 1, 26)


def test_case_asks_as_often_for_three_rows_as_for_one(client):
    case = send().case
    client.post(at("split", case), {"message": send().pk})

    asked = []
    for _ in range(3):
        client.get(at("case", case))  # this process's index follows what changed, however much that is
        with CaptureQueriesContext(connection) as queries:
            client.get(at("case", case))
        asked.append(len(queries))
        send()
        client.post(at("split", case), {"message": send().pk})

    assert asked == [asked[0]] * 3
