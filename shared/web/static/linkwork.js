// What pages do better with JavaScript; every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

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
