"""The public, append-only log: leaves in the database, tiles on the disk, checkpoints that others can verify."""
