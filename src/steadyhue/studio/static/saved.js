// A page that was saved: the films are in it, and colors are edited without anybody's help.

import {read} from "./stream.js";
import {Film} from "./film.js";
import {PalettePanel} from "./palette.js";
import {Stage} from "./stage.js";

async function filmOf({title, records, edits, width, height}, key) {
  const film = Object.assign(new Film(title, width, height), {key});
  const bytes = Uint8Array.from(atob(records), letter => letter.charCodeAt(0));
  for await (const frame of read(new Blob([bytes]).stream())) film.frames[frame.number] = frame;
  film.recolor(edits);
  return film;
}

async function openSaved() {
  const {textContent} = document.getElementById("films");
  const [film, source] = await Promise.all(JSON.parse(textContent).map(filmOf));
  const stage = new Stage(document.getElementById("stage"));
  let edits = film.edits;
  const repaint = () => {
    film.recolor(edits);
    stage.repaint();
    stage.drawRibbon();
  };
  const panel = new PalettePanel(document.getElementById("palette"), {
    recolor: (slot, what) => {
      edits = {...edits};
      if (what === null) delete edits[slot];
      else edits[slot] = what;
      repaint();
    },
    only: slot => { film.showOnly(slot); stage.repaint(); },
    lock: () => {},
    pick: () => {},
  });
  panel.isSaved = true;
  stage.onshow = n => panel.show(film.frames[n], {recolor: edits, keep: [], colors: 0}, [], false);
  document.getElementById("palette-reset").addEventListener("click", () => { edits = {}; repaint(); });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const {tagName, type} = event.target, isMoving = event.key.length > 1;
    if (tagName === "SELECT" || type === "text" || (tagName === "BUTTON" && event.key === " ")) return;
    if (tagName === "INPUT" && isMoving) return;
    stage.key(event);
  });
  stage.setFilms(film, [source], film.frames.map(({duration}) => duration));
  document.documentElement.dataset.ready = "saved";
}

openSaved();
