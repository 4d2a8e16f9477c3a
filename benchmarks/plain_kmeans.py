"""What people write first: scikit-learn's k-means on the pixels of every frame.

Usage: python plain_kmeans.py IN.gif OUT.gif COLORS
"""

import sys

import numpy as np
from PIL import Image, ImageSequence
from sklearn.cluster import KMeans

source, target, colors = sys.argv[1], sys.argv[2], int(sys.argv[3])
frames, durations = [], []
for picture in ImageSequence.Iterator(Image.open(source)):
    pixels = np.asarray(picture.convert("RGB"))
    model = KMeans(colors, n_init=1).fit(pixels.reshape(-1, 3))
    palette = model.cluster_centers_.round().astype(np.uint8)
    frame = Image.fromarray(model.labels_.astype(np.uint8).reshape(pixels.shape[:2]))
    frame.putpalette(palette.tobytes())
    frames.append(frame)
    durations.append(picture.info.get("duration", 100))
frames[0].save(target, save_all=True, append_images=frames[1:], duration=durations, loop=0)
