"""Each client against the real neighbour, in one process."""
