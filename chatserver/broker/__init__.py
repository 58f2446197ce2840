"""Hints between processes. May lose them: the store is the truth."""
