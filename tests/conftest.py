"""What all tests share."""

from importlib.util import find_spec

from hypothesis import settings

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What compares with other libraries is left out where only the lowest versions of what the
# package itself needs are installed (`make lowest`).
SERVER = ("starlette", "uvicorn")
STUDIO = ("access", "attack", "command", "exports", "guard", "page", "preview", "uploads")
NEEDS = {
    "test_estimator.py": ("sklearn", "pandas", "polars"),
    "test_match.py": ("scipy",),
    **{f"test_studio_{part}.py": SERVER for part in STUDIO},
}
collect_ignore = [
    name for name, needed in NEEDS.items() if not all(find_spec(module) for module in needed)
]
