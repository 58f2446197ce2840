"""The proof: a simulator that drives the real rules through faults, and a checker of the rest."""
