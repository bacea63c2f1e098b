"""One function for each thing that a person or a neighbour does with the kite mark."""
