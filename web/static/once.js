/* A form that posts is sent once: a second click while the answer is awaited would be told that all is done already. */
(() => {
  "use strict";
  const AGAIN = 10000; // milliseconds until it may be sent again where no answer has come, or one that is a file
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), AGAIN);
    addEventListener("pageshow", () => sent.delete(form), { once: true });
  });
})();
