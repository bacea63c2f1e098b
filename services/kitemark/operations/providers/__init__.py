"""What is done with providers: told, closed, accredited, judged, found."""
