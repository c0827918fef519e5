import shutil

import pytest

from tests.config.backup.desks import Desk, databases


@pytest.fixture(scope="module")
def fresh_database(django_db_setup):
    with databases() as fresh:
        yield fresh


@pytest.fixture
def empty_desk(fresh_database, tmp_path_factory):
    """Makes a desk with nothing in it but, if it is given, a published log."""

    def make(log=None) -> Desk:
        desk = Desk(tmp_path_factory.mktemp("desk"), fresh_database())
        if log:
            shutil.copytree(log, desk.log)
        return desk

    return make
