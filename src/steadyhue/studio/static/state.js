// What the page shows, as one value that never changes: every step makes a new one, so undo and
// redo are a list, and an address holds all of it.

import {isMark} from "./edits.js";

export const FIRST = Object.freeze({
  clip: null,
  colors: 10, mode: "steady", steadiness: 0.5, dither: "none", dither_strength: 1,
  quality: null,    // of small GIFs; null is exact
  space: "srgb", distance: "euclidean", seed: 0,
  width: null, height: null, fit: "", fps: null, start: 0, duration: null, begin: 0,
  palette: null,    // [#rrggbb] in mode fixed
  device: null,     // [#rrggbb] to send in their place
  keep: [],         // [#rrggbb] in every palette
  reference: null,  // {id, name} or {colors, name}
  match: "tone", spread: 0.4, smooth: false,
  recolor: {},      // slot: #rrggbb or another slot
  origins: {},      // slot: the mark that it was before, of edits that followed their color
  marks: [],        // edits that wait for a slot of their color, as edits.js has them
});

/** Return the plain form that studio/wish.py reads; what has no effect is left out. */
export function wishOf(state, {edits = true} = {}) {
  const settings = {dither: state.dither, space: state.space, distance: state.distance};
  if (state.dither !== "none") settings.dither_strength = state.dither_strength;
  let transfer = null;
  if (state.reference) {
    settings.colors = state.colors;
    settings.mode = ["global", "steady", "seeded"].includes(state.mode) && !state.smooth ? state.mode : "global";
    settings.seed = state.seed;
    transfer = {
      reference: state.reference.id ?? state.reference.colors,
      match: state.match,
      spread: state.match === "tone" ? state.spread : 0,
      smooth: state.smooth,
    };
  } else if (state.mode === "fixed" && state.palette) {
    Object.assign(settings, {mode: "fixed", palette: state.palette});
    if (state.quality) settings.quality = state.quality;
  } else {
    settings.colors = state.colors;
    settings.mode = state.mode === "fixed" ? "steady" : state.mode;
    settings.seed = state.seed;
    if (state.quality) settings.quality = state.quality;
    else if (settings.mode === "steady") settings.steadiness = state.steadiness;
    if (state.keep.length) settings.keep = state.keep.slice(0, state.colors - 1);
    if (settings.keep && !settings.keep.length) delete settings.keep;
  }
  const wish = {version: 1, settings};
  if (transfer) wish.transfer = transfer;
  for (const name of ["width", "height", "fps", "duration"]) if (state[name]) wish[name] = state[name];
  if (state.start) wish.start = state.start;
  if (state.fit) wish.fit = state.fit;
  if (edits && Object.keys(editsOf(state)).length) wish.recolor = editsOf(state);
  return wish;
}

/** The edits of files: those of slots, and the colors to send of a device's palette. */
export function editsOf(state) {
  const sent = {};
  if (state.device && state.mode === "fixed" && !state.reference)
    state.device.forEach((color, slot) => { if (color !== state.palette[slot]) sent[slot] = color; });
  return {...sent, ...state.recolor};
}

/** The states of a page, with undo and redo. */
export class History {
  constructor(state) {
    this.states = [state];
    this.at = 0;
  }

  get now() { return this.states[this.at]; }
  get canUndo() { return this.at > 0; }
  get canRedo() { return this.at < this.states.length - 1; }

  push(state) {
    this.states = [...this.states.slice(0, this.at + 1), Object.freeze(state)].slice(-200);
    this.at = this.states.length - 1;
  }

  /** Put a state in the place of the one of now: what was found out about it. */
  amend(state) {
    this.states = this.states.with(this.at, Object.freeze(state));
  }

  go(by) {
    this.at = Math.max(0, Math.min(this.at + by, this.states.length - 1));
    return this.now;
  }
}

/** Return what differs from the first state, for the address. */
export function toAddress(state) {
  const changed = Object.fromEntries(Object.entries(state).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(FIRST[name])));
  return "s=" + encodeURIComponent(JSON.stringify(changed));
}

const kindOf = value => Array.isArray(value) ? "list" : typeof value;

/** Read an address; what is no state of ours gives the first one. */
export function fromAddress(text) {
  try {
    const found = JSON.parse(decodeURIComponent(text.split("&").find(part => part.startsWith("s=")).slice(2)));
    const known = Object.entries(found).filter(([name, value]) =>
      name in FIRST && (FIRST[name] === null || kindOf(value) === kindOf(FIRST[name])));
    const state = {...FIRST, ...Object.fromEntries(known)};
    return Object.freeze({...state, marks: state.marks.filter(isMark)});
  } catch {
    return FIRST;
  }
}
