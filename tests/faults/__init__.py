"""The fault campaign: the desk is killed, starved, told wrong times, fed twice; it may lose and double nothing.

`python -m tests.faults` runs it (see docs/build/faults.md). What every 2xx promised is kept outside the desk, and that
record is the judge.
"""
