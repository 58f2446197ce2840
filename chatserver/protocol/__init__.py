"""The wire: frames, close codes and limits. Pure; no sockets, no database."""
