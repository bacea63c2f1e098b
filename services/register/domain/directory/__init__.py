"""The directory of qualifications: editions, what they state, and what follows from it."""
