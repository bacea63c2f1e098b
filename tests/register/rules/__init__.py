"""The rules of the register, tested without a database: one test for each sentence."""
