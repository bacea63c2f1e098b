"""What a follower is told of changes, and what not."""
