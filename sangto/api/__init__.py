"""The JSON door: /api/v1 for programs, feeds for readers and machines."""
