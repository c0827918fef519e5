"""The engine: pure functions on text. No Django, no network, no clock, no files."""
