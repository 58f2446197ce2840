"""Measures the service: `python -m tests.bench` or `make bench`. Linux only, loopback only."""
