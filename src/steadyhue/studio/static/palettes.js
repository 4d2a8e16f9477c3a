// Palettes to use: those that everyone knows, those that a person keeps, files in and out.

import * as api from "./api.js";
import {colorsOf} from "./film.js";
import {save} from "./export.js";
import {PRESETS} from "./presets.js";

const $ = id => document.getElementById(id);

export class PaletteFiles {
  constructor(about, page, {say, failed}) {
    Object.assign(this, {page, say, failed, own: []});
    for (const suffix of about.palettes)
      $("palette-format").append(Object.assign(document.createElement("option"), {value: suffix, textContent: suffix.slice(1)}));
    $("preset").addEventListener("change", () => this.use($("preset").value));
    $("device").addEventListener("change", () => this.showDevice());
    $("palette-open").addEventListener("click", () => $("palette-file").click());
    $("palette-file").addEventListener("change", () => {
      if ($("palette-file").files[0]) this.read($("palette-file").files[0]);
      $("palette-file").value = "";
    });
    $("palette-save").addEventListener("click", () => this.save().catch(failed));
    $("palette-keep").addEventListener("click", () => this.keep().catch(failed));
    $("palette-reset").addEventListener("click", () => page.change({recolor: {}}));
    api.ownPalettes().then(own => { this.own = own; this.list(); }, failed);
    this.list();
  }

  list() {
    const option = (value, textContent) => Object.assign(document.createElement("option"), {value, textContent});
    const group = (label, entries, kind) => {
      const made = Object.assign(document.createElement("optgroup"), {label});
      made.append(...entries.map(({name}, n) => option(`${kind}-${n}`, name)));
      return made;
    };
    $("preset").replaceChildren(option("", "found in the clip"), group("Known", PRESETS, "known"),
      ...(this.own.length ? [group("Yours", this.own, "own")] : []), option("given", "given colors"));
    this.show(this.page.state ?? {});
  }

  show({palette, device, mode, reference, recolor = {}}) {
    const uses = mode === "fixed" && palette && !reference;
    const same = entry => JSON.stringify(entry.colors) === JSON.stringify(palette);
    const known = PRESETS.findIndex(same), own = this.own.findIndex(same);
    $("preset").value = !uses ? "" : known >= 0 ? `known-${known}` : own >= 0 ? `own-${own}` : "given";
    $("preset").querySelector("[value=given]").hidden = $("preset").value !== "given";
    $("device").parentElement.hidden = !(uses && device);
    if (!(uses && device)) $("device").checked = false;
    $("palette-reset").disabled = !Object.keys(recolor).length;
  }

  use(value) {
    const [kind, n] = value.split("-");
    if (!kind) return this.page.change({mode: "steady", palette: null, device: null, recolor: {}});
    if (kind === "given") return null;
    return this.give((kind === "known" ? PRESETS : this.own)[+n]);
  }

  give({colors, device = null}) {
    this.page.change({palette: colors, device, mode: "fixed", reference: null, recolor: {}});
  }

  async read(file) {
    try {
      const found = await api.readPalette(file);
      this.give(found);
      this.say(`${found.name}: ${found.colors.length} colors`);
    } catch (error) {
      this.failed(error);
    }
  }

  get colors() {
    const frame = this.page.film?.frames[this.page.stage.frame];
    return frame ? colorsOf(frame.palette, this.page.state.recolor) : [];
  }

  async save() {
    const suffix = $("palette-format").value;
    save(await api.writePalette(this.colors, suffix), `palette${suffix}`);
  }

  async keep() {
    const name = `${this.colors.length} of ${this.page.clip.name}`;
    this.own = [...this.own, {name, colors: this.colors}].slice(-100);
    await api.keepPalettes(this.own);
    this.list();
    this.say(`Kept as “${name}”.`);
  }

  /** Show the colors as they are sent to a panel, or as it shows them. */
  showDevice() {
    const {device, palette, recolor} = this.page.state;
    const sent = $("device").checked ? Object.fromEntries(device.map((color, slot) => [slot, color])) : {};
    this.page.film.recolor({...sent, ...recolor});
    this.page.stage.repaint();
    this.say($("device").checked ? "These colors are sent, and files have them." : `The panel shows these ${palette.length} colors.`);
  }
}
