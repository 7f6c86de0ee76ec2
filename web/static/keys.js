/* Keys for lists and pages (they can be switched off in Me). Everything that a key does has a link or a button.
   / search · Ctrl-K palette · ? this list · g d go · j k move · o open · e acknowledge · s snooze · d done · w why
   Escape closes the menu that has the focus.
   A list marks its rows with data-row, and in them the links and buttons with data-key="o", "e", "s", "d", "w". */
(() => {
  "use strict";
  const KEYS = [
    ["/", "Search"], ["Ctrl K", "Go to any page"], ["?", "Show these keys"], ["g then d", "Go to the deadlines"],
    ["j, k", "Next, previous row"], ["o", "Open the row"], ["e", "Acknowledge"], ["s", "Snooze"], ["d", "Done"], ["w", "Why this date"],
  ];
  let isGoing = false;

  const made = (name, text, put = {}) => {
    const one = Object.assign(document.createElement(name), put);
    if (text) one.textContent = text;
    return one;
  };
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const here = () => document.querySelector("[data-row].here");

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = Math.min(Math.max(all.indexOf(here()) + step, 0), all.length - 1);
    here()?.classList.remove("here");
    all[at].classList.add("here");
    const first = all[at].querySelector("[data-key='o'], a, button");
    if (first) first.focus();
    all[at].scrollIntoView({ block: "nearest" });
  }

  // In a list a key means the row that was moved to; before that nothing, for nobody has seen which one it would be.
  function act(key) {
    const place = here() || (rows().length > 1 ? null : document);
    const found = place?.querySelector(`[data-key="${key}"]${key === "o" ? ", [data-open]" : ""}`);
    if (!found) return false;
    const drawer = found.tagName === "SUMMARY" ? found.parentElement : found;
    if (drawer.tagName === "DETAILS") {
      drawer.open = true;
      drawer.querySelector("input:not([type=hidden]), select, textarea, summary ~ * button")?.focus();
    } else found.click();
    return true;
  }

  function sheet(title, filled) {
    document.querySelector("dialog.sheet")?.remove();
    const dialog = made("dialog", "", { className: "sheet" });
    dialog.setAttribute("aria-label", title);
    dialog.append(made("h2", title), ...filled);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  function help() {
    const list = made("dl", "", { className: "keys" });
    for (const [key, words] of KEYS) {
      const row = made("div");
      const term = made("dt");
      term.append(made("kbd", key));
      row.append(term, made("dd", words));
      list.append(row);
    }
    const close = made("button", "Close", { type: "button" });
    const dialog = sheet("Keys", [list, close]);
    close.addEventListener("click", () => dialog.close());
  }

  function palette() {
    const input = made("input", "", { type: "search", placeholder: "Page, agreement or counterparty", autocomplete: "off" });
    input.setAttribute("aria-label", "Go to");
    const list = made("ul", "", { className: "palette" });
    const places = [...document.querySelectorAll(".nav a, .who .menu a")].map((a) => [a.textContent.trim(), a.href]);
    const fill = () => {
      const words = input.value.trim().toLowerCase();
      const found = places.filter(([name]) => name.toLowerCase().includes(words));
      if (words) found.push([`Search for “${input.value.trim()}”`, `${document.body.dataset.root}/search?q=${encodeURIComponent(input.value.trim())}`]);
      list.replaceChildren(...found.map(([name, href]) => { const li = made("li"); li.append(made("a", name, { href })); return li; }));
    };
    const dialog = sheet("Go to", [input, list]);
    input.addEventListener("input", fill);
    dialog.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && links.length) { links[Math.min(at + 1, links.length - 1)].focus(); event.preventDefault(); }
      if (event.key === "ArrowUp" && links.length) { (at > 0 ? links[at - 1] : input).focus(); event.preventDefault(); }
      if (event.key === "Enter" && document.activeElement === input && links.length) links[0].click();
    });
    fill();
    input.focus();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette();
      return;
    }
    const menu = event.key === "Escape" && event.target.closest?.(".drop[open], .who[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    const isTyping = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key;
    if (isGoing) {
      isGoing = false;
      const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (key === "/") document.getElementById("find")?.focus();
    else if (key === "?") help();
    else if (key === "g") { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); }
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (!"oesdw".includes(key) || key.length !== 1 || !act(key)) return;
    event.preventDefault();
  });
})();
