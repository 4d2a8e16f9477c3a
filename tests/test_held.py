from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import steadyhue as sh
from steadyhue.palette import Palette
from steadyhue.palettemap import Memory

TARGET = Palette.from_hex("#14100c,#4a3420,#8c6238,#c89a5c,#f4dcae,#101c30,#2c4c7c,#5c8cc0,#b4d4ee")


def contacts(k: int) -> Callable[[], NDArray[np.int64]]:
    return lambda: np.ones((k, k), np.int64)


def given(memory: Memory, colors: str, cut: bool = False) -> list[int]:
    palette = Palette.from_hex(colors)
    return memory.targets(palette, contacts(len(palette)), cut).tolist()


def test_what_comes_again_after_a_cut_gets_the_color_that_it_had() -> None:
    memory = Memory(TARGET)
    first = given(memory, "#202020,#804020,#e0d0c0")
    given(memory, "#103060,#305020,#f0f0ff", cut=True)
    assert given(memory, "#e0d0c0,#202020,#804020", cut=True) == [first[2], first[0], first[1]]
    assert given(memory, "#e2d2c2,#222222,#7e4222", cut=True) == [first[2], first[0], first[1]]


def test_what_enters_late_moves_nothing_else() -> None:
    memory = Memory(TARGET)
    first = given(memory, "#202020,#804020,#e0d0c0")
    late = given(memory, "#202020,#3060c0,#e0d0c0")
    assert [late[0], late[2]] == [first[0], first[2]]


def test_what_enters_late_keeps_the_order_of_light() -> None:
    memory = Memory(TARGET)
    given(memory, "#101010,#e0e0e0")
    shades = Palette.from_hex("#101010,#e0e0e0,#707070")
    slots = memory.targets(shades, contacts(3), cut=False)
    light = TARGET.colors[slots].astype(int).sum(1)
    assert light[0] < light[2] < light[1]


def test_two_slots_are_never_taken_for_the_same_thing() -> None:
    memory = Memory(TARGET)
    given(memory, "#101010,#808080")
    memory.targets(Palette.from_hex("#7e7e7e,#828282"), contacts(2), cut=True)
    assert len(set(memory._known.tolist())) == 2


def test_a_scene_that_comes_again_in_a_film_looks_as_it_did() -> None:
    y, x = np.mgrid[:24, :32]
    sea = np.stack([2 * y, 60 + 3 * y, 120 + 4 * x], -1).astype(np.uint8)
    sand = np.stack([160 + 3 * x, 120 + 4 * y, 40 + y], -1).astype(np.uint8)
    frames = [sea] * 12 + [sand] * 12 + [sea] * 12
    for mode in ("seeded", "steady", "global"):
        film = sh.transfer(sh.Animation.from_arrays(frames, 80), TARGET, 5, mode=mode)
        shown = [frame.rgba() for frame in film]
        assert (shown[0] == shown[24]).all()
