// What pages do better with JavaScript; every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

// Questions that belong to a choice are shown by linkwork.css (:has), with or without JavaScript. The NHS
// script would put aria-expanded on radios, where ARIA does not allow it, so it is not told of them.
for (const choice of document.querySelectorAll("[data-aria-controls]")) {
  document
    .getElementById(choice.getAttribute("data-aria-controls"))
    ?.classList.remove("nhsuk-radios__conditional--hidden", "nhsuk-checkboxes__conditional--hidden");
  choice.removeAttribute("data-aria-controls");
}

initAll();

// Leaving by "Exit this page" also takes this page out of the Back button's way.
for (const link of document.querySelectorAll("[data-exit-this-page]")) {
  const leave = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    document.title = "";
    window.location.replace(link.href);
  };
  link.addEventListener("click", leave);
  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < 3000), now];
    if (presses.length === 3) leave(event);
  });
}

// A text to paste elsewhere stands in a read-only box; a button that copies it is shown where that works.
for (const button of document.querySelectorAll("[data-copies]")) {
  const box = document.getElementById(button.dataset.copies);
  if (!box || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(box.value);
      said.textContent = "Copied.";
    } catch {
      box.select();
      said.textContent = "Not copied: press Ctrl and C.";
    }
  });
}
