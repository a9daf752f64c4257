"""What programs read: the head, the feed, Markdown, the catalogue as data."""
