"""Reads of the desk's rows that more than one door needs."""
