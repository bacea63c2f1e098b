"""The rules of CPD, in plain Python: the day, the policies and the facts are given to them."""
