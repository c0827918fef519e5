"""Template filters: what a reader sees of a time."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from sangto.jobs import worker
from sangto.web.templatetags.desk import waited
from sangto.web.work_wording import job_name
from tests.factories import NOW


@pytest.mark.parametrize(
    ("passed", "vi", "en"),
    [
        (timedelta(seconds=30), "0 phút", "0 minutes"),
        (timedelta(minutes=1), "1 phút", "1 minute"),
        (timedelta(hours=3, minutes=59), "3 giờ", "3 hours"),
        (timedelta(days=1, hours=20), "1 ngày", "1 day"),
        (timedelta(days=40), "40 ngày", "40 days"),
    ],
)
def test_waiting_time_is_said_in_the_readers_language(passed, vi, en):
    said = []
    for language in ("vi", "en"):
        with override(language):
            said.append(waited(NOW - passed, NOW))

    assert said == [vi, en]


def test_every_job_has_a_name_in_both_languages():
    for lang in ("vi", "en"):
        with override(lang):
            assert [job.name for job in worker.JOBS if job_name(job.name) == job.name] == []
