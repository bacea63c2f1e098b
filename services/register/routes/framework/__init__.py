"""The career progression framework and gap analysis over HTTP."""
