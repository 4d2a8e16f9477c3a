"""What a page may do: a Content Security Policy of what is in it, and nothing else.

Source: W3C, "Content Security Policy Level 3", sections 6 and 8.3.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode


def policy(style: str, script: str, body: str) -> str:
    """Return the policy of a page with one style sheet, one script and style attributes.

    Nothing is loaded, pictures are in the page, and no other script or style has effect.

    Parameters
    ----------
    style, script : str
        What is between the tags, to the character.
    body : str
        HTML with all attributes ``style="..."``.
    """
    styles = sorted({style, *re.findall(r' style="([^"]*)"', body)})
    return "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"script-src {_hashed(script)}",
            f"style-src 'unsafe-hashes' {' '.join(map(_hashed, styles))}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
