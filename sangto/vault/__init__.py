"""Return addresses, sealed to the key of their day and kept apart from every text."""
