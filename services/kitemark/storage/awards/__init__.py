"""Awards, authorities and validations ↔ rows."""
