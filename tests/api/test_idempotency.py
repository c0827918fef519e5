"""Many identical requests at once, with real commits."""

import threading

import pytest
from django.db import connection
from django.test import Client

from sangto.desk.models import Case, Message, Reply
from tests.factories import HOSPITAL

AT_ONCE = 12


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_with_one_key_are_one_message(caller):
    start = threading.Barrier(AT_ONCE)
    answers = []

    def post():
        try:
            start.wait()
            response = Client().post(
                "/api/v1/messages", {"text": HOSPITAL}, "application/json", headers={"idempotency-key": "one"}
            )
            answers.append((response.status_code, response.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _ in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({body for _, body in answers}) == 1
    assert (Message.objects.count(), Case.objects.count(), Reply.objects.count()) == (1, 1, 1)
