"""Backups: made while the desk serves, read back into an empty desk. Keys and database never share a folder."""
