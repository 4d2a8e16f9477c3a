// One figure of the page: players in step, a scrubber, a slider between any two.

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];

class Figure {
  constructor(root) {
    this.root = root;
    this.find = name => root.querySelector(`[data-part="${name}"]`);
    this.panels = [...root.querySelectorAll(".panel")];
    this.frame = 0;
    this.speed = 1;
    this.zoom = 0;
    this.playing = false;
  }

  /** Decode the GIFs: called when the figure first comes into view. */
  open() {
    this.clips = this.panels.map(panel =>
      new GifCanvas(gifBytes(panel.dataset.gif), panel.querySelector("canvas")));
    const frames = this.clips.at(-1).frames;
    this.count = frames.length;
    this.starts = [0];  // browsers show a delay of 0 or 1 hundredth as 10
    for (const {delay} of frames) this.starts.push(this.starts.at(-1) + (delay < 20 ? 100 : delay));
    this.scrubber = this.find("scrubber");
    this.scrubber.max = this.count - 1;
    this.listen();
    this.show(0);
    this.open = () => {};
  }

  listen() {
    const on = (name, event, act) => this.find(name)?.addEventListener(event, act);
    on("play", "click", () => this.play(!this.playing));
    on("back", "click", () => this.step(-1));
    on("forward", "click", () => this.step(1));
    on("scrubber", "input", () => { this.play(false); this.show(+this.scrubber.value); });
    on("speed", "change", event => { this.setSpeed(+event.target.value); });
    on("zoom", "change", event => this.setZoom(+event.target.value));
    on("heat", "click", () => this.toggleHeat());
    on("compare", "click", () => this.toggleCompare());
    on("a", "change", () => this.paintPair());
    on("b", "change", () => this.paintPair());
    on("wipe", "input", () => this.wipe());
    for (const panel of this.panels) {
      const ribbon = panel.querySelector(".ribbon"), screen = panel.querySelector(".screen");
      const seek = event => {
        if (event.type === "pointermove" && !event.buttons) return;
        const box = ribbon.getBoundingClientRect();
        this.play(false);
        this.seek((event.clientX - box.left) / box.width * this.starts.at(-1));
      };
      ribbon?.addEventListener("pointerdown", seek);
      ribbon?.addEventListener("pointermove", seek);
      screen.addEventListener("scroll", () => this.scroll(screen));
    }
  }

  show(n) {
    this.frame = Math.max(0, Math.min(n, this.count - 1));
    for (const clip of this.clips) clip.show(this.frame);
    const time = this.starts[this.frame], total = this.starts.at(-1);
    this.root.style.setProperty("--played", `${100 * (time + this.starts[this.frame + 1]) / 2 / total}%`);
    this.scrubber.value = this.frame;
    this.scrubber.setAttribute("aria-valuetext", `frame ${this.frame + 1} of ${this.count}`);
    this.find("clock").textContent =
      `${this.frame + 1} / ${this.count}   ${(time / 1000).toFixed(2)} s`;
    this.paintPair();
  }

  step(by) {
    this.play(false);
    this.show((this.frame + by + this.count) % this.count);
  }

  seek(time) {
    let n = 0;
    while (n < this.count - 1 && this.starts[n + 1] <= time) n++;
    if (n !== this.frame) this.show(n);
  }

  play(on) {
    if (on === this.playing || (on && this.count < 2)) return;
    this.playing = on;
    const button = this.find("play");
    button.setAttribute("aria-pressed", on);
    button.setAttribute("aria-label", on ? "Pause" : "Play");
    if (!on) return;
    let time = this.starts[this.frame], last = performance.now();
    const tick = now => {
      if (!this.playing) return;
      time = (time + Math.min(now - last, 500) * this.speed) % this.starts.at(-1);
      last = now;
      if (!this.asleep) this.seek(time);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  setSpeed(speed) {
    this.speed = speed;
    this.find("speed").value = speed;
  }

  setZoom(zoom) {  // 0 fits the panel
    this.zoom = zoom;
    this.find("zoom").value = zoom;
    this.root.classList.toggle("zoomed", zoom > 0);
    this.root.style.setProperty("--width", `${zoom * this.clips[0].width}px`);
  }

  scroll(screen) {
    for (const other of this.root.querySelectorAll(".screen")) {
      other.scrollLeft = screen.scrollLeft;
      other.scrollTop = screen.scrollTop;
    }
  }

  toggleHeat() {
    const on = this.root.classList.toggle("hot");
    this.find("heat")?.setAttribute("aria-pressed", on);
  }

  toggleCompare() {
    const pair = this.find("pair");
    if (!pair) return;
    pair.hidden = !pair.hidden;
    this.find("compare").setAttribute("aria-pressed", !pair.hidden);
    this.paintPair();
    this.wipe();
  }

  /** Paint the two clips of the slider: A at the left of the line, B at its right. */
  paintPair() {
    const pair = this.find("pair");
    if (!pair || pair.hidden) return;
    for (const name of ["a", "b"]) {
      const canvas = this.find(`canvas-${name}`), clip = this.clips[+this.find(name).value];
      canvas.width = clip.width;
      canvas.height = clip.height;
      canvas.getContext("2d").drawImage(clip.canvas, 0, 0);
      canvas.dataset.frame = this.frame;
    }
  }

  wipe() {
    this.find("pair").style.setProperty("--wipe", `${this.find("wipe").value}%`);
  }

  key(event) {
    const speeds = SPEEDS.indexOf(this.speed);
    const keys = {
      " ": () => this.play(!this.playing),
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Home: () => { this.play(false); this.show(0); },
      End: () => { this.play(false); this.show(this.count - 1); },
      "+": () => this.setZoom(Math.min(this.zoom + 1, 4)),
      "=": () => this.setZoom(Math.min(this.zoom + 1, 4)),
      "-": () => this.setZoom(Math.max(this.zoom - 1, 0)),
      "[": () => this.setSpeed(SPEEDS[Math.max(speeds - 1, 0)]),
      "]": () => this.setSpeed(SPEEDS[Math.min(speeds + 1, SPEEDS.length - 1)]),
      h: () => this.toggleHeat(),
      c: () => this.toggleCompare(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
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
