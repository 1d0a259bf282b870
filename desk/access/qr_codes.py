"""QR codes, drawn into a page as inline SVG.

In a template `{{ qr(text, label) }}` draws the code of `text`; `label` is read out in its place.
The page of a one-time code shows it with the secret and the link beside it:
`{% from "people/codes-parts.html" import authenticator with context %}`, then
`{{ authenticator(secret, link) }}`, where `link` is `desk.access.onetime.link(secret, login)`.
"""

from __future__ import annotations

import segno
from markupsafe import Markup

_FRAME = Markup('<span class="qr" role="img" aria-label="{}">{}</span>')


def qr(text: str, label: str) -> Markup:
    """Return the QR code of `text` as an image named `label`."""
    drawing = segno.make_qr(text, error="m").svg_inline(scale=4, dark="#000", light="#fff")
    return _FRAME.format(label, Markup(drawing))  # noqa: S704  modules and numbers alone
