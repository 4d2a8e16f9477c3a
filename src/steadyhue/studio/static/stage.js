// The stage: two films in step behind one slider, what flickers over them, a ribbon to seek on.

import {Player} from "./player.js";
import {drawRibbon} from "./ribbon.js";

export class Stage extends Player {
  constructor(root) {
    super(root);
    this.now = null;       // the film of the current settings
    this.others = [];      // what A can be: the original and earlier films
    this.compares = false;
    this.heat = root.querySelector(".heat");
    this.ribbon = root.querySelector("#ribbon");
    this.onshow = () => {};
    this.onheat = () => {};
    this.listen();
    this.find("a").addEventListener("change", () => this.show(this.frame));
    this.find("beside").addEventListener("click", () => this.setBeside(!this.beside));
    new ResizeObserver(() => this.drawRibbon()).observe(this.ribbon);
    this.setCompare(false);
  }

  /** Show a film beside what it can be compared with. */
  setFilms(now, others, delays) {
    const chosen = this.other?.key;
    this.now = now;
    this.others = others;
    const select = this.find("a");
    select.replaceChildren(...others.map(film =>
      Object.assign(document.createElement("option"), {textContent: film.title, value: film.key})));
    if (others.some(film => film.key === chosen)) select.value = chosen;
    this.root.style.setProperty("--aspect", (now.width / now.height).toFixed(4));
    this.root.style.setProperty("--film", `${now.width}px`);
    for (const name of ["canvas-a", "canvas-b"])
      Object.assign(this.find(name), {width: now.width, height: now.height});
    this.load(this.clips, delays);
    this.drawRibbon();
  }

  /** The film at the left of the slider. */
  get other() {
    return this.others.find(film => film.key === this.find("a").value) ?? this.others[0];
  }

  show(n) {
    super.show(n);
    this.onshow(this.frame);
  }

  paintPair() {
    if (!this.now) return;
    const sides = this.compares || this.flipped ? [["canvas-a", this.other], ["canvas-b", this.now]]
      : [["canvas-b", this.now]];
    for (const [name, film] of sides) {
      const canvas = this.find(name);
      if (!film) continue;
      film.show(this.frame);
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(film.canvas, 0, 0, canvas.width, canvas.height);
      canvas.dataset.frame = film.at;
    }
  }

  repaint() {
    this.show(this.frame);
  }

  toggleCompare() { this.setCompare(!this.compares); }

  setCompare(on) {
    this.compares = on;
    this.find("pair").classList.toggle("single", !on);
    this.find("compare").setAttribute("aria-pressed", on);
    this.wipe();
    this.paintPair();
  }

  /** Show both whole, one beside the other, and not behind a slider. */
  setBeside(on) {
    this.beside = on;
    this.find("pair").classList.toggle("beside", on);
    this.find("beside").setAttribute("aria-pressed", on);
    if (on) this.setCompare(true);
  }

  key(event) {
    if (event.key !== "b") return super.key(event);
    event.preventDefault();
    this.setBeside(!(this.beside && this.compares));
  }

  /** Show A alone for as long as a key is held. */
  flip(on) {
    if (on && this.beside && this.compares) return;  // both are seen
    this.flipped = on;
    this.find("pair").classList.toggle("flipped", on);
    this.paintPair();
  }

  toggleHeat() {
    super.toggleHeat();
    const on = this.root.classList.contains("hot");
    this.heat.hidden = !on;
    if (on) this.onheat();
  }

  setZoom(zoom) {
    this.zoom = zoom;
    this.find("zoom").value = zoom;
    this.root.classList.toggle("zoomed", zoom > 0);
    this.root.style.setProperty("--width", `${zoom * (this.now?.width ?? 0)}px`);
  }

  play(on) {
    if (on && this.refuses?.()) return;
    super.play(on);
  }

  drawRibbon() {
    if (this.now) drawRibbon(this.ribbon, this.now, this.starts);
  }
}
