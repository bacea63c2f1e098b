"""The rules of the kite mark, in plain Python: the day, the policies and the facts are given to them."""
