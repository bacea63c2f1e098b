"""The rules of modules, programmes, and the credit that people bring to an award."""
