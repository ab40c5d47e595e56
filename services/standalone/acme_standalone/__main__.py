"""`python -m acme_standalone` is `acme`."""

from acme_standalone.cli import main

if __name__ == "__main__":
    main()
