"""`python -m shigan.cli` does what `shigan` does."""

from shigan.cli import main

main()
