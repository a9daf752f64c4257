"""Helps to write: new pages and records, and what may stand where somebody types."""
