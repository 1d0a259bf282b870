"""`python -m tests.browser.pictures [--only desk|prefect]`: the pictures of docs/."""

from __future__ import annotations

from argparse import ArgumentParser

from tests.browser.pictures import desk, prefect
from tests.browser.pictures.taking import FOLDER

OF = {"desk": desk.take, "prefect": prefect.take}


def main() -> None:
    """Take the pictures from demonstrations of their own: all of them, or those of one kind."""
    parser = ArgumentParser(description="Take the pictures of docs/.")
    parser.add_argument("--only", choices=OF, help="those of the desk, or of Prefect's pages")
    only = parser.parse_args().only
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, take in OF.items():
        if only in {None, name}:
            take()


if __name__ == "__main__":
    main()
