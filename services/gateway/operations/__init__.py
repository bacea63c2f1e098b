"""What can be done with clients, tokens and keys: one function each."""
