"""For development: letters go to a file, and the log says that one came, without its words."""

import logging
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)
RULE = "-" * 60


class Console:
    """Writes each letter to the end of the console file."""

    pushes = True

    def send(self, text: str, *, address: str | None) -> None:
        """Append the text as one block, in one write, so that two workers never mix their lines."""
        path = Path(settings.CONSOLE_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n{RULE}\n")
        logger.info("a letter was written to the console file")
