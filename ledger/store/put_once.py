"""Put a file there that nobody may write twice: in one step, and only where there is none."""

from __future__ import annotations

import os
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def put_new(file: Path, text: str) -> bool:
    """Write `text` into the new `file`, which its owner alone may read; tell whether it was us.

    Nobody ever sees a part of it; of several at once the first counts, and what it wrote stays.
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
