// Clips in step: a scrubber, keys, zoom, ribbons to seek on, a slider between any two. The compare
// pages and the studio share it.

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];

export class Player {
  constructor(root) {
    this.root = root;
    this.find = name => root.querySelector(`[data-part="${name}"]`);
    this.clips = [];
    this.starts = [0, 100];
    this.count = 1;
    this.frame = 0;
    this.speed = 1;
    this.zoom = 0;
    this.playing = false;
  }

  /** Play clips, each with a canvas and `show(n)`, whose frames last so many milliseconds. */
  load(clips, delays) {
    this.clips = clips;
    this.setDelays(delays);
    this.show(Math.min(this.frame, this.count - 1));
  }

  setDelays(delays) {
    this.count = Math.max(delays.length, 1);
    this.starts = [0];  // browsers show a delay of 0 or 1 hundredth as 10
    for (const delay of delays) this.starts.push(this.starts.at(-1) + (delay < 20 ? 100 : delay));
    if (!delays.length) this.starts.push(100);
    this.scrubber = this.find("scrubber");
    this.scrubber.max = this.count - 1;
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
    for (const ribbon of this.root.querySelectorAll(".ribbon")) {
      const seek = event => {
        if (event.type === "pointermove" && !event.buttons) return;
        const box = ribbon.getBoundingClientRect();
        this.play(false);
        this.seek((event.clientX - box.left) / box.width * this.starts.at(-1));
      };
      ribbon.addEventListener("pointerdown", seek);
      ribbon.addEventListener("pointermove", seek);
    }
    for (const screen of this.root.querySelectorAll(".screen"))
      screen.addEventListener("scroll", () => this.scroll(screen));
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
