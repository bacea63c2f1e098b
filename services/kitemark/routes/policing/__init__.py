"""The policing of the mark over HTTP."""
