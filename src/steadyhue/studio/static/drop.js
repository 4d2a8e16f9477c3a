// Files from outside: dropped, or pasted.

export function takeFiles(root, take, refuse) {
  const over = on => root.classList.toggle("over", on);
  root.addEventListener("dragover", event => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  root.addEventListener("dragleave", event => { if (!event.relatedTarget) over(false); });
  root.addEventListener("drop", event => {
    if (event.defaultPrevented) return over(false);
    event.preventDefault();
    over(false);
    const files = [...event.dataTransfer.files];
    if (files.length) take(files);
    else refuse("Drop a file: addresses of pictures are not followed.");
  });
  document.addEventListener("paste", event => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}
