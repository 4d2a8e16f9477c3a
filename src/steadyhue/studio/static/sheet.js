// Try all: the clip, small, in every mode, dither and some numbers of colors; one is chosen.

import * as api from "./api.js";
import {Film} from "./film.js";
import {kilobytes, percent} from "./figures.js";
import {wishOf} from "./state.js";

const SIDE = 160;  // pixels: many are to be seen at once, and to be ready soon

export class Sheet {
  constructor(page, {failed}) {
    Object.assign(this, {page, failed, films: []});
    this.dialog = document.getElementById("sheet");
    this.grid = document.getElementById("variants");
    document.getElementById("try-all").addEventListener("click", () => this.open());
    this.dialog.addEventListener("close", () => this.close());
  }

  /** What is tried: a title and what differs from the settings of now. */
  variants() {
    const {state, about} = this.page, modes = state.reference ? about.words.transfer_mode : about.words.mode;
    return [
      ...modes.filter(mode => mode !== "fixed" || state.palette).map(mode => [mode, {mode}]),
      ...about.words.dither.filter(dither => !state.quality || about.thrifty.dithers.includes(dither)).map(dither => [dither === "none" ? "no dither" : dither, {dither}]),
      ...(state.mode === "fixed" ? [] : [4, 8, 16, 32].map(colors => [`${colors} colors`, {colors}])),
    ];
  }

  async open() {
    this.dialog.showModal();
    this.controller = new AbortController();
    this.films = [];
    this.grid.replaceChildren();
    this.play();
    const {signal} = this.controller, {state} = this.page;
    try {
      for (const [title, part] of this.variants()) {
        const button = Object.assign(document.createElement("button"), {type: "button", className: "variant"});
        const name = Object.assign(document.createElement("b"), {textContent: title});
        const facts = Object.assign(document.createElement("span"), {textContent: "…"});
        button.append(name, facts);
        button.addEventListener("click", () => {
          this.dialog.close();
          this.page.change(part);
        });
        this.grid.append(button);
        const asked = {wish: wishOf({...state, ...part}, {edits: false}), begin: state.begin, side: SIDE};
        let film = null;
        for await (const {json, ...frame} of api.records("preview", state.clip, asked, signal, "-sheet")) {
          if (json?.width) {
            film = new Film(title, json.width, json.height);
            button.prepend(film.canvas);
          } else if (json?.totals) {
            const {bytes, flicker} = json.totals;
            facts.textContent = `${kilobytes(bytes)}, ${percent(flicker)} repainted`;
          } else if (json?.error) {
            facts.textContent = json.error;
          } else if (film) {
            film.frames[frame.number] = frame;
            if (frame.number === 0) film.show(0);
          }
        }
        if (film) this.films.push(film);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        this.dialog.close();
        this.failed(error);
      }
    }
  }

  /** Play all films in step, unless movement is not wanted. */
  play() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const {starts, count} = this.page.stage, begun = performance.now();
    const tick = now => {
      if (!this.dialog.open) return;
      const time = (now - begun) % starts.at(-1);
      let n = 0;
      while (n < count - 1 && starts[n + 1] <= time) n++;
      for (const film of this.films) film.show(n);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  close() {
    this.controller?.abort();
  }
}
