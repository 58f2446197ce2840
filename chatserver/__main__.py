"""`python -m chatserver` is the command line."""

from chatserver.cli import main

main()
