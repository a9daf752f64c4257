"""What themes need of us, and what our own shows beside the text."""
