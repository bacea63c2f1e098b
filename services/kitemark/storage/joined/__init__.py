"""What is stored where the strands meet."""
