"""What a notebook shows of clips, results, estimators and measurements."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest

import steadyhue as sh
from steadyhue.formats import open_animation
from steadyhue.showcase import notebook


def clip(count: int = 4, size: tuple[int, int] = (6, 10), name: str = "a <clip>") -> sh.Animation:
    frames = np.zeros((count, *size, 3), np.uint8)
    frames[..., 0] = np.linspace(0, 255, size[1], dtype=np.uint8)
    frames[..., 1] = np.arange(count)[:, None, None]
    return sh.Animation.from_arrays(frames, 70, loop=3, name=name)


def noise(count: int) -> sh.Animation:
    frames = np.random.default_rng(0).integers(0, 256, (count, 40, 50, 3), np.uint8)
    return sh.Animation.from_arrays(frames, 50)


def shown(html: str) -> sh.Animation:
    found = re.search(r"data:image/gif;base64,([^\"]+)", html)
    return open_animation(base64.b64decode(found[1]))


def test_a_clip_shows_its_frames_and_size() -> None:
    source = clip()
    html = source._repr_html_()
    played = shown(html)
    assert (played.n_frames, played.loop) == (4, 3)
    for a, b in zip(played, source, strict=True):
        assert np.array_equal(a.rgba(), b.rgba())
    assert "a &lt;clip&gt;: 10 × 6, 4 frames" in html


def test_a_preview_ends_when_it_is_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "PREVIEW_BYTES", 10_000)
    html = noise(30)._repr_html_()
    count = shown(html).n_frames
    assert 2 < count < 15
    assert f"the first {count} are shown" in html
    assert len(html) < 40_000


def test_a_large_clip_is_shown_small() -> None:
    assert shown(clip(2, (4, 1000))._repr_html_()).size == (334, 2)


def test_a_result_shows_its_frames_and_keeps_its_report() -> None:
    result = sh.quantize(clip(), colors=3)
    assert "palette over time" not in result._repr_html_()
    frames = list(result)
    report = result.report
    html = result._repr_html_()
    for a, b in zip(shown(html), frames, strict=True):
        assert np.array_equal(a.rgba(), b.rgba())
    assert result.report is report
    assert "3 colors" in html
    assert "palette over time" in html


def test_a_transfer_shows_itself_too() -> None:
    html = sh.transfer(clip(), "#000,#fff", colors=2)._repr_html_()
    assert {tuple(c) for f in shown(html) for c in f.rgba().reshape(-1, 4)} <= {
        (0, 0, 0, 255),
        (255, 255, 255, 255),
    }


def test_an_estimator_shows_its_centers() -> None:
    model = sh.SequentialKMeans(2)
    assert "background" not in model._repr_html_()
    model.fit([[255, 0, 0], [0, 0, 16]])
    assert "background:#ff0000" in model._repr_html_()
    assert "background" not in sh.SequentialKMeans(2).fit([[255, 0], [0, 0]])._repr_html_()


def test_a_measurement_is_a_table() -> None:
    html = sh.measure(clip(), sh.quantize(clip(), colors=2))._repr_html_()
    assert html.count("<th>") == html.count("<td>") > 10
    assert "<td>a &lt;clip&gt;</td>" in html
