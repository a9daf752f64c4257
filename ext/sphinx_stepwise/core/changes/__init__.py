"""Differences between two states, what is due, and changes of what is there.

What changes a toolkit is tried first, and proved by a check.
"""
