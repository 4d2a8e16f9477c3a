// Reads GIFs for the players. The container is parsed at once; pictures are
// decoded when they are shown, so that a page of many clips is ready quickly.

// What a file may ask for: pixels of a canvas or picture, as `formats.Limits` has it; pixels to
// decode at one go (well under a second); pixels of the pictures that are kept (64 MB).
const MOST_PIXELS = 36e6, PIXELS_AT_ONCE = 1 << 25, PIXELS_KEPT = 1 << 24;

/** Find the frames of a GIF: where each lies, its palette and how it is disposed of. */
function parseGif(bytes) {
  const u16 = at => bytes[at] | bytes[at + 1] << 8;
  const gif = {width: u16(6), height: u16(8), frames: []};
  let at = 13;
  const black = () => new Uint32Array(256).fill(0xff000000);
  const readPalette = flags => {
    if (!(flags & 0x80)) return null;
    const palette = black();
    const size = 2 << (flags & 7);
    for (let i = 0; i < size; i++, at += 3)  // little endian: alpha, blue, green, red
      palette[i] = (0xff000000 | bytes[at + 2] << 16 | bytes[at + 1] << 8 | bytes[at]) >>> 0;
    return palette;
  };
  const skipBlocks = () => {
    while (bytes[at]) at += bytes[at] + 1;
    at++;
  };
  const globalPalette = readPalette(bytes[10]);
  let control = {disposal: 0, transparent: -1, delay: 0};
  while (at < bytes.length && bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) {
        const flags = bytes[at + 3];
        control = {
          disposal: flags >> 2 & 7,
          transparent: flags & 1 ? bytes[at + 6] : -1,
          delay: u16(at + 4) * 10,
        };
      }
      at += 2;
      skipBlocks();
    } else if (bytes[at] !== 0x2c) {
      break;  // garbage: what came before it counts
    } else {
      const frame = {...control, left: u16(at + 1), top: u16(at + 3), width: u16(at + 5), height: u16(at + 7)};
      const flags = bytes[at + 9];
      at += 10;
      frame.palette = readPalette(flags) || globalPalette || black();
      frame.interlaced = Boolean(flags & 0x40);
      frame.data = at++;
      skipBlocks();
      if (!gif.frames.length) {  // browsers grow the canvas for the first image
        gif.width = Math.max(gif.width, frame.left + frame.width);
        gif.height = Math.max(gif.height, frame.top + frame.height);
      }
      gif.frames.push(frame);
      control = {disposal: 0, transparent: -1, delay: 0};
    }
  }
  if (!(gif.width * gif.height > 0 && gif.width * gif.height <= MOST_PIXELS))
    Object.assign(gif, {width: 1, height: 1, frames: []});
  return gif;
}

/** Decode the LZW codes of one picture into at most `count` color indices: those that are there. */
function decodeLzw(bytes, at, count) {
  const out = new Uint8Array(count <= MOST_PIXELS ? count : 0);
  count = out.length;
  const prefix = new Uint16Array(4096), length = new Uint16Array(4096);  // a string is its prefix
  const first = new Uint8Array(4096), last = new Uint8Array(4096);        // and a last color
  const root = bytes[at++];
  if (!(root >= 1 && root <= 8)) return out.subarray(0, 0);  // the format has no others
  const clear = 1 << root;
  let width = root + 1, next = clear + 2, previous = -1;
  let bits = 0, held = 0, left = 0, filled = 0;
  for (let i = 0; i < clear; i++) { first[i] = last[i] = i; length[i] = 1; }
  while (filled < count) {
    while (held < width) {
      if (!left && !(left = bytes[at++])) return out.subarray(0, filled);  // the data end early
      bits |= bytes[at++] << held;
      held += 8;
      left--;
    }
    const code = bits & (1 << width) - 1;
    bits >>>= width;
    held -= width;
    if (code === clear) {
      width = root + 1; next = clear + 2; previous = -1;
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && previous < 0))
      return out.subarray(0, filled);
    if (previous >= 0 && next < 4096) {  // the new string is the previous one and a first color
      prefix[next] = previous;
      first[next] = first[previous];
      last[next] = first[code === next ? previous : code];
      length[next] = length[previous] + 1;
      if (++next === 1 << width && width < 12) width++;
    }
    let write = filled + length[code];
    filled = Math.min(write, count);
    for (let string = code; ; string = prefix[string]) {
      if (--write < count) out[write] = last[string];
      if (length[string] === 1) break;
    }
    previous = code;
  }
  return out;
}

/** A GIF on a canvas: `show(n)` paints frame n as it looks when all before it were shown. */
class GifCanvas {
  static KEEP = 8;  // frames between the pictures kept for going back

  constructor(bytes, canvas) {
    Object.assign(this, parseGif(bytes), {bytes, canvas, at: -1, kept: new Map()});
    canvas.width = this.width;
    canvas.height = this.height;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.under = null;  // what was below the frame, where the frame asks to restore it
    this.keep = Math.max(GifCanvas.KEEP,
      Math.ceil(this.frames.length * this.pixels.length / PIXELS_KEPT));
  }

  show(n) {
    n = Math.min(n, this.frames.length - 1);
    clearTimeout(this.later);
    if (n === this.at) return;
    if (n < this.at || n - this.at > GifCanvas.KEEP) this.jump(n);
    for (let work = 0; this.at < n && work < PIXELS_AT_ONCE;) work += this.advance();
    this.context.putImageData(this.image, 0, 0);
    this.canvas.dataset.frame = this.at;
    if (this.at < n) this.later = setTimeout(() => this.show(n));  // the page may breathe
  }

  jump(n) {
    let from = n;
    while (from >= 0 && !this.kept.has(from)) from--;
    if (n > this.at && from <= this.at) return;
    if (from < 0) this.pixels.fill(0);
    else this.pixels.set(this.kept.get(from));
    this.at = from;
  }

  /** Paint the next frame; return how many pixels that took. */
  advance() {
    if (this.at >= 0) this.dispose(this.frames[this.at]);
    const frame = this.frames[++this.at];
    this.under = frame.disposal === 3 || frame.disposal === 4 ? this.pixels.slice() : null;
    const work = this.draw(frame);
    if (this.at % this.keep === 0 && !this.under && !this.kept.has(this.at))
      this.kept.set(this.at, this.pixels.slice());
    return work + this.pixels.length * (this.under ? 2 : 1) / 8;
  }

  dispose(frame) {
    if (this.under) this.pixels.set(this.under);
    if (frame.disposal !== 2) return;
    for (let y = frame.top; y < Math.min(frame.top + frame.height, this.height); y++)
      this.pixels.fill(0, y * this.width + frame.left,
        y * this.width + Math.min(frame.left + frame.width, this.width));
  }

  draw({left, top, width, height, palette, transparent, interlaced, data}) {
    // Rows under the canvas are not looked at, but those of an interlaced picture come before others.
    const count = interlaced ? height : Math.max(0, Math.min(height, this.height - top));
    const indices = decodeLzw(this.bytes, data, width * count);
    const right = Math.min(width, this.width - left);
    const rows = interlaced ? interlacedRows(height) : null;
    for (let row = 0; row * width < indices.length; row++) {
      const y = top + (rows ? rows[row] : row);
      if (y >= this.height) continue;
      const end = Math.min(right, indices.length - row * width);
      for (let x = 0, from = row * width, to = y * this.width + left; x < end; x++, from++, to++)
        if (indices[from] !== transparent) this.pixels[to] = palette[indices[from]];
    }
    return width * count;
  }
}

/** The order in which an interlaced picture stores its rows. */
function interlacedRows(height) {
  const rows = [];
  for (const [first, step] of [[0, 8], [4, 8], [2, 4], [1, 2]])
    for (let y = first; y < height; y += step) rows.push(y);
  return rows;
}
