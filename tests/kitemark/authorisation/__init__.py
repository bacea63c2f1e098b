"""Who may call what in the kite mark, shown of every route."""
