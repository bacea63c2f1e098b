"""What is done with the catalogue of CPD offers."""
