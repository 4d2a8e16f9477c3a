"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """Return the processor, the cores and the system in a few words."""
    name = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}"


def load() -> str:
    """Say how many processes wanted to run a minute ago: on a busy machine only CPU time counts."""
    busy = os.getloadavg()[0]
    return (
        f"The machine was {'quiet' if busy < os.cpu_count() + 1 else 'shared'}: {busy:.0f} processes at once wanted its "
        f"{os.cpu_count()} cores."
    )
