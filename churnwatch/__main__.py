"""`python -m churnwatch` is the command line."""

from churnwatch.cli import main

if __name__ == "__main__":
    main()
