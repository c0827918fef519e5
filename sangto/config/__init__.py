"""Settings, URLs, the command line: what ties doors, nouns and engine into one process."""
