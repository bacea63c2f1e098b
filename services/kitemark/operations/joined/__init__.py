"""What is done where the strands meet."""
