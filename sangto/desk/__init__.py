"""The heart: Message > Case > Answer > Reply."""
