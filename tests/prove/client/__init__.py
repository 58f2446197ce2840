"""The clients' rules in Python, the same as the TypeScript: the traces hold them to it."""
