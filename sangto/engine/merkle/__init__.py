"""The log's arithmetic: hashes, tiles, signed notes, proofs, policies. RFC 6962 and C2SP; no format of our own."""
