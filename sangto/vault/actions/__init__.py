"""What changes the vault."""

from sangto.vault.actions.destroy import destroy_day_key
from sangto.vault.actions.forget import forget_contact, forget_opening
from sangto.vault.actions.open import draw_opening
from sangto.vault.actions.seal import keep, seal

__all__ = ["destroy_day_key", "draw_opening", "forget_contact", "forget_opening", "keep", "seal"]
