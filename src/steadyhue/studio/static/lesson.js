// How k-means works: the colors of the frame as dots, the centers as rings, a step at a time.

import * as api from "./api.js";
import {colorsOf} from "./film.js";

const PAUSE = 600;  // milliseconds between two steps: as long as an eye needs to follow
const $ = id => document.getElementById(id);

/** sRGB to OKLab: B. Ottosson, "A perceptual color space for image processing", 2020. */
export function oklab(hex) {
  const [r, g, b] = [1, 3, 5].map(at => {
    const level = parseInt(hex.slice(at, at + 2), 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export class Classroom {
  constructor(page, {failed}) {
    Object.assign(this, {page, failed});
    this.dialog = $("classroom");
    this.context = $("scatter").getContext("2d");
    $("lesson").addEventListener("click", () => this.open().catch(failed));
    $("step").addEventListener("input", () => { this.play(false); this.draw(); });
    $("step-play").addEventListener("click", () => this.play(!this.timer));
    for (const id of ["by-slot", "over-time"]) $(id).addEventListener("change", () => this.draw());
    this.dialog.addEventListener("close", () => this.play(false));
  }

  async open() {
    const {state, stage, previews} = this.page;
    this.found = await api.lesson(state.clip, {...previews.asked(state), at: stage.frame});
    $("step").max = this.found.steps.length - 1;
    $("step").value = 0;
    this.dialog.showModal();
    this.draw();
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    const button = $("step-play");
    button.textContent = on ? "Pause" : "Play";
    button.setAttribute("aria-pressed", on);
    if (!on) return;
    if (+$("step").value === this.found.steps.length - 1) $("step").value = 0;
    this.draw();
    this.timer = setInterval(() => {
      $("step").value = +$("step").value + 1;
      this.draw();
      if (+$("step").value === this.found.steps.length - 1) this.play(false);
    }, PAUSE);
  }

  /** Fit all dots and what is drawn over them into the picture. */
  place() {
    const paths = $("over-time").checked ? this.paths() : [];
    const all = [...this.found.points, ...this.found.steps.flatMap(step => step.centers), ...paths.flat()];
    const reach = Math.max(0.05, ...all.map(([, a, b]) => Math.max(Math.abs(a) / 1.5, Math.abs(b))));
    const {width, height} = $("scatter"), scale = (height / 2 - 30) / reach;
    return ([, a, b]) => [width / 2 + a * scale, height / 2 - b * scale];
  }

  /** The palette of every frame of the clip: a path a slot. */
  paths() {
    const slots = [];
    for (const {palette} of this.page.film.frames)
      colorsOf(palette).forEach((hex, slot) => (slots[slot] ??= []).push(oklab(hex)));
    return slots;
  }

  draw() {
    const {context} = this, {points, steps} = this.found, n = +$("step").value, step = steps[n];
    const {width, height} = context.canvas, at = this.place();
    const style = getComputedStyle(this.dialog);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = style.getPropertyValue("--line");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.moveTo(width / 2, 0);
    context.lineTo(width / 2, height);
    context.stroke();
    const most = Math.max(...points.map(point => point[3]));
    points.forEach((point, i) => {
      const [x, y] = at(point);
      context.fillStyle = $("by-slot").checked ? step.centers[step.labels[i]][3] : point[4];
      context.beginPath();
      context.arc(x, y, 2 + 12 * Math.sqrt(point[3] / most), 0, 2 * Math.PI);
      context.fill();
    });
    if ($("over-time").checked) this.drawPaths(at, style);
    step.centers.forEach((center, slot) => this.ring(at(center), center[3], slot, style));
    $("step").setAttribute("aria-valuetext", `step ${n} of ${steps.length - 1}`);
    $("classroom-said").textContent = n === 0
      ? `Start: ${step.centers.length} colors of the frame, drawn at random. Error ${step.error.toPrecision(3)}.`
      : `Step ${n} of ${steps.length - 1}. Error ${step.error.toPrecision(3)}, was ${steps[n - 1].error.toPrecision(3)}.`;
  }

  drawPaths(at, style) {
    const {context} = this;
    context.strokeStyle = style.color;
    context.lineWidth = 1.5;
    for (const path of this.paths()) {
      context.beginPath();
      path.forEach((lab, i) => context[i ? "lineTo" : "moveTo"](...at(lab)));
      context.stroke();
      const [x, y] = at(path.at(-1));
      context.fillStyle = style.color;
      context.fillRect(x - 3, y - 3, 6, 6);
    }
  }

  ring([x, y], hex, slot, style) {
    const {context} = this;
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.fillStyle = hex;
    context.fill();
    for (const [color, line] of [[style.backgroundColor, 5], [style.color, 2]]) {
      context.strokeStyle = color;
      context.lineWidth = line;
      context.stroke();
    }
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    context.lineWidth = 3;
    context.strokeStyle = style.backgroundColor;
    context.strokeText(slot, x, y - 16);
    context.fillStyle = style.color;
    context.fillText(slot, x, y - 16);
  }
}
