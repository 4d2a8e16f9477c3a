"""k-means palettes that hold still in moving pictures."""
