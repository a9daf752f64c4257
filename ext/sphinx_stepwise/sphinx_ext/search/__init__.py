"""The search of our theme: its page, and the index that it loads."""
