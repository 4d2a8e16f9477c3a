// The page: states in, films out.

import * as api from "./api.js";
import {Controls} from "./controls.js";
import {takeFiles} from "./drop.js";
import {follow, marksOf} from "./edits.js";
import {ExportPanel} from "./export.js";
import {shownAs, hexOf} from "./film.js";
import {listenToKeys} from "./keys.js";
import {Classroom} from "./lesson.js";
import {PalettePanel} from "./palette.js";
import {PaletteFiles} from "./palettes.js";
import {Previews} from "./previews.js";
import {showRecipe} from "./recipe.js";
import {Sheet} from "./sheet.js";
import {Stage} from "./stage.js";
import {FIRST, History, editsOf, fromAddress, toAddress, wishOf} from "./state.js";
import {Figures} from "./figures.js";
import {TransferPanel} from "./transfer.js";

const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
const $ = id => document.getElementById(id);
const say = (text, isError = false) => {
  $("status").textContent = text;
  $("status").classList.toggle("error", isError);
};
const failed = error => say(error.message, true);

class Page {
  constructor(about, address) {
    this.about = about;
    this.clips = new Map(about.clips.map(clip => [clip.id, clip]));
    this.history = new History(FIRST);
    this.delays = [];
    this.stage = new Stage($("stage"));
    this.stage.onshow = () => this.showPalette();
    this.stage.onheat = () => this.heat();
    this.figures = new Figures(this.stage);
    this.controls = new Controls($("controls"), about,
      (part, live) => this.change(part, live), say);
    this.palette = new PalettePanel($("palette"), {
      recolor: (slot, what, live) => this.recolor(slot, what, live),
      lock: (hex, on) => this.lock(hex, on),
      only: slot => { this.film?.showOnly(slot); this.stage.repaint(); },
      pick: slot => this.pick(slot),
    });
    this.files = new PaletteFiles(about, this, {say, failed});
    this.transfer = new TransferPanel(this, {say, failed});
    this.sheet = new Sheet(this, {failed});
    this.classroom = new Classroom(this, {failed});
    this.exports = new ExportPanel(about, this, {failed});
    this.previews = new Previews({
      opened: film => this.opened(film),
      frame: (film, n) => this.framed(film, n),
      done: film => this.done(film),
      drafted: (record, film) => this.drafted(record, film),
      failed: error => this.refused(error),
    });
    this.buttons();
    listenToKeys(this);
    takeFiles(document.body, files => this.take(files), text => say(text, true));
    this.restore(address);
    addEventListener("hashchange", () => this.restore(location.hash.slice(1)));
  }

  get state() { return this.history.now; }

  buttons() {
    $("undo").addEventListener("click", () => this.go(-1));
    $("redo").addEventListener("click", () => this.go(1));
    for (const id of ["open", "choose"]) $(id).addEventListener("click", () => $("file").click());
    $("file").addEventListener("change", () => {
      this.take([...$("file").files]);
      $("file").value = "";
    });
    $("help").addEventListener("click", () => $("keys").showModal());
    for (const name of this.about.samples) {
      const button = Object.assign(document.createElement("button"), {textContent: name});
      button.addEventListener("click", () => this.open(() => api.sample(name), `Drawing the ${name}…`));
      $("samples").append(" ", button);
    }
  }

  /** Take an address, or the first clip of the command line. */
  restore(address) {
    let state = fromAddress(address);
    if (!this.clips.has(state.clip)) {
      const first = this.about.clips[0]?.id ?? null;
      if (state.clip !== null && !first) say("The clip of this address is gone; drop it again.", true);
      state = {...state, clip: this.state.clip ?? first};
    }
    if (!this.restored) this.history = new History(state);  // nothing to go back to
    this.restored = true;
    this.set(state);
  }

  /** Open what was dropped, chosen or pasted. */
  take(files) {
    if (!files.length) return;
    const file = files[0], suffix = /\.[^.]*$/.exec(file.name ?? "")?.[0].toLowerCase();
    if (suffix !== ".png" && this.about.palettes.includes(suffix)) return this.files.read(file);
    if (file.size > this.about.upload)
      return say(`${file.name} is over the limit of ${Math.floor(this.about.upload / 2 ** 20)} MB; --limit lets it in.`, true);
    return this.open(() => api.upload(file), `Opening ${file.name || "what was pasted"}…`);
  }

  async open(get, text) {
    say(text);
    document.body.setAttribute("aria-busy", "true");
    try {
      const clip = await get();
      this.clips.set(clip.id, clip);
      // Locks, palettes and settings stay; slots are others now.
      this.set({...this.state, clip: clip.id, begin: 0, start: 0, duration: null, recolor: {}, origins: {}, marks: []});
    } catch (error) {
      failed(error);
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  }

  /** Change a part of the state; while something is dragged only the frame on screen follows. */
  change(part, live = false) {
    const state = {...this.state, ...part};
    if ("quality" in part && Boolean(part.quality) !== Boolean(this.state.quality))
      Object.assign(state, this.usual(part.quality));
    if ("recolor" in part) Object.assign(state, {origins: {}, marks: []});
    else if (this.slotsOf(state) !== this.slotsOf(this.state)) Object.assign(state, this.marked(state));
    this.controls.show(state, this.isLong);
    if (live) {
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.set(state), 400);  // a drag that rests counts as a release
      if (state.clip) this.previews.look(state, this.stage.frame);
    } else {
      this.set(state);
    }
  }

  /** What is usual with a quality, all the colors a GIF has, and without one. */
  usual(quality) {
    const {colors, dither_strength, dithers} = this.about.thrifty;
    if (quality) return {colors, dither: dithers.at(-1), dither_strength};
    return {colors: FIRST.colors, dither: FIRST.dither, dither_strength: FIRST.dither_strength};
  }

  /** What slots depend on: how a transfer matches them is not of it. */
  slotsOf(state) {
    const {transfer, ...wish} = wishOf({...state, dither: "none"}, {edits: false});
    return JSON.stringify([state.clip, wish, transfer?.smooth]);
  }

  /** Edits as marks, where other slots come. */
  marked(state) {
    const frame = this.film?.frames[this.stage.frame];
    if (!frame) return {};
    const marks = [...state.marks, ...marksOf(state, frame.palette, this.stage.frame)];
    return {recolor: {}, origins: {}, marks};
  }

  /** Put the marks of the state on the slots of a film, once it has the frames that they are of. */
  follow(film) {
    const {state} = this, {marks} = state, last = film.complete ? film.frames.length - 1 : Infinity;
    const placeOf = at => Math.min(at, last);
    if (!marks.length || film.marks === marks || !marks.every(({at}) => film.frames[placeOf(at)])) return;
    const {recolor, origins, lost} = follow(marks, at => film.frames[placeOf(at)].palette);
    film.marks = lost;
    this.history.amend({...state, recolor: {...recolor, ...state.recolor}, origins, marks: lost});
    history.replaceState(null, "", "#" + toAddress(this.state));
    film.recolor(this.state.recolor);
    this.files.show(this.state);
  }

  set(state) {
    clearTimeout(this.rest);
    if (JSON.stringify(state) !== JSON.stringify(this.state)) this.history.push(state);
    if ($("status").classList.contains("error")) say("");
    this.show();
  }

  go(by) {
    clearTimeout(this.rest);
    this.history.go(by);
    say("");
    this.show();
  }

  /** Show the state. */
  show() {
    const state = this.state;
    history.replaceState(null, "", "#" + toAddress(state));
    $("undo").disabled = !this.history.canUndo;
    $("redo").disabled = !this.history.canRedo;
    const isOpen = Boolean(state.clip);
    $("empty").hidden = isOpen;
    for (const id of ["stage", "controls"]) $(id).hidden = !isOpen;
    this.controls.show(state, this.isLong);
    this.transfer.show(state);
    this.files.show(state);
    this.exports.show(state);
    if (!isOpen) return;
    this.showFacts();
    const film = this.previews.film(state);
    if (!film) return;
    this.ready(film);
    this.tell(film);
  }

  get clip() { return this.clips.get(this.state.clip); }
  get isLong() { return this.film?.totals ? !this.film.totals.whole || this.state.begin > 0 : false; }

  showFacts() {
    const {name, width, height, frames} = this.clip ?? {};
    $("facts").textContent = `${name}, ${width} × ${height}` + (frames ? `, ${frames} ${frames === 1 ? "frame" : "frames"}` : "");
    document.title = `${name} · steadyhue studio`;
  }

  opened(film) {
    film.recolor(this.state.recolor);
    this.coming = film;
    const isNew = this.film?.reading !== film.reading;
    if (isNew) this.delays = [];
    // The old film stays on screen until the frame that is looked at is there.
    if (isNew || !this.film) this.place(film);
    showRecipe(film.opening, editsOf(this.state));
    $("filled").hidden = false;
    $("filled").value = 0;
  }

  place(film) {
    this.film = film;
    film.recolor(this.state.recolor);
    const original = this.previews.original(this.state, film.width, film.height);
    this.stage.setFilms(film, [original, ...this.previews.earlier(this.state, film)], this.delays);
    this.showPalette();
  }

  framed(film, n) {
    if (film === this.coming) {
      this.follow(film);
      const count = Math.max(film.opening.frames ?? 0, this.delays.length, n + 1);
      $("filled").value = (n + 1) / count;
      if (n >= this.delays.length) {
        this.delays.push(film.frames[n].duration);
        this.stage.setDelays(this.delays);
      }
      if (film !== this.film && n >= this.stage.frame) this.place(film);
    }
    if ((film === this.film || film === this.stage.other) && n === this.stage.frame) this.stage.repaint();
    if (film === this.film && n % 8 === 0) this.stage.drawRibbon();
  }

  /** Show what is known of one frame: of a film that comes, or of what is dragged. */
  drafted(record, coming) {
    if (coming && coming === this.film) {
      if (!this.delays.length) this.stage.setDelays([record.duration]);
      this.stage.repaint();
      return;
    }
    const film = this.film, {number, indices} = record;
    if (coming || !film || indices.length !== film.pixels.length) return;
    this.draft = Object.assign(Object.create(Object.getPrototypeOf(film)), film, {frames: [], at: -1, edits: {}});
    this.draft.standIn = n => n === number ? this.previews.draft : null;
    this.stage.now = this.draft;
    this.stage.repaint();
    document.documentElement.dataset.drafts = +(document.documentElement.dataset.drafts ?? 0) + 1;
  }

  done(film) {
    if (film !== this.coming) return;
    this.coming = null;
    this.delays = film.frames.map(({duration}) => duration);
    this.ready(film);
    if (this.seen !== this.state.clip && !CALM) this.stage.play(true);
    this.seen = this.state.clip;
    this.tell(film);
  }

  /** Say what was measured, and what became of edits that found no slot. */
  tell(film) {
    if ($("status").classList.contains("error")) return;  // which stays until something else is asked for
    const {length} = film.frames, lost = this.state.marks.length;
    say(`${length} ${length === 1 ? "frame" : "frames"}. ${this.figures.sentence(film)}` + (lost
      ? ` ${lost} edited ${lost === 1 ? "color has" : "colors have"} no like among these; undo brings them back.` : ""));
  }

  /** Show a film that is complete. */
  ready(film) {
    $("filled").hidden = true;
    this.coming = null;
    this.delays = film.frames.map(({duration}) => duration);
    film.showOnly(null);
    this.follow(film);
    this.place(film);
    this.controls.show(this.state, this.isLong);
    this.figures.show(film, this.stage.others, this.clip, this.state);
    showRecipe(film.opening, editsOf(this.state));
    if (this.stage.root.classList.contains("hot")) this.heat();
    document.documentElement.dataset.ready = film.key;
  }

  refused(error) {
    $("filled").hidden = true;
    failed(error);
    if (error.status === 404) this.clips.delete(this.state.clip);
  }

  async heat() {
    const film = this.film;
    if (!film?.complete) return;
    try {
      const picture = await api.heat(this.state.clip, this.previews.asked(this.state));
      if (!picture || film !== this.film) return;
      URL.revokeObjectURL(this.stage.heat.src);
      this.stage.heat.src = URL.createObjectURL(picture);
    } catch (error) {
      failed(error);
    }
  }

  showPalette() {
    const frame = this.film?.frames[this.stage.frame] ?? this.previews?.draft;
    if (!frame) return;
    const more = this.film.opening?.reference ?? [];
    this.palette.show(frame, this.state, more, !this.state.reference && this.state.mode !== "fixed");
  }

  /** Show a slot in another color: here, at once, and in what is exported. */
  recolor(slot, what, live) {
    const recolor = {...this.state.recolor};
    const origins = {...this.state.origins};
    if (what === null) for (const edits of [recolor, origins]) delete edits[slot];
    else recolor[slot] = what;
    if (typeof shownAs(slot, recolor) === "number" && slot in recolor && loops(slot, recolor))
      return say(`Slot ${what} already takes the color of slot ${slot}.`, true);
    this.film.recolor(recolor);
    this.stage.repaint();
    this.stage.drawRibbon();
    if (!live) {
      this.history.push({...this.state, recolor, origins});
      history.replaceState(null, "", "#" + toAddress(this.state));
      $("undo").disabled = false;
      $("redo").disabled = true;
      showRecipe(this.film.opening, editsOf(this.state));
      this.figures.show(this.film, this.stage.others, this.clip, this.state);
      this.showPalette();
    }
  }

  lock(hex, on) {
    const keep = this.state.keep.filter(color => color !== hex);
    this.palette.choose(null);  // the color comes to another slot
    this.change({keep: on ? [...keep, hex] : keep});
    say(on ? `${hex} is in every palette from now on.` : `${hex} may go.`);
  }

  /** Take the next color that is clicked in the picture of A or B. */
  pick(slot) {
    const button = $("pick");
    button.hidden = false;
    button.focus();
    say("Click a color in the picture; Escape leaves it.");
    const end = () => { button.hidden = true; button.onclick = button.onkeydown = null; };
    button.onkeydown = event => { if (event.key === "Escape") end(); };
    button.onclick = event => {
      end();
      const box = button.getBoundingClientRect(), film = this.stage.others[0];
      const x = Math.floor((event.clientX - box.left) / box.width * film.width);
      const y = Math.floor((event.clientY - box.top) / box.height * film.height);
      film.show(this.stage.frame);
      const [r, g, b, a] = film.context.getImageData(x, y, 1, 1).data;
      if (a) this.recolor(slot, hexOf([r, g, b], 0), false);
    };
  }
}

function loops(slot, edits) {
  for (let steps = 0; steps <= 256; steps++) {
    if (typeof edits[slot] !== "number") return false;
    slot = edits[slot];
  }
  return true;
}

const address = api.enter();
try {
  const page = new Page(await api.start(), address);
  document.documentElement.dataset.started = page.about.version;
} catch (error) {
  failed(error);
}
