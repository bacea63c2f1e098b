"""What is stored of providers, their closings and accreditations."""
