"""What followed from CPD audits, over HTTP."""
