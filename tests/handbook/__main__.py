"""`python -m tests.handbook [--text]`: the pictures of the handbook, and its traditional text."""

from __future__ import annotations

from argparse import ArgumentParser

from tests.handbook import pictures, traditional


def main() -> None:
    """Write the chapters in traditional characters, and take every picture unless told not to."""
    parser = ArgumentParser(description="Take the pictures of docs/handbook.")
    parser.add_argument("--text", action="store_true", help="write the traditional chapters only")
    traditional.write()
    if not parser.parse_args().text:
        pictures.take()


if __name__ == "__main__":
    main()
