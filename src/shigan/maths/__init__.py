"""数理: mathematics that knows no county.

Nothing here imports another floor. Impossible arguments raise a plain `ValueError`, meant for programmers;
the one a user can meet, `workdays.UnknownYear`, carries its years for the floor above to put into words.
"""
