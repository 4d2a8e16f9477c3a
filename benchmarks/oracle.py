"""The best palette known for a frame: of scikit-learn's runs of k-means, and of our own.

Two bests are kept. `greedy_errors` are of 20 runs of scikit-learn's greedy k-means++ on the
distinct colors with their pixel counts, to convergence, centers rounded to the whole levels that
a palette holds. `best_errors` are at most that: `steadyhue.oracle` tries random starts too, and
moves useless centers, which at 64 colors finds palettes that are 5 % better.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable

import numpy as np

from clips import CACHE, FRAMES, Clip
from steadyhue import oracle
from steadyhue.frame import Frame

RUNS = 20


def best_errors(clip: Clip, k: int) -> list[float]:
    """Return each frame's lowest squared error per pixel known with k colors; kept on disk."""
    found = _kept("best", clip, k, oracle.best_error)
    return [min(pair) for pair in zip(found, greedy_errors(clip, k), strict=True)]


def greedy_errors(clip: Clip, k: int) -> list[float]:
    """Return the same of greedy runs alone, by which `steady` was judged at first."""
    return _kept("greedy", clip, k, greedy_error)


def _kept(kind: str, clip: Clip, k: int, error: Callable[[Frame, int], float]) -> list[float]:
    path = CACHE / "oracle" / f"{kind}-{clip.name.replace('/', '-')}-{FRAMES}-{k}.json"
    if path.exists():
        return json.loads(path.read_text())
    errors = [error(frame, k) for frame in clip.frames]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(errors))
    return errors


def greedy_error(frame: Frame, k: int) -> float:
    """Return the squared error per pixel of the best of scikit-learn's greedy runs."""
    from sklearn.cluster import KMeans

    used = frame.weights > 0
    colors, weights = frame.colors[used].astype(float), frame.weights[used]
    if len(colors) <= k:
        return 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = KMeans(k, n_init=RUNS, tol=0, random_state=0).fit(colors, sample_weight=weights)
    centers = np.rint(model.cluster_centers_)
    squared = ((colors[:, None] - centers[None]) ** 2).sum(axis=2).min(axis=1)
    return float(squared @ weights / weights.sum())
