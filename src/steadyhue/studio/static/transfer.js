// Transfer: the colors of another picture, dropped beside the clip.

import * as api from "./api.js";

const $ = id => document.getElementById(id);

export class TransferPanel {
  constructor(page, {say, failed}) {
    Object.assign(this, {page, say, failed});
    const zone = $("transfer");
    zone.addEventListener("drop", event => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      this.take(file);
    });
    $("reference-open").addEventListener("click", () => $("reference-file").click());
    $("reference-file").addEventListener("change", () => {
      if ($("reference-file").files[0]) this.take($("reference-file").files[0]);
      $("reference-file").value = "";
    });
    $("reference-drop").addEventListener("click", () => page.change({reference: null, mode: "steady", recolor: {}}));
  }

  async take(file) {
    this.say(`Opening ${file.name}…`);
    try {
      const suffix = /\.[^.]*$/.exec(file.name ?? "")?.[0].toLowerCase();
      const isPalette = suffix !== ".png" && this.page.about.palettes.includes(suffix);
      const reference = isPalette ? await api.readPalette(file) : await api.upload(file);
      const {id, colors, name} = reference;
      this.page.change({reference: id ? {id, name} : {colors, name}, mode: "global", recolor: {}});
    } catch (error) {
      this.failed(error);
    }
  }

  show({reference}) {
    $("reference-drop").hidden = !reference;
    $("reference").firstChild.textContent = reference ? `In the colors of ${reference.name}. ` : "Drop a picture or clip here, or ";
    $("reference-open").textContent = reference ? "Choose another…" : "choose one…";
  }
}
