"""The career progression framework, tested."""
