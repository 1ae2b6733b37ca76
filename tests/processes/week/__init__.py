"""A week of the invented city on a told clock: every process, every role, and at the end every number is counted anew.

`python -m tests.processes.week` runs it whole; the tests run a small one.
"""
