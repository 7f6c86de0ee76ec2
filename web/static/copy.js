/* Buttons that copy: data-copy names the element whose text is copied. Without this file the text can be selected. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      document.getElementById("copied").textContent = "Copied.";
    });
  }
})();
