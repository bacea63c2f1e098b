"""The services of the register; each is deployed on its own."""
