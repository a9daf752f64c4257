"""The catalogue of pages and records, and all that follows from it.

Tracks, neighbours, deadlines, old addresses, and views: what a page shows of others.
"""
