"""What an awarding body should look at again ↔ rows."""
