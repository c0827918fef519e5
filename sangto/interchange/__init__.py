"""Foreign formats as pure shapes: bytes in, rows to import out; answers in, documents out. No database, no clock."""
