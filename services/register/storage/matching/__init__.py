"""What is read and kept for matching: candidates, questions to a registrar, people who look alike."""
