"""Tests of modules, programmes, the credit bank and completions."""
