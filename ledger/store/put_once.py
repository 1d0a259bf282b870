"""Files written once: created in one step, and only where none exists."""

from __future__ import annotations

import os
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def put_new(file: Path, text: str) -> bool:
    """Create `file` with `text`, readable by its owner only; return False where it exists.

    The file appears whole. Of several writers at once the first succeeds.
    """
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=".") as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, file)
        except FileExistsError:
            return False
    return True
