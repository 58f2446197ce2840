"""Live connections: sans-I/O sessions, the sockets that carry them, and the hub between."""
