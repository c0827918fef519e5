"""The table of second factors, which django-allauth declares: made here without what SQLite would refuse."""
