// Keys, off while something is typed.

const TYPED = ["number", "text", "search"];

export function listenToKeys(page) {
  const keys = {
    z: () => page.go(-1), Z: () => page.go(1),
    o: () => document.getElementById("file").click(),
    "?": () => document.getElementById("keys").showModal(),
  };
  document.addEventListener("keydown", event => {
    const {target, key} = event, tag = target.tagName;
    if (document.querySelector("dialog[open]")) return;
    const isTyped = tag === "TEXTAREA" || (tag === "INPUT" && TYPED.includes(target.type));
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && !isTyped) {
      event.preventDefault();
      page.go(event.shiftKey ? 1 : -1);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped) return;
    if (keys[key]) {
      event.preventDefault();
      keys[key]();
      return;
    }
    if (!page.film) return;
    if (key === "f" && !event.repeat) return page.stage.flip(true);
    const isMoving = key.startsWith("Arrow") || key.length > 1;
    if (tag === "SELECT" || (["BUTTON", "INPUT", "SUMMARY"].includes(tag) && key === " ")) return;
    if (tag === "INPUT" && isMoving) return;  // sliders have their own arrows
    page.stage.key(event);
  });
  document.addEventListener("keyup", event => {
    if (event.key === "f" && page.stage.flipped) page.stage.flip(false);
  });
}
