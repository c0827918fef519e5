"""What changes the vault."""

from sangto.vault.actions.seal import keep, seal

__all__ = ["keep", "seal"]
