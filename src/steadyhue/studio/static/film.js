// A film: frames of palettes and indices, painted in any colors without asking anybody.

/** What a slot shows: the number of the slot or the color it ends at, following merges. */
export function shownAs(slot, edits) {
  for (let steps = 0; steps <= 256 && slot in edits; steps++) {
    if (typeof edits[slot] === "string") return edits[slot];
    slot = edits[slot];
  }
  return slot;
}

export const hexOf = (palette, slot) =>
  "#" + [0, 1, 2].map(c => palette[3 * slot + c].toString(16).padStart(2, "0")).join("");

/** The colors of a palette with edits, as #rrggbb. */
export function colorsOf(palette, edits = {}) {
  const own = Array.from({length: palette.length / 3}, (_, slot) => hexOf(palette, slot));
  return own.map((_, slot) => {
    const shown = shownAs(slot, edits);
    return typeof shown === "string" ? shown : own[shown] ?? own[slot];
  });
}

const packed = hex =>  // little endian: alpha, blue, green, red
  (0xff000000 | parseInt(hex.slice(5, 7), 16) << 16 | parseInt(hex.slice(3, 5), 16) << 8
    | parseInt(hex.slice(1, 3), 16)) >>> 0;

/** Frames that are painted on a canvas of their own as they are asked for. */
export class Film {
  constructor(title, width, height) {
    Object.assign(this, {title, width, height, frames: [], edits: {}, only: null, at: -1});
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.totals = null;
    this.complete = false;
  }

  get bytes() {
    return this.frames.length * this.pixels.length * (this.frames[0]?.pixels ? 4 : 1);
  }

  /** Show other colors from now on: by slot a color, or the slot whose color it takes. */
  recolor(edits) {
    this.edits = edits;
    this.at = -1;
  }

  /** Show one slot and the others faintly; null shows all. */
  showOnly(slot) {
    this.only = slot;
    this.at = -1;
  }

  show(n) {
    const frame = this.frames[n] ?? this.standIn?.(n);
    if (!frame || (n === this.at && this.painted === frame)) return;
    this.at = n;
    this.painted = frame;
    if (frame.pixels) this.pixels.set(frame.pixels);
    else this.paint(frame);
    this.context.putImageData(this.image, 0, 0);
  }

  paint({indices, palette, transparent}) {
    const table = new Uint32Array(256);
    colorsOf(palette, this.edits).forEach((hex, slot) => { table[slot] = packed(hex); });
    if (this.only !== null)
      for (let slot = 0; slot < 256; slot++)
        if (slot !== this.only) table[slot] = table[slot] && 0x28808080;
    if (transparent >= 0) table[transparent] = 0;
    for (let i = 0; i < indices.length; i++) this.pixels[i] = table[indices[i]];
  }
}
