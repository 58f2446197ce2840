"""The spine: what may happen to a conversation, what then is true, and who sees what."""
