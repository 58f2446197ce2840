"""The proof on real processes: real sockets, real kills, the same checks as the simulator's."""
