"""The rules of the front door: kinds of clients, what a token says, which key signs."""
