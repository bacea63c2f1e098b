"""Awards, authorities and marks over HTTP."""
