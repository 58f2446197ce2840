"""A database, not chat: connections, transactions, the log of facts, timers, cursors and leases."""
