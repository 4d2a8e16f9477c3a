// The figures of a page: players of the GIFs that are in it.

class Figure extends Player {
  constructor(root) {
    super(root);
    this.panels = [...root.querySelectorAll(".panel")];
  }

  /** Decode the GIFs: called when the figure first comes into view. */
  open() {
    const clips = this.panels.map(panel =>
      new GifCanvas(gifBytes(panel.dataset.gif), panel.querySelector("canvas")));
    this.listen();
    this.load(clips, clips.at(-1).frames.map(({delay}) => delay));
    this.open = () => {};
  }
}

const bytesOf = new Map();
function gifBytes(id) {
  if (!bytesOf.has(id)) {
    const text = atob(document.getElementById(id).textContent.trim());
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    bytesOf.set(id, bytes);
  }
  return bytesOf.get(id);
}

const figures = [...document.querySelectorAll(".figure:has(.panel)")].map(root => new Figure(root));
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let active = figures[0];  // the figure that keys speak to

const watch = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    const figure = figures.find(({root}) => root === target);
    figure.asleep = !isIntersecting;
    if (figure.asleep || figure.met) continue;
    figure.met = true;
    figure.open();
    if (!calm) figure.play(true);
  }
}, {rootMargin: "25%"});

for (const figure of figures) {
  watch.observe(figure.root);
  for (const event of ["focusin", "pointerdown", "pointerenter"])
    figure.root.addEventListener(event, () => { active = figure; });
}
figures[0]?.open();

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const tag = event.target.tagName, arrows = event.key.startsWith("Arrow") || event.key.length > 1;
  if (tag === "SELECT" || (tag === "BUTTON" && event.key === " ")) return;
  if (tag === "INPUT" && arrows) return;  // sliders have their own arrows
  active?.open();
  active?.key(event);
});

for (const link of document.querySelectorAll("[data-save]"))
  link.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([gifBytes(link.dataset.save)], {type: "image/gif"}));
    Object.assign(document.createElement("a"), {href: url, download: link.dataset.name}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });

document.documentElement.dataset.ready = Math.round(performance.now());
