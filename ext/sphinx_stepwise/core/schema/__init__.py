"""What schemas say, what is wrong by them, and what would mend it."""
