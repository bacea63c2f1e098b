"""Tests of standing over time."""
