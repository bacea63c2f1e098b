"""What a person may ask of their record: who saw it, what is held, that it be erased or forgotten."""
