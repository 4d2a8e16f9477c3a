"""``python -m steadyhue`` is the command line."""

from steadyhue.cli import main

main()
