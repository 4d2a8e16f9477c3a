// Palettes that are known. Of panels: what they show, as measured, and what they are sent.

export const PRESETS = [
  {name: "black and white", colors: ["#000000", "#ffffff"]},
  // Nintendo's DMG-01 as emulators show it.
  {name: "Game Boy", colors: ["#0f380f", "#306230", "#8bac0f", "#9bbc0f"]},
  {name: "CGA 1, bright", colors: ["#000000", "#55ffff", "#ff55ff", "#ffffff"]},
  {name: "EGA", colors: ["#000000", "#0000aa", "#00aa00", "#00aaaa", "#aa0000", "#aa00aa", "#aa5500", "#aaaaaa",
    "#555555", "#5555ff", "#55ff55", "#55ffff", "#ff5555", "#ff55ff", "#ffff55", "#ffffff"]},
  {name: "PICO-8", colors: ["#000000", "#1d2b53", "#7e2553", "#008751", "#ab5236", "#5f574f", "#c2c3c7", "#fff1e8",
    "#ff004d", "#ffa300", "#ffec27", "#00e436", "#29adff", "#83769c", "#ff77a8", "#ffccaa"]},
  // E Ink panels: shown colors as measured for the open-source converter epdoptimize.
  {name: "Spectra 6 panel", colors: ["#1f2226", "#b9c7c9", "#233f8e", "#35563a", "#62201e", "#c1bb1e"],
    device: ["#000000", "#ffffff", "#0000ff", "#00ff00", "#ff0000", "#ffff00"]},
  {name: "ACeP panel", colors: ["#191e21", "#f1f1f1", "#31318f", "#53a428", "#d20e13", "#b85e1c", "#f3cf11"],
    device: ["#000000", "#ffffff", "#0000ff", "#00ff00", "#ff0000", "#ff8000", "#ffff00"]},
];
