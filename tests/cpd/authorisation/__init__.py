"""Who may call what in CPD, shown of every route."""
