"""What CPD audits find, and what follows from it on the register."""
