// What a page can do without is done without: this only saves clicks.
"use strict";
for (const list of document.querySelectorAll("select[name=to]")) {
  list.addEventListener("change", () => {
    const to = list.value;
    if (to.startsWith("/") && !to.startsWith("//")) location.assign(to);
  });
}
// Copies a text; where the browser doesn't let pages do that (plain http), the
// text is marked, to be copied by key.
const said = document.getElementById("said");
for (const button of document.querySelectorAll("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  if (!text || !said) continue;
  button.hidden = false;
  const tell = (words) => {
    button.textContent = words;
    said.textContent = words;
  };
  const mark = () => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    tell(done ? said.dataset.copied : said.dataset.marked);
  };
  button.addEventListener("click", () => {
    if (!navigator.clipboard) return mark();
    navigator.clipboard.writeText(text.textContent).then(() => tell(said.dataset.copied), mark);
  });
}
