import pytest

from tests.ledger.stand_in import Net


@pytest.fixture
def net(settings, now):
    """Makes the witnesses of these names, which the log then has in its policy."""

    def make(*names, quorum="none"):
        found = Net(names, quorum=quorum, now=now)
        settings.LEDGER_WITNESSES = found.policy
        return found

    return make
