// Reads the records that studio/stream.py writes: JSON, frames of palette and indices, pictures.

const CUT = 1, ALONE = 2, DRAFT = 4, HEAD = 17;

/** Yield the records of a byte stream: {json}, {number, duration, indices | pixels, ...}. */
export async function* read(stream) {
  const reader = stream.getReader();
  let held = new Uint8Array(0), before = null;
  const fill = async size => {
    const parts = [held];
    let length = held.length;
    while (length < size) {
      const {done, value} = await reader.read();
      if (done) return false;
      parts.push(value);
      length += value.length;
    }
    if (parts.length > 1) {
      held = new Uint8Array(length);
      let at = 0;
      for (const part of parts) { held.set(part, at); at += part.length; }
    }
    return true;
  };
  try {
    while (await fill(5)) {
      const kind = String.fromCharCode(held[0]);
      const size = new DataView(held.buffer, held.byteOffset).getUint32(1, true);
      if (!await fill(5 + size)) return;
      const payload = held.slice(5, 5 + size);
      held = held.subarray(5 + size);
      if (kind === "J") {
        yield {json: JSON.parse(new TextDecoder().decode(payload))};
      } else {
        const frame = await parsed(payload, kind === "P", before);
        if (!frame.isDraft) before = frame.indices ?? null;
        yield frame;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Read a frame; `before` are the indices it is a difference to. */
async function parsed(bytes, isPicture, before) {
  const view = new DataView(bytes.buffer);
  const colors = view.getUint16(8, true), flags = view.getUint8(12);
  const weights = [];
  for (let i = 0, at = HEAD + 3 * colors; i < colors; i++, at += 4) weights.push(view.getUint32(at, true));
  const data = await inflated(bytes.subarray(HEAD + 7 * colors));
  const frame = {
    number: view.getUint32(0, true),
    duration: view.getFloat32(4, true),
    transparent: view.getInt16(10, true),
    cut: Boolean(flags & CUT),
    isDraft: Boolean(flags & DRAFT),
    error: view.getFloat32(13, true),
    palette: bytes.slice(HEAD, HEAD + 3 * colors),
    weights,
  };
  if (isPicture) return {...frame, pixels: new Uint32Array(data)};
  const indices = new Uint8Array(data);
  if (!(flags & ALONE)) for (let i = 0; i < indices.length; i++) indices[i] ^= before[i];
  return {...frame, indices};
}

function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}
