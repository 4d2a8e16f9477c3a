// Edits follow their color. Other settings give other slots, so an edit is kept as a mark, by the color
// that its slot had of its own, and put on the slot that has the most like it.

import {hexOf} from "./film.js";

const NEAR = 64;  // levels of sRGB: what is farther off is another color

const levels = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const apart = (one, other) => Math.hypot(...levels(one).map((level, c) => level - levels(other)[c]));

const isHex = text => /^#[0-9a-f]{6}$/.test(text);

/** Whether something from an address is a mark. */
export const isMark = mark =>
  mark !== null && Number.isInteger(mark?.at) && mark.at >= 0 && isHex(mark.own) && isHex(mark.shown ?? mark.like);

/** Return edits of slots as marks: where, the colors of their own, and what they show. */
export function marksOf({recolor, origins}, palette, at) {
  const count = palette.length / 3;
  return Object.entries(recolor).filter(([slot, what]) => slot < count && !(what >= count)).map(([slot, what]) => {
    const shown = typeof what === "number" ? {like: hexOf(palette, what)} : {shown: what};
    const followed = {...origins[slot], ...shown};  // the color that it had at first, not one on the way
    return isMark(followed) ? followed : {at, own: hexOf(palette, slot), ...shown};
  });
}

/** Put marks on the slots of palettes, `paletteAt(n)` of frame n; return also those that found none. */
export function follow(marks, paletteAt) {
  const recolor = {}, origins = {}, lost = [];
  const slotLike = (hex, at, taken) => {
    const palette = paletteAt(at);
    const found = Array.from({length: palette.length / 3}, (_, slot) => [apart(hex, hexOf(palette, slot)), slot])
      .filter(([distance, slot]) => distance <= NEAR && !taken(slot)).sort((a, b) => a[0] - b[0]);
    return found[0]?.[1];
  };
  for (const mark of marks) {
    const {at, own} = mark, slot = slotLike(own, at, other => other in recolor);
    const what = mark.shown ?? slotLike(mark.like, at, other => other === slot || other in recolor);
    if (slot === undefined || what === undefined) lost.push(mark);
    else [recolor[slot], origins[slot]] = [what, {at, own}];
  }
  return {recolor, origins, lost};
}
