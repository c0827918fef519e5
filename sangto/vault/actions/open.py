"""Draw the secrets that will open a Message's leaves."""

import secrets

from sangto.vault.models import Opening

SALT_BYTES, RID_BYTES = 32, 16


def draw_opening() -> Opening:
    """An Opening with fresh salts, saved; call it inside the transaction that keeps the Message."""
    return Opening.objects.create(
        salt=secrets.token_hex(SALT_BYTES), outcome_salt=secrets.token_hex(SALT_BYTES), rid=secrets.token_hex(RID_BYTES)
    )
