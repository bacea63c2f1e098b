"""Tests of the catalogue of CPD offers."""
