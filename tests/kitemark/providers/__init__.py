"""Tests of the third strand: providers, their accreditations, and who has to have one."""
