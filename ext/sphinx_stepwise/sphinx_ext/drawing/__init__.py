"""What pages show, as nodes that every builder can write."""
