"""How awarding bodies are held to account."""
