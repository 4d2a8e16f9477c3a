// What was measured: of what is shown, and of what it is compared with.

export const percent = share => share >= 0.1 ? `${(100 * share).toFixed(1)} %` : `${(100 * share).toFixed(2)} %`;
export const kilobytes = bytes =>
  bytes < 1e6 ? `${Number((bytes / 1000).toPrecision(3))} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
const error = value => value >= 10 ? value.toFixed(0) : Number(value.toPrecision(2)).toString();

export class Figures {
  constructor(stage) {
    this.stage = stage;
    this.table = document.querySelector("#figures tbody");
    this.worst = document.getElementById("worst");
    this.scope = document.getElementById("scope");
    this.warning = document.getElementById("flashing");
    this.warning.querySelector("button").addEventListener("click", () => {
      this.allowed = this.film;
      this.warning.hidden = true;
      stage.play(true);
    });
    stage.refuses = () => {
      if (!this.isFlashing || this.allowed === this.film) return false;
      this.warning.hidden = false;
      return true;
    };
    stage.find("a").addEventListener("change", () => this.show(...this.shown));
  }

  get isFlashing() { return (this.film?.totals?.flashes ?? 0) > 3; }

  sentence({totals}) {
    return `${kilobytes(totals.bytes)}, error ${error(totals.error)}, ${percent(totals.flicker)} of still pixels repainted.`;
  }

  show(film, others, clip, state) {
    this.shown = [film, others, clip, state];
    this.film = film;
    const edited = Object.keys(state.recolor).length > 0;
    const cells = ({totals}) => [kilobytes(totals.bytes), error(totals.error), percent(totals.flicker),
      totals.worst.length ? percent(totals.worst[0].repainted) : "none"];
    const row = (title, values) => {
      const made = document.createElement("tr");
      made.append(Object.assign(document.createElement("th"), {textContent: title, scope: "row"}),
        ...values.map(value => Object.assign(document.createElement("td"), {textContent: value})));
      return made;
    };
    const other = this.stage.other;
    this.table.replaceChildren(
      row("B, now", cells(film)),
      other?.totals ? row(`A, ${other.title}`, cells(other))
        : row("A, original", [`${kilobytes(clip.bytes)} (the file)`, "0", "none", "none"]));
    const {width, height, opening, totals} = film, [wide, high] = opening.full;
    const parts = [];
    if (wide !== width || high !== height) parts.push(`at ${width} × ${height} of ${wide} × ${high} pixels`);
    if (!totals.whole) parts.push(`of ${film.frames.length} frames of the clip`);
    this.scope.textContent = (parts.length ? `This is a preview ${parts.join(", ")}; files are made of all of it. ` : "")
      + (edited ? "The figures are those before slots were recolored. " : "") + film.notes.join(" ");
    this.worst.replaceChildren(...(totals.worst.length ? ["Worst moments: "] : []), ...totals.worst.map(({frame, repainted}) => {
      const button = Object.assign(document.createElement("button"),
        {type: "button", textContent: `frame ${frame + 1}: ${percent(repainted)}`});
      button.addEventListener("click", () => { this.stage.play(false); this.stage.show(frame); });
      return button;
    }));
    if (this.isFlashing && this.stage.playing && this.allowed !== film) {
      this.stage.play(false);
      this.warning.hidden = false;
    }
    if (!this.isFlashing) this.warning.hidden = true;
  }
}
