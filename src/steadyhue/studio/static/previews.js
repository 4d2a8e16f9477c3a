// Previews: films of wishes, as they come in. A newer wish stops the older one; what was seen
// lately is kept, so that going back asks nobody.

import * as api from "./api.js";
import {Film} from "./film.js";
import {wishOf} from "./state.js";

const KEPT = 8, KEPT_BYTES = 256e6;
const MODES = {independent: "independent", seeded: "seeded", steady: "steady", global: "global", fixed: "given colors"};

export const titleOf = state => {
  const parts = [state.mode === "fixed" && state.palette ? `${state.palette.length} colors` : `${state.colors} colors`];
  parts.push(state.reference ? `like ${state.reference.name}` : MODES[state.mode]);
  if (state.dither !== "none") parts.push(state.dither);
  if (state.quality && !state.reference) parts.push(`quality ${state.quality}`);
  return parts.join(", ");
};

/** What a preview depends on: all but the colors that slots are shown in. */
export const keyOf = state => JSON.stringify([state.clip, wishOf(state, {edits: false}), state.begin]);
const readingOf = state => JSON.stringify([state.clip, state.width, state.height, state.fit, state.fps,
  state.start, state.duration, state.begin]);

export class Previews {
  /** `tell` has frame(film, n), done(film), failed(error), drafted(film). */
  constructor(tell) {
    this.tell = tell;
    this.films = new Map();      // by key, the one seen last at the end
    this.originals = new Map();  // by reading
    this.draft = null;
  }

  asked(state) {
    return {wish: wishOf(state, {edits: false}), begin: state.begin ?? 0};
  }

  /** Return the film of a state if it is here, else begin it. */
  film(state) {
    this.controller?.abort();
    this.lookController?.abort();  // what was dragged is let go
    this.wanted = this.draft = null;
    const key = keyOf(state), known = this.films.get(key);
    if (known?.complete) {
      this.films.delete(key);
      this.films.set(key, known);
      return known;
    }
    this.begin(state, key);
    return null;
  }

  async begin(state, key) {
    const controller = this.controller = new AbortController();
    let film = null;
    try {
      for await (const record of api.records("preview", state.clip, this.asked(state), controller.signal)) {
        if (controller.signal.aborted) return;
        if (record.json?.width) {
          film = Object.assign(new Film(titleOf(state), record.json.width, record.json.height),
            {key, reading: readingOf(state), opening: record.json});
          film.standIn = n => this.draft?.number === n ? this.draft : null;
          this.tell.opened(film);
        } else if (record.json?.totals) {
          film.totals = record.json.totals;
          film.notes = record.json.notes;
          film.complete = true;
          this.keep(film);
          this.tell.done(film);
        } else if (record.json?.error) {
          throw new api.Refused(422, record.json.error);
        } else if (record.json) {
          return;  // something newer was asked for
        } else if (record.isDraft) {
          this.draft = record;
          this.tell.drafted(record, film);
        } else {
          film.frames[record.number] = record;
          this.tell.frame(film, record.number);
        }
      }
      if (!film?.complete && !controller.signal.aborted)
        throw new api.Refused(0, api.ENDED);
    } catch (error) {
      if (error.name !== "AbortError" && !controller.signal.aborted) this.tell.failed(error);
    }
  }

  keep(film) {
    this.films.set(film.key, film);
    const sum = () => [...this.films.values()].reduce((total, {bytes}) => total + bytes, 0);
    while (this.films.size > 1 && (this.films.size > KEPT || sum() > KEPT_BYTES))
      this.films.delete(this.films.keys().next().value);
  }

  /** Show one frame of a wish at once, while it is dragged: the newest wins. */
  async look(state, at) {
    this.wanted = {state, at};
    if (this.looking) return;
    this.looking = true;
    this.controller?.abort();
    const controller = this.lookController = new AbortController();
    try {
      while (this.wanted) {
        const {state, at} = this.wanted;
        this.wanted = null;
        for await (const record of api.records("look", state.clip, {...this.asked(state), at}, controller.signal))
          if (record.indices) this.draft = record;
        if (controller.signal.aborted) return;
        if (this.draft) this.tell.drafted(this.draft, null);
      }
    } catch (error) {
      if (error.name !== "AbortError") this.tell.failed(error);
    } finally {
      this.looking = false;
      if (this.wanted) this.look(this.wanted.state, this.wanted.at);  // it came while this was let go
    }
  }

  /** Return the film of the frames as they were read; it fills in. */
  original(state, width, height) {
    const key = readingOf(state);
    let film = this.originals.get(key);
    if (film?.width === width) return film;
    this.originalController?.abort();
    this.originals.clear();  // pictures of many colors take much memory
    film = Object.assign(new Film("original", width, height), {key: "original"});
    this.originals.set(key, film);
    const controller = this.originalController = new AbortController();
    const fill = async () => {
      try {
        for await (const record of api.records("original", state.clip, this.asked(state), controller.signal, "-original"))
          if (!record.json) {
            film.frames[record.number] = record;
            this.tell.frame(film, record.number);
          }
        film.complete = true;
      } catch (error) {
        this.originals.delete(key);
        if (error.name !== "AbortError") this.tell.failed(error);
      }
    };
    fill();
    return film;
  }

  /** Films of this reading to compare with, the newest first. */
  earlier(state, but) {
    const reading = readingOf(state);
    return [...this.films.values()].filter(film => film !== but && film.reading === reading).reverse();
  }
}
