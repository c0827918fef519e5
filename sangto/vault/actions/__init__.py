"""What changes the vault."""

from sangto.vault.actions.destroy import destroy_day_key, note_destroyed
from sangto.vault.actions.forget import forget_contacts, forget_openings, scrub
from sangto.vault.actions.make_keys import make_keys_ahead
from sangto.vault.actions.open import draw_opening
from sangto.vault.actions.seal import keep, seal
from sangto.vault.actions.seal_again import Resealed, seal_again

__all__ = [
    "Resealed",
    "destroy_day_key",
    "draw_opening",
    "forget_contacts",
    "forget_openings",
    "keep",
    "make_keys_ahead",
    "note_destroyed",
    "scrub",
    "seal",
    "seal_again",
]
