"""Awards that schools hold, who may give them, and whether a school holds the mark."""
