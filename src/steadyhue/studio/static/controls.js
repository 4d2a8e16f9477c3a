// The controls: what they say goes into the state, and what the state says shows in them.

const WORDS = {
  steadiness: value => value <= 0.1 ? "truest" : value < 0.45 ? "truer" : value <= 0.55 ? "balanced"
    : value < 0.95 ? "stiller" : "stillest",
  dither_strength: value => `${Math.round(100 * value)} %`,
  spread: value => value === 0 ? "like shades" : value === 1 ? "all of them" : `${Math.round(100 * value)} %`,
};
const MODES = {
  steady: "steady, the default", seeded: "seeded: they creep", independent: "independent: they flicker",
  global: "global: one for all", fixed: "given colors",
};
const NUMBERS = ["colors", "seed", "quality", "width", "height", "fps", "start", "duration", "begin",
  "steadiness", "dither_strength", "spread"];
const SECONDS = ["start", "duration", "begin"];  // of the fields; the state has milliseconds
const MAY_BE_EMPTY = {quality: null, width: null, height: null, fps: null, duration: null, start: 0, begin: 0};

const option = (value, text = value) => Object.assign(document.createElement("option"), {value, textContent: text});

export class Controls {
  /** `change(part, live)` is called with what a control says: live while it is dragged. */
  constructor(form, about, change, say) {
    const {words} = about;
    this.say = say;
    this.form = form;
    this.about = about;
    this.change = change;
    const fill = (name, values, titles = {}) =>
      form.elements[name].append(...values.map(value => option(value, titles[value] ?? value)));
    fill("mode", words.mode, MODES);
    for (const name of ["space", "distance", "dither", "match", "fit"]) fill(name, words[name]);
    form.addEventListener("submit", event => event.preventDefault());
    form.addEventListener("input", event => this.took(event.target, true));
    form.addEventListener("change", event => this.took(event.target, false));
  }

  took(control, live) {
    const name = control.name === "colors-range" ? "colors" : control.name;
    if (!name || (live && control.type !== "range")) return;
    const value = this.valueOf(control, name);
    if (value === undefined) {
      control.setAttribute("aria-invalid", "true");
      const label = control.getAttribute("aria-label") ?? control.labels[0]?.textContent;
      if (!live) this.say(`${label}: ${control.validationMessage}`, true);
      return;
    }
    control.removeAttribute("aria-invalid");
    this.change({[name]: value}, live);
  }

  /** What a control says; undefined if that is nothing that can be. */
  valueOf(control, name) {
    if (control.type === "checkbox") return control.checked;
    if (!NUMBERS.includes(name)) return control.value;
    if (control.value === "") return control.validity.badInput ? undefined : MAY_BE_EMPTY[name];
    if (!control.validity.valid) return undefined;
    return SECONDS.includes(name) ? Math.round(1000 * control.value) : +control.value;
  }

  /** Show a state; `isLong` says whether a clip is previewed in part. */
  show(state, isLong) {
    for (const control of this.form.elements) {
      const name = control.name === "colors-range" ? "colors" : control.name;
      if (!(name in state)) continue;
      const value = state[name];
      if (control.type === "checkbox") control.checked = value;
      else if (document.activeElement !== control || control.type !== "number")
        control.value = SECONDS.includes(name) ? (value === null ? "" : value / 1000) : value ?? "";
      if (control.type === "range") {
        const said = WORDS[name]?.(value);
        if (control.nextElementSibling?.tagName === "OUTPUT") control.nextElementSibling.value = said;
        control.setAttribute("aria-valuetext", said ?? `${value} colors`);
      }
    }
    const transfers = Boolean(state.reference);
    const shown = {
      steady: state.mode === "steady" && !transfers && !state.quality, quality: !transfers, dither: state.dither !== "none", long: isLong,
      transfer: transfers, tone: state.match === "tone", global: !["steady", "seeded"].includes(state.mode),
    };
    for (const part of this.form.querySelectorAll("[data-for]")) part.hidden = !shown[part.dataset.for];
    for (const choice of this.form.elements.mode.options)
      choice.disabled = choice.value === "fixed" ? !state.palette : choice.value === "independent" && transfers;
    for (const choice of this.form.elements.dither.options)
      choice.disabled = Boolean(state.quality) && !transfers && !this.about.thrifty.dithers.includes(choice.value);
    for (const name of ["colors", "colors-range"])
      this.form.elements[name].disabled = state.mode === "fixed" && Boolean(state.palette) && !transfers;
  }
}
