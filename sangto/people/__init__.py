"""Who works on the desk: units, members and their roles, tokens of the staff API."""
