"""Members come and go from the command line."""

import pytest

from sangto.config import staff
from sangto.people.models import User
from sangto.people.queries import member_by_username, member_for
from tests.factories import make_member


@pytest.mark.django_db
def test_member_who_leaves_is_no_member_any_more(capsys):
    make_member("thu")

    codes = [staff.leave("thu"), staff.leave("thu"), staff.leave("nobody")]

    assert codes == [0, 1, 1]
    assert (member_by_username("thu"), member_for(User.objects.get())) == (None, None)
    assert "thu can no longer sign in" in capsys.readouterr().out
