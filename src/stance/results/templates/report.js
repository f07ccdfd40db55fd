"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const panel = document.getElementById("panel");
  const table = document.getElementById("rows");
  const hint = [...panel.childNodes];
  const rows = table ? [...table.tBodies[0].rows] : [];
  const passages = all("a[data-s]");
  const runs = all("[data-e]");
  const has = (list, id) => (list || "").split(" ").includes(id);
  let shown = "";
  let pinned = false;

  const filter = () => {
    const chosen = new FormData(form);
    const actors = new Set(chosen.getAll("actor"));
    const roles = new Set(chosen.getAll("role"));
    const measure = chosen.get("measure");
    const kept = new Set();
    for (const row of rows) {
      const { actor, role, m } = row.dataset;
      row.hidden = !(actors.has(actor) && roles.has(role) && (!measure || has(m, measure)));
      if (!row.hidden) kept.add(row.id.slice(1));
    }
    for (const passage of passages) {
      passage.classList.toggle("dim", !passage.dataset.s.split(" ").some((id) => kept.has(id)));
    }
    for (const run of runs) {
      run.classList.toggle("dim", !run.dataset.e.split(" ").some((id) => kept.has(id)));
    }
    if (table) table.dataset.measure = measure;
    document.getElementById("count").textContent = `${kept.size} of ${rows.length} statements shown.`;
  };

  const element = (name, text, className) => {
    const made = document.createElement(name);
    made.textContent = text || "";
    if (className) made.className = className;
    return made;
  };

  // A statement's row once more, as a list of its headings and cells.
  const card = (id) => {
    const row = document.getElementById(`s${id}`);
    const made = document.createElement("div");
    const list = document.createElement("dl");
    [...row.cells].slice(1).forEach((cell, i) => {
      if (cell.querySelector(".unasked")) return;
      const value = element("dd");
      value.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
      value.querySelectorAll("a").forEach((link) => link.remove());
      list.append(element("dt", table.tHead.rows[0].cells[i + 1].textContent), value);
    });
    const link = element("a", `Row ${id} of the table`);
    link.href = `#s${id}`;
    made.append(list, link);
    return made;
  };

  const show = (passage) => {
    const ids = passage ? passage.dataset.s : "";
    if (ids === shown) return;
    shown = ids;
    panel.replaceChildren(...(ids ? ids.split(" ").slice(0, 4).map(card) : hint));
    panel.scrollTop = 0;
    const first = ids.split(" ")[0];
    for (const run of runs) run.classList.toggle("on", ids !== "" && has(run.dataset.e, first));
  };

  const marked = (event) => event.target.closest("a[data-s]");
  for (const pages of all(".pages")) {
    pages.addEventListener("pointerover", (event) => !pinned && marked(event) && show(marked(event)));
    pages.addEventListener("focusin", (event) => marked(event) && show(marked(event)));
    pages.addEventListener("click", (event) => {
      // A click keeps the passage in the box, and one beside it empties the box; the Enter key follows the link.
      if (event.detail === 0) return;
      pinned = marked(event) !== null;
      show(marked(event));
      if (pinned) event.preventDefault();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pinned = false;
    show(null);
  });
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) {
      form.reset();
      filter();
      target.scrollIntoView();
    }
    if (target.dataset.s) show(target);
  });
  const measureBar = () => document.documentElement.style.setProperty("--bar", `${form.offsetHeight}px`);
  window.addEventListener("resize", measureBar);
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.hidden = false;
  panel.hidden = false;
  measureBar();
  filter();
})();
