"""The rules by which awarding bodies are held to account: moderation, concerns, what is published of both."""
