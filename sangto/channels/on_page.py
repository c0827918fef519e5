"""The web and the API: nothing is pushed, because the tracking page and its JSON twin show every Reply that is done."""


class OnPage:
    """Delivers by being looked at."""

    pushes = False

    def send(self, text: str, *, address: str | None) -> None:
        """Do nothing: once the Reply is marked as done, the page tells it."""
