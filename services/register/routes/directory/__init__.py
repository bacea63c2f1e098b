"""The directory of qualifications over HTTP."""
