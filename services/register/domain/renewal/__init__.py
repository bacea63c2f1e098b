"""Rules of standing over time: renewal, restoration, transitions, and the forecast of a new policy."""
