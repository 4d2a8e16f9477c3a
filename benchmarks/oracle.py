"""The best palette known for a frame: of 20 runs of scikit-learn's k-means++.

Runs are on the distinct colors with their pixel counts, to convergence; the best
one's centers are rounded to the whole levels that a palette holds.
"""

from __future__ import annotations

import json
import warnings

import numpy as np

from clips import CACHE, FRAMES, Clip
from steadyhue.frame import Frame

RUNS = 20


def best_errors(clip: Clip, k: int) -> list[float]:
    """Return each frame's lowest squared error per pixel with k colors; kept on disk."""
    path = CACHE / "oracle" / f"{clip.name.replace('/', '-')}-{FRAMES}-{k}.json"
    if path.exists():
        return json.loads(path.read_text())
    errors = [best_error(frame, k) for frame in clip.frames]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(errors))
    return errors


def best_error(frame: Frame, k: int) -> float:
    """Return the lowest squared error per pixel known for a frame with k colors."""
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
