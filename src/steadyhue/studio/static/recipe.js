// The same in a terminal and in Python: what the server said, with the colors of slots put in.

const quoted = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`;

/** Show the command and the Python of a film with edits. */
export function showRecipe({command, python}, edits) {
  const slots = Object.entries(edits);
  const recolor = slots.map(([slot, shown]) => `--recolor ${quoted(`${slot}=${shown}`)}`);
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  show("command", [command[0], ...recolor, command[1]].join(" "));
  const said = slots.map(([slot, shown]) => `${slot}: ${typeof shown === "number" ? shown : `'${shown}'`}`);
  const line = slots.length ? [`result = result.recolored({${said.join(", ")}})`] : [];
  show("python", [python[0], ...line, python[1]].join("\n"));
}

document.addEventListener("click", async event => {
  const id = event.target.dataset?.copy;
  if (!id) return;
  await navigator.clipboard.writeText(document.getElementById(id).textContent);
  event.target.textContent = "Copied";
  setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
});
