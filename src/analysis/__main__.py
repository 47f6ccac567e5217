"""`python -m analysis` is `linecard`."""

from analysis.run.cli import main

if __name__ == "__main__":
    main()
