"""The catalogue of CPD offers over HTTP."""
