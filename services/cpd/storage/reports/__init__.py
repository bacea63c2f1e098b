"""What is counted for reports."""
