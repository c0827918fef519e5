"""The pages of the staff: the inbox, one Case, writing and reviewing its answer."""
