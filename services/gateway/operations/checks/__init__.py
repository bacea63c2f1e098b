"""Making checks, reading them back, and verifying their receipts."""
