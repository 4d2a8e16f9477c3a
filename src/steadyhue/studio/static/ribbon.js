// The palette ribbon: time to the right, a band a slot, as figures/ribbon.py draws it; here the
// colors may be edited.

import {colorsOf} from "./film.js";

const luma = hex => [0.2126, 0.7152, 0.0722].reduce((sum, weight, c) =>
  sum + weight * parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16), 0);

/** Return slots from dark to light by their mean over the whole film: a slot keeps its place. */
function order(frames) {
  const sums = [], mass = [];
  for (const {palette, weights} of frames)
    colorsOf(palette).forEach((hex, slot) => {
      const weight = weights[slot] + 1e-9;
      sums[slot] = (sums[slot] ?? 0) + luma(hex) * weight;
      mass[slot] = (mass[slot] ?? 0) + weight;
    });
  return [...sums.keys()].sort((a, b) => sums[a] / mass[a] - sums[b] / mass[b]);
}

/** Draw the palettes of a film over time on a canvas, as far as it has frames. */
export function drawRibbon(canvas, film, starts) {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  if (canvas.width !== width) canvas.width = width;
  const context = canvas.getContext("2d"), height = canvas.height;
  context.clearRect(0, 0, width, height);
  const frames = film.frames.filter(Boolean), slots = order(frames), total = starts.at(-1);
  for (const frame of frames) {
    const left = Math.round(starts[frame.number] / total * width);
    const right = Math.round((starts[frame.number + 1] ?? total) / total * width);
    const colors = colorsOf(frame.palette, film.edits);
    const sum = frame.weights.reduce((a, b) => a + b, 0) || 1;
    let top = 0;
    for (const slot of slots) {
      const share = (frame.weights[slot] ?? 0) / sum * height;
      context.fillStyle = colors[slot] ?? "#000";
      context.fillRect(left, top, Math.max(1, right - left), share + 1);
      top += share;
    }
    if (frame.cut && frame.number) {
      context.fillStyle = "#fff";
      context.fillRect(left, 0, Math.max(1, devicePixelRatio), height);
    }
  }
}
