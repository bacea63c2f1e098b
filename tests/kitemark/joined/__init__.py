"""Tests of where the three strands meet."""
