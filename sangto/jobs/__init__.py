"""The clock of the desk: what has to be done again and again, whoever asks."""
