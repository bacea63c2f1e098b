"""How awarding bodies are held to account for what they tell."""
