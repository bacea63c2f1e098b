"""The rows of each area of the register, and the world that they act on."""
