"""The mechanism's tests."""
