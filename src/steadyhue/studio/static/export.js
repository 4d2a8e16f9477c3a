// Exports: begun here, written by a process of their own, saved by the browser.

import * as api from "./api.js";
import {wishOf} from "./state.js";
import {kilobytes} from "./figures.js";

const NEEDS_VIDEO = ["mp4", "webm", "mkv"], EXACT = [...NEEDS_VIDEO, "png", "webp", "frames"];

const $ = id => document.getElementById(id);

/** Hand a file to the browser. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export class ExportPanel {
  constructor(about, page, {failed}) {
    this.page = page;
    this.failed = failed;
    this.hasVideo = about.video;
    for (const [value, textContent] of Object.entries(about.exports))
      $("format").append(Object.assign(document.createElement("option"), {value, textContent}));
    $("export-go").addEventListener("click", () => this.export());
    $("export-cancel").addEventListener("click", () => this.cancel());
    $("fit-go").addEventListener("click", () => this.fit());
  }

  /** Offer what can be made of a state: a quality is for GIFs, and for what is drawn from them. */
  show({quality, reference}) {
    const isThrifty = Boolean(quality) && !reference;
    for (const option of $("format").options)
      option.disabled = (NEEDS_VIDEO.includes(option.value) && !this.hasVideo) || (isThrifty && EXACT.includes(option.value));
    if ($("format").selectedOptions[0]?.disabled) $("format").value = "gif";
    $("fit-go").textContent = isThrifty ? "Find the quality for it" : "Find the colors for it";
  }

  async export() {
    const {state} = this.page;
    const found = await this.run({kind: $("format").value, wish: wishOf(state)});
    if (!found) return;
    save(await api.exportFile(found.id), found.name);
    $("export-said").textContent = [`${found.name}, ${kilobytes(found.bytes)}`, ...found.notes].join(". ");
  }

  /** Find the most colors whose GIF is no larger than asked, and take them. */
  async fit() {
    const bytes = Math.round(1000 * $("fit-size").value);
    const found = await this.run({kind: "fit", wish: wishOf({...this.page.state, recolor: {}}), bytes});
    if (!found) return;
    const {colors, quality, size} = found;
    $("export-said").textContent = (quality ? `quality ${quality} in ` : "")
      + `${colors} ${colors === 1 ? "color takes" : "colors take"} ${kilobytes(size)}.`;
    this.page.change(quality ? {colors, quality} : {colors});
  }

  /** Run an export to its end; return what it found, or null if it was canceled or failed. */
  async run(asked) {
    this.busy(true);
    try {
      const {id, name} = await api.beginExport(this.page.state.clip, asked);
      this.id = id;
      if (this.isCanceled) {
        await this.cancel();
        $("export-said").textContent = "Canceled.";
        return null;
      }
      const begun = performance.now();
      for await (const state of api.exportProgress(id)) {
        if (state.error) {
          $("export-said").textContent = state.error === "canceled" ? "Canceled." : state.error;
          return null;
        }
        if (state.done) return {...state, id, name};
        this.progress(state, (performance.now() - begun) / 1000);
      }
      $("export-said").textContent = "Canceled.";
      return null;
    } catch (error) {
      $("export-said").textContent = error.status === 404 ? "Canceled." : "";
      if (error.status !== 404) this.failed(error);
      return null;
    } finally {
      this.busy(false);
    }
  }

  progress({frames, total, tried}, seconds) {
    const bar = $("export-progress");
    if (tried) {
      bar.removeAttribute("value");
      const [colors, size] = Object.entries(tried).at(-1);
      $("export-said").textContent = `${colors} colors: ${kilobytes(size)}…`;
      return;
    }
    if (!frames) return;
    if (total) bar.value = frames / total;
    else bar.removeAttribute("value");
    const rate = frames / seconds;
    $("export-said").textContent = `frame ${frames}${total ? ` of ${total}` : ""}, ${rate.toFixed(0)} a second`
      + (total ? `, ${Math.ceil((total - frames) / rate)} s left` : "");
  }

  busy(on) {
    $("export-progress").hidden = !on;
    $("export-progress").value = 0;
    $("export-cancel").hidden = !on;
    for (const id of ["export-go", "fit-go"]) $(id).disabled = on;
    if (on) $("export-said").textContent = "Starting…";
    if (!on) this.id = null;
    this.isCanceled = false;
  }

  async cancel() {
    this.isCanceled = true;  // also where it has no id yet
    if (this.id) await api.cancelExport(this.id).catch(this.failed);
  }
}
