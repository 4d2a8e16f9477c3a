// All talk with the server. The token came in the address, where no server ever sees it, and is
// sent with every request; it stays in this tab.

import {read} from "./stream.js";

const KEY = "steadyhue-token";
// A newer wish of this page stops its older one, not another's; requests may overtake each other.
const page = crypto.randomUUID();
let revision = 0;

/** What the server said no with: a sentence, and its status. 0 is no answer at all. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** Take the token out of the address, and return the rest of the fragment. */
export function enter() {
  const rest = [];
  for (const part of location.hash.slice(1).split("&"))
    if (part.startsWith("t=")) sessionStorage.setItem(KEY, part.slice(2));
    else if (part) rest.push(part);
  history.replaceState(null, "", location.pathname + (rest.length ? "#" + rest.join("&") : ""));
  return rest.join("&");
}

export const ENDED = "The studio has ended. Start it again, and open the address it shows.";

async function ask(method, path, {body, signal} = {}) {
  const headers = {Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}`};
  let answer;
  try {
    answer = await fetch("/api/" + path, {method, body, signal, headers});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, ENDED);
  }
  if (!answer.ok) throw new Refused(answer.status, await answer.text());
  return answer;
}

const json = value => JSON.stringify(value);
const named = file => encodeURIComponent(file.name || "pasted");

/** Ask what there is. Who came with a ticket, which is good for once, gets the token. */
export async function start() {
  const about = await (await ask("GET", "start")).json();
  if (about.token) sessionStorage.setItem(KEY, about.token);
  return about;
}
export const upload = async file =>
  (await ask("POST", `clips?name=${named(file)}`, {body: file})).json();
export const sample = async name => (await ask("POST", `samples/${name}`)).json();

/** Stream the records of a preview; a newer one of the same desk stops the older one. */
export async function* records(what, clip, asked, signal, desk = "") {
  const body = json({...asked, page: page + desk, revision: ++revision});
  const answer = await ask("POST", `clips/${clip}/${what}`, {body, signal});
  try {
    yield* read(answer.body);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, ENDED);
  }
}

/** Return the picture of what flickers, or null if a newer one was asked for. */
export async function heat(clip, asked) {
  const answer = await ask("POST", `clips/${clip}/heat`, {body: json({...asked, page: page + "-heat", revision: ++revision})});
  return answer.headers.get("Content-Type") === "image/png" ? answer.blob() : null;
}
export const lesson = async (clip, asked) =>
  (await ask("POST", `clips/${clip}/lesson`, {body: json({...asked, page: page + "-lesson", revision: ++revision})})).json();

export const readPalette = async file =>
  (await ask("POST", `palettes/read?name=${named(file)}`, {body: file})).json();
export const writePalette = async (colors, format) =>
  (await ask("POST", `palettes/write?format=${encodeURIComponent(format)}`, {body: json({colors})})).blob();
export const ownPalettes = async () => (await ask("GET", "palettes/own")).json();
export const keepPalettes = list => ask("PUT", "palettes/own", {body: json(list)});

export const beginExport = async (clip, asked) =>
  (await ask("POST", `clips/${clip}/exports`, {body: json(asked)})).json();
export const cancelExport = id => ask("DELETE", `exports/${id}`);
export const exportFile = async id => (await ask("GET", `exports/${id}/file`)).blob();

/** Yield how an export gets on. */
export async function* exportProgress(id) {
  const answer = await ask("GET", `exports/${id}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    const lines = (text + value).split("\n");
    text = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}
