"""The rules of the register, in plain Python: the day and the facts are given to them."""
