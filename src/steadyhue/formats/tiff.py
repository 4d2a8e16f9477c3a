"""How many pages a TIFF has, found by their links alone."""

from __future__ import annotations

from typing import BinaryIO

MOST_PAGES = 5_000
"""Pages that are read; Pillow finds them in a time that grows as the square."""


def check_pages(file: BinaryIO) -> None:
    """Raise ValueError if a TIFF has over `MOST_PAGES` pages, or runs in circles.

    Source: Adobe, "TIFF Revision 6.0", 1992, section 2; and the BigTIFF of its authors, whose
    counts and links have 8 bytes.
    """
    file.seek(0)
    head = file.read(16)
    big = 43 in head[2:4]
    width, count_width, entry = (8, 8, 20) if big else (4, 2, 12)

    def number(data: bytes) -> int:
        return int.from_bytes(data, "little" if head[:2] == b"II" else "big")

    link = number(head[8:16] if big else head[4:8])
    for _ in range(MOST_PAGES + 1):
        if link == 0:
            return
        file.seek(link)
        count = number(file.read(count_width))
        file.seek(link + count_width + entry * min(count, 65_535))
        link = number(file.read(width))
    raise ValueError(
        f"a TIFF of over {MOST_PAGES} pages is not read; save them as numbered pictures (%04d.png)"
    )
