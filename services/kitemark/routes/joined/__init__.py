"""Where the strands meet, over HTTP."""
