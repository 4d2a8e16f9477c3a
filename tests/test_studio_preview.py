"""What is previewed is what the library makes, to the bit, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steadyhue as sh
from steadyhue.figures import heat_png
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.metrics import flicker_map
from steadyhue.settings import Settings
from steadyhue.studio import tape as tapes
from steadyhue.studio.clips import Clips
from steadyhue.studio.job import Desk, Job, Superseded
from steadyhue.studio.previews import Previews, View
from steadyhue.studio.server import Server
from steadyhue.studio.tape import Memo, Tape
from steadyhue.studio.totals import totals
from steadyhue.studio.wish import Wish
from studios import ask, moving_picture, previewed, records, running, upload, wish, write_clip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.gif")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("studio"), (path,)) as found:
        yield found


@pytest.fixture(scope="module")
def clip(server: Server) -> str:
    return ask(server, "GET", "/api/start").json["clips"][0]["id"]


def assert_same(shown: list[IndexedFrame], made: list[IndexedFrame]) -> None:
    assert len(shown) == len(made)
    for a, b in zip(shown, made, strict=True):
        assert np.array_equal(a.indices, b.indices.ravel())
        assert np.array_equal(a.palette, b.palette)
        assert a.duration == np.float32(b.duration)
        assert a.transparent == b.transparent


SETTINGS: list[dict[str, Any]] = [
    {},
    {"colors": 3},
    {"colors": 6, "steadiness": 0.9, "keep": ["#ff0000"]},
    {"colors": 6, "dither": "floyd-steinberg"},
    {"colors": 6, "dither": "bayer", "dither_strength": 0.5},
    {"colors": 5, "mode": "seeded", "space": "oklab"},
    {"colors": 5, "mode": "independent", "distance": "manhattan"},
    {"colors": 5, "mode": "global", "seed": 3},
    {"mode": "fixed", "palette": ["#000000", "#ff0000", "#00ffff"]},
    {"colors": 6},
    {"quality": 60},
    {"quality": 30, "colors": 12, "dither": "none"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_every_previewed_frame_is_the_library_s(
    server: Server, clip: str, path: Path, settings: dict[str, Any]
) -> None:
    assert_same(previewed(server, clip, wish(**settings)), list(sh.quantize(path, **settings)))


@pytest.mark.parametrize(
    "reading", [{"width": 30}, {"fps": 5}, {"start": 100, "duration": 200}, {"width": 50, "height": 50, "fit": "pad"}], ids=str
)  # fmt: skip
def test_a_part_or_another_size_is_the_library_s_too(
    server: Server, clip: str, path: Path, reading: dict[str, Any]
) -> None:
    made = sh.quantize(sh.open(path, **reading), 4)
    assert_same(previewed(server, clip, {**wish(colors=4), **reading}), list(made))


@pytest.mark.parametrize(
    "how",
    [{}, {"match": "lightness"}, {"spread": 1.0}, {"smooth": True}, {"mode": "steady"}],
    ids=str,
)
def test_a_transfer_is_the_library_s(
    server: Server, clip: str, path: Path, how: dict[str, Any]
) -> None:
    colors = ["#102030", "#506070", "#a0b0c0", "#ffeedd"]
    matching = {name: value for name, value in how.items() if name != "mode"}
    settings = {"colors": 4, **({"mode": how["mode"]} if "mode" in how else {})}
    asked = {**wish(**settings), "transfer": {"reference": colors, **matching}}
    made = sh.transfer(path, ",".join(colors), 4, **how)
    assert_same(previewed(server, clip, asked), list(made))


def test_a_transfer_from_a_clip_takes_its_colors(
    server: Server, clip: str, path: Path, tmp_path: Path
) -> None:
    other = write_clip(tmp_path / "other.gif", 255 - moving_picture(3))
    reference = upload(server, other.read_bytes(), "other.gif").json["id"]
    asked = {**wish(colors=4), "transfer": {"reference": reference}}
    assert_same(previewed(server, clip, asked), list(sh.transfer(path, other, 4)))
    answer = ask(server, "POST", f"/api/clips/{clip}/preview", {"wish": asked})
    opening = next(records(answer.body))
    assert opening["command"][0] == "steadyhue transfer clip.gif --from other.gif -k 4"
    assert len(opening["reference"]) == len(sh.transfer(path, other, 4).recoloring.target)


def test_transparent_pixels_stay_so(server: Server, tmp_path: Path) -> None:
    pixels = np.zeros((5, 12, 12, 4), np.uint8)
    pixels[..., :3] = np.random.default_rng(1).integers(0, 256, (5, 12, 12, 3))
    pixels[:, 3:9, :, 3] = 255
    target = tmp_path / "hole.gif"
    sh.quantize(pixels, 200, mode="global").save(target)
    found = upload(server, target.read_bytes()).json["id"]
    assert_same(previewed(server, found, wish(colors=4)), list(sh.quantize(target, 4)))
    answer = ask(server, "POST", f"/api/clips/{found}/original", {"wish": wish()})
    for (_, shown), frame in zip(records(answer.body), sh.open(target), strict=True):
        assert np.array_equal(shown.rgba(), frame.rgba().reshape(-1, 4))


def test_the_original_is_sent_as_it_was_read(server: Server, clip: str, path: Path) -> None:
    answer = ask(server, "POST", f"/api/clips/{clip}/original", {"wish": wish()})
    for (number, shown), (n, frame) in zip(
        records(answer.body), enumerate(sh.open(path)), strict=True
    ):
        assert number == n
        assert np.array_equal(shown.rgba(), frame.rgba().reshape(-1, 4))


def test_pictures_of_many_colors_are_sent_as_pictures(server: Server, tmp_path: Path) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (30, 40, 3), np.uint8)
    from PIL import Image

    Image.fromarray(pixels).save(tmp_path / "many.png")
    found = upload(server, (tmp_path / "many.png").read_bytes(), "many.png").json["id"]
    answer = ask(server, "POST", f"/api/clips/{found}/original", {"wish": wish()})
    ((_, shown),) = records(answer.body)
    assert np.array_equal(shown.indices[:, :3], pixels.reshape(-1, 3))
    assert (shown.indices[:, 3] == 255).all()


def test_a_look_is_the_frame_by_itself(server: Server, clip: str, path: Path) -> None:
    asked = {"wish": wish(colors=4), "at": 5}
    body = ask(server, "POST", f"/api/clips/{clip}/look", asked).body
    ((number, shown),) = records(body, drafts=True)
    assert number == 5
    assert_same([shown], list(sh.quantize(sh.open(path)[5:6], 4)))


def test_figures_are_those_of_measure_and_bytes_those_of_the_file(
    server: Server, clip: str, path: Path, tmp_path: Path
) -> None:
    answer = ask(
        server, "POST", f"/api/clips/{clip}/preview", {"wish": wish(colors=6, mode="independent")}
    )
    *_, last = records(answer.body)
    found = last["totals"]
    result = sh.quantize(path, 6, mode="independent")
    result.save(tmp_path / "out.gif")
    truth = sh.measure(path, tmp_path / "out.gif", ratio=False)
    assert found["bytes"] == (tmp_path / "out.gif").stat().st_size
    assert found["error"] == pytest.approx(truth.error)
    assert found["flicker"] == pytest.approx(truth.still.share)
    assert found["change"] == pytest.approx(truth.still.change)
    assert tuple(found["cuts"]) == truth.cuts
    assert found["worst"][0]["repainted"] == pytest.approx(truth.still.worst_share)
    assert max(found["repainted"]) == found["repainted"][found["worst"][0]["frame"]]
    assert found["whole"]


def test_the_heat_map_is_the_flicker_map(server: Server, clip: str, path: Path) -> None:
    answer = ask(server, "POST", f"/api/clips/{clip}/heat", {"wish": wish(colors=5)})
    made = flicker_map(sh.open(path), sh.quantize(path, 5))
    assert answer.headers["content-type"] == "image/png"
    assert answer.body == heat_png(made)


def flashes(levels: int, duration: float) -> float:
    """Return the flashes of an output that goes to and fro while its source holds still."""
    tape = Tape(Animation.from_arrays([np.full((10, 10, 3), 100, np.uint8)] * 6, duration))
    assert len(list(tape.frames)) == 6
    slots = np.zeros((10, 10), np.uint8)
    palettes = [np.full((1, 3), 40 + levels * (n % 2), np.uint8) for n in range(6)]
    return totals(tape, [IndexedFrame(slots, palette, duration) for palette in palettes])["flashes"]


def test_flashes_are_counted_where_the_source_is_still() -> None:
    assert flashes(160, 100) == 5
    assert flashes(160, 400) == 3
    assert flashes(4, 100) == 0
    assert flashes(0, 100) == 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is planned and decoded."""
    calls: list[str] = []
    plan, count = tapes.planner, tapes.counted
    monkeypatch.setattr(tapes, "planner", lambda *a: calls.append("plan") or plan(*a))
    monkeypatch.setattr(tapes, "counted", lambda *a: calls.append("count") or count(*a))
    return calls


def test_a_stage_runs_again_only_when_what_feeds_it_changed(path: Path, counted: list[str]) -> None:
    clips = Clips()
    try:
        opened = clips.add(path, "clip.gif", is_ours=False)
        previews, view = Previews(clips), View(480, 0)

        def run(**settings: Any) -> bytes:
            return b"".join(previews.preview(opened, Wish.parse(wish(**settings)), view, Job()))

        run(colors=5)
        assert counted == ["plan", "count"] * 2  # of the draft, and of all
        del counted[2:]
        tape = view.tape(clips, opened, Wish.parse(wish()))
        steps = next(iter(tape.plans.values())).steps
        first = run(colors=5, dither="bayer")
        assert counted == ["plan", "count"]  # another dither plans nothing
        assert next(iter(tape.plans.values())).steps is steps
        run(colors=6)
        assert counted == ["plan", "count", "plan"]  # other palettes count nothing
        assert run(colors=5, dither="bayer") == first
        run(colors=5, mode="global")
        assert counted == ["plan", "count", "plan", "plan", "count"]  # which needs no stillness
    finally:
        clips.close()


def test_a_job_that_is_stopped_ends_before_its_next_frame() -> None:
    decoded: list[int] = []

    class Counting(Animation):
        def __iter__(self):
            for n, frame in enumerate(super().__iter__()):
                decoded.append(n)
                yield frame

    source = Animation.from_arrays(list(moving_picture(40)))
    tape = Tape(Counting(source.__iter__, width=60, height=40, n_frames=40))
    job = Job()
    frames = tape.quantized("a", Settings.of(4, mode="seeded"), None, job)
    next(frames)
    job.stop()
    at_work = len(decoded)
    with pytest.raises(Superseded):
        next(frames)
    frames.close()
    assert (
        len(decoded) <= at_work + 2
    )  # the one that was being decoded, and one that was waited for
    # What was decoded is kept, and the next wish goes on from there.
    assert len(list(tape.quantized("b", Settings.of(3, mode="seeded"), None, Job()))) == 40
    assert decoded == list(range(40))


def test_a_newer_wish_stops_the_older_one_of_its_page() -> None:
    desk = Desk()
    first, other = desk.begin("page", 1), desk.begin("other page", 1)
    second = desk.begin("page", 3)
    assert first.is_stopped
    assert not second.is_stopped
    assert not other.is_stopped
    assert desk.begin("page", 2).is_stopped  # it was overtaken on the way
    assert not second.is_stopped


def test_a_wish_that_was_overtaken_is_told_so(server: Server, clip: str) -> None:
    asked = {"wish": wish(colors=3), "page": "p", "revision": 9}
    assert ask(server, "POST", f"/api/clips/{clip}/preview", asked).status == 200
    answer = ask(server, "POST", f"/api/clips/{clip}/preview", {**asked, "revision": 8})
    assert list(records(answer.body)) == [{"superseded": True}]


def test_a_long_clip_is_previewed_in_part_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tapes, "FRAMES", 5)
    path = write_clip(tmp_path / "long.gif")
    with running(tmp_path, (path,)) as server:
        clip = ask(server, "GET", "/api/start").json["clips"][0]["id"]
        made = list(sh.quantize(sh.open(path)[:5], 4))
        assert_same(previewed(server, clip, wish(colors=4)), made)
        asked = {"wish": wish(colors=4), "begin": 300}
        *frames, last = records(ask(server, "POST", f"/api/clips/{clip}/preview", asked).body)
        assert not last["totals"]["whole"]
        later = list(sh.quantize(sh.open(path, start=300)[:5], 4))
        assert_same([frame for _, frame in frames[1:]], later)


def test_frames_that_several_threads_ask_for_are_made_once() -> None:
    made: list[int] = []

    def slowly() -> Iterator[int]:
        for n in range(200):
            made.append(n)
            yield n

    memo = Memo(slowly())
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: list(memo), range(4)))
    assert found == [list(range(200))] * 4
    assert made == list(range(200))


def test_memory_holds_the_frames_of_one_clip(path: Path) -> None:
    clips = Clips()
    try:
        one = clips.add(path, "one.gif", is_ours=False)
        two = clips.add(path, "two.gif", is_ours=False)
        for clip in (one, two, one):
            list(clips.tape(clip, Wish.parse(wish())).frames)
            list(clips.tape(clip, Wish.parse(wish()), 32).frames)
        assert len(one.tapes) == 2
        assert not two.tapes
    finally:
        clips.close()


@pytest.mark.parametrize("what", ["preview", "look", "heat", "original"])
def test_what_is_no_wish_is_refused_in_a_sentence(server: Server, clip: str, what: str) -> None:
    for body in (b"", b"{", b"[]", b'{"wish": 1}', b'{"wish": {"version": NaN}}', b"\xff",
                 b"[" * 60_000, b'{"wish": {"version": 1}, "side": 1e9}'):  # fmt: skip
        answer = ask(server, "POST", f"/api/clips/{clip}/{what}", body)
        assert answer.status == 400, body
        assert "\n" not in answer.text
    assert ask(server, "POST", f"/api/clips/nothing/{what}", {"wish": wish()}).status == 404
