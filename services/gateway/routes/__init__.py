"""HTTP in, HTTP out: tokens, what is published about them, and the graph."""
