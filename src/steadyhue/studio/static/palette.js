// The palette panel: slots of the frame that is shown, each to be recolored, locked, merged,
// shown alone or set back. All but locking happens here and now, and asks nobody.

import {colorsOf, hexOf, shownAs} from "./film.js";

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const percent = share => share >= 0.1 ? `${Math.round(100 * share)} %` : `${(100 * share).toFixed(1)} %`;

export class PalettePanel {
  /** `act` has recolor(slot, what, live), lock(hex, on), only(slot), pick(slot). */
  constructor(root, act) {
    this.swatches = root.querySelector("#swatches");
    this.editor = root.querySelector("#slot");
    this.act = act;
    this.slot = null;
  }

  /** Show the slots of a frame; `more` are colors of a reference to choose from. */
  show(frame, state, more = [], canLock = true) {
    const palette = frame?.palette ?? new Uint8Array(0), count = palette.length / 3;
    if (this.slot !== null && this.slot >= count) this.slot = null;
    const shown = colorsOf(palette, state.recolor);
    const total = frame?.weights.reduce((a, b) => a + b, 0) || 1;
    this.fit(count);
    shown.forEach((hex, slot) => {
      const button = this.swatches.children[slot], own = hexOf(palette, slot);
      const isLocked = state.keep.includes(own), share = percent((frame.weights[slot] ?? 0) / total);
      button.firstChild.style.background = hex;
      button.children[1].textContent = `${slot}`;
      button.children[2].textContent = share;
      button.children[3].textContent = (isLocked ? "lock" : "") + (slot in state.recolor ? "✎" : "");
      button.setAttribute("aria-label", `slot ${slot}: ${hex}, ${share}`
        + (isLocked ? ", locked" : "") + (slot in state.recolor ? ", recolored" : ""));
      button.setAttribute("aria-pressed", slot === this.slot);
    });
    this.frame = frame;
    this.state = state;
    this.more = more;
    this.canLock = canLock;
    this.showEditor();
  }

  fit(count) {
    while (this.swatches.children.length > count) this.swatches.lastChild.remove();
    while (this.swatches.children.length < count) {
      const slot = this.swatches.children.length;
      const button = element("button", {type: "button", className: "swatch"},
        element("span", {className: "color"}), element("b"), element("span", {className: "share"}), element("i"));
      button.addEventListener("click", () => this.choose(slot === this.slot ? null : slot));
      this.swatches.append(button);
    }
  }

  choose(slot) {
    if (this.alone) this.showAlone(false);
    const before = this.slot;
    this.slot = slot;
    this.show(this.frame, this.state, this.more, this.canLock);
    if (slot === null) this.swatches.children[before]?.focus();
    else this.editor.querySelector("input")?.focus();
  }

  showAlone(on) {
    this.alone = on;
    this.act.only(on ? this.slot : null);
  }

  /** The controls of the chosen slot. They are made once for a slot, so that focus stays. */
  showEditor() {
    this.editor.hidden = this.slot === null;
    if (this.slot === null) {
      this.made = null;
      this.editor.replaceChildren();
      return;
    }
    const key = [this.slot, this.frame.palette.length, this.more.join(), this.canLock].join();
    if (this.made !== key) this.make(key);
    const {slot, state, frame} = this, own = hexOf(frame.palette, slot);
    const shown = shownAs(slot, state.recolor);
    const hex = typeof shown === "string" ? shown : hexOf(frame.palette, shown);
    if (document.activeElement !== this.hex) this.hex.value = hex;
    this.color.value = hex;
    this.merge.value = slot in state.recolor && typeof state.recolor[slot] === "number" ? state.recolor[slot] : "";
    this.reset.disabled = !(slot in state.recolor);
    const isLocked = state.keep.includes(own);
    this.lock.textContent = isLocked ? "Unlock" : "Lock";
    this.lock.setAttribute("aria-pressed", isLocked);
    this.lock.disabled = !this.canLock || (!isLocked && state.keep.length >= state.colors - 1);
    this.lock.onclick = () => this.act.lock(isLocked ? own : hex, !isLocked);
    this.solo.setAttribute("aria-pressed", Boolean(this.alone));
  }

  make(key) {
    const {slot, act} = this, count = this.frame.palette.length / 3;
    this.made = key;
    const button = (text, click) => {
      const made = element("button", {type: "button", textContent: text});
      made.addEventListener("click", click);
      return made;
    };
    this.color = element("input", {type: "color"});
    this.color.setAttribute("aria-label", `Color of slot ${slot}`);
    this.color.addEventListener("input", () => act.recolor(slot, this.color.value, true));
    this.color.addEventListener("change", () => act.recolor(slot, this.color.value, false));
    this.hex = element("input", {type: "text", size: 8, maxLength: 7, pattern: "#?[0-9a-fA-F]{6}", spellcheck: false});
    this.hex.setAttribute("aria-label", `Hex color of slot ${slot}`);
    this.hex.addEventListener("change", () => {
      const found = /^#?([0-9a-f]{6})$/i.exec(this.hex.value.trim());
      if (found) act.recolor(slot, `#${found[1].toLowerCase()}`, false);
    });
    this.merge = element("select", {}, element("option", {value: "", textContent: "itself"}),
      ...Array.from({length: count}, (_, other) => other).filter(other => other !== slot)
        .map(other => element("option", {value: other, textContent: `slot ${other}`})));
    this.merge.addEventListener("change", () =>
      act.recolor(slot, this.merge.value === "" ? null : +this.merge.value, false));
    this.reset = button("Reset", () => act.recolor(slot, null, false));
    this.lock = button("Lock", () => {});
    this.solo = button("Show only this", () => {
      this.showAlone(!this.alone);
      this.showEditor();
    });
    this.editor.replaceChildren(
      element("div", {className: "row"}, element("b", {textContent: `Slot ${slot}`}), this.color, this.hex,
        ...(this.isSaved ? [] : [button("From the picture", () => act.pick(slot))])),
      element("div", {className: "row"}, ...(this.isSaved ? [] : [this.lock]), this.reset, this.solo,
        element("label", {}, "show as ", this.merge)));
    if (this.more.length) {
      const choices = this.more.map((hex, n) => {
        const made = button("", () => act.recolor(slot, hex, false));
        made.className = "chip";
        made.style.background = hex;
        made.setAttribute("aria-label", `color ${n} of the reference: ${hex}`);
        return made;
      });
      this.editor.append(element("div", {className: "row"}, "becomes ", ...choices));
    }
  }
}
