"""The clients' rules in Python: the same as the TypeScript, held to it by the traces. No sockets."""
