"""`python -m streams` is `liveline`."""

from streams.cli import main

if __name__ == "__main__":
    main(prog_name="liveline")
