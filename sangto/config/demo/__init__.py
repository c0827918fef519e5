"""The demonstration desk: invented messages and answers about everyday things, in Vietnamese and English."""
