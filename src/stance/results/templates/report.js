"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const form = one("filters");
  const panel = one("panel");
  const table = one("rows");
  const which = one("which");
  const hint = [...panel.childNodes];
  const rows = table ? [...table.tBodies[0].rows] : [];
  const texts = all("article.page");
  const passages = all("a[data-s]");
  const runs = all("[data-e]");
  const heading = (text) => text.querySelector("h3").textContent;
  const has = (list, id) => (list || "").split(" ").includes(id);
  let shown = "";
  let pinned = false;
  // Of many rows the first are drawn: thousands take seconds to lay out, and nobody reads them in one go.
  const STEP = 100;
  let drawn = STEP;
  const kept = new Set();

  const element = (name, text, className) => {
    const made = document.createElement(name);
    made.textContent = text || "";
    if (className) made.className = className;
    return made;
  };
  const option = (value, text) => {
    const made = element("option", text);
    made.value = value;
    return made;
  };

  // What a row is searched for: its words, and the title, outlet and date of its text.
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").toLowerCase();
  const speaking = new Set(rows.map((row) => row.dataset.doc));
  const searched = rows.map((row) => folded([1, 2, 3].map((i) => row.cells[i].textContent).join(" ")));

  // One text at a time, of those that the filters leave.
  const read = (place) => {
    for (const text of texts) text.hidden = text.id !== `d${place}`;
    which.value = place;
    const options = [...which.options];
    const at = options.findIndex((o) => o.value === place);
    one("before").disabled = at < 1;
    one("after").disabled = at < 0 || at === options.length - 1;
    one("place").textContent = at < 0 ? "No text fits the filters." : `${at + 1} of ${options.length}`;
  };
  const offer = (counted, suits) => {
    if (texts.length < 2) return;
    const before = which.value;
    const left = texts.filter((text) => suits(text.id.slice(1)));
    const places = left.map((text) => text.id.slice(1));
    which.replaceChildren(...left.map((t) => option(t.id.slice(1), `${heading(t)} (${counted.get(t.id.slice(1)) || 0})`)));
    const first = places.find((place) => counted.has(place)) || places[0] || "";
    read(places.includes(before) && (counted.has(before) || !speaking.has(before)) ? before : first);
  };

  const fits = (row) => kept.has(row.id.slice(1));
  const draw = () => {
    let n = 0;
    for (const row of table.tBodies[0].rows) row.hidden = !fits(row) || (n += 1) > drawn;
    one("more").hidden = n <= drawn;
    one("drawn").textContent = `The first ${drawn} of ${n} are listed.`;
  };

  const filter = () => {
    const chosen = new FormData(form);
    const [actors, roles] = ["actor", "role"].map((name) => new Set(chosen.getAll(name)));
    const value = (name) => chosen.get(name) || "";
    const measure = value("measure");
    const words = folded(value("words")).split(" ").filter(Boolean);
    const [first, last] = [value("from"), value("to")];
    const fitting = new Set();
    for (const { id, dataset } of texts) {
      const day = dataset.day || "";
      const inTime = (!first || (day && day >= first)) && (!last || (day && day <= last));
      const place = id.slice(1);
      if (inTime && [place, ""].includes(value("doc")) && [dataset.outlet, ""].includes(value("outlet"))) fitting.add(place);
    }
    kept.clear();
    drawn = STEP;
    const counts = new Map();
    rows.forEach((row, i) => {
      const { actor, role, m, doc, status } = row.dataset;
      const passes = actors.has(actor) && roles.has(role) && (!measure || has(m, measure)) && fitting.has(doc)
        && [status || "stated", ""].includes(value("status")) && words.every((word) => searched[i].includes(word));
      if (!passes) return;
      kept.add(row.id.slice(1));
      counts.set(doc, (counts.get(doc) || 0) + 1);
    });
    for (const passage of passages) {
      passage.classList.toggle("dim", !passage.dataset.s.split(" ").some((id) => kept.has(id)));
    }
    for (const run of runs) {
      run.classList.toggle("dim", !run.dataset.e.split(" ").some((id) => kept.has(id)));
    }
    if (table) {
      table.dataset.measure = measure;
      one("nothing").hidden = kept.size > 0;
      draw();
    }
    one("count").textContent = `${kept.size} of ${rows.length} statements shown.`;
    offer(counts, (place) => fitting.has(place));
  };

  // Sorting: by the number in a cell if it has one, else by its words; what has neither comes last.
  const number = (cell) => {
    const text = (cell.querySelector("strong") || cell).textContent.trim().replace("−", "-").replace("+", "");
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
  };
  const compare = ([x, u], [y, v], down) => {
    if (x !== null && y !== null) return down ? y - x : x - y;
    if (x !== null || y !== null) return x === null ? 1 : -1;
    const order = u.localeCompare(v, "en");
    return down ? -order : order;
  };
  const sort = (column, down) => {
    const keys = new Map(rows.map((row) => [row, [number(row.cells[column]), row.cells[column].textContent.trim()]]));
    [...rows].sort((a, b) => compare(keys.get(a), keys.get(b), down) || a.id.slice(1) - b.id.slice(1))
      .forEach((row) => table.tBodies[0].append(row));
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    one("sort").value = `${column} ${down ? "down" : "up"}`;
    draw();
  };
  const sortable = () => {
    const chooser = one("sort");
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      const name = head.textContent;
      const button = element("button", name);
      button.type = "button";
      button.addEventListener("click", () => sort(i, head.getAttribute("aria-sort") === "ascending"));
      head.replaceChildren(button);
      chooser.append(option(`${i} up`, `${name}, rising`), option(`${i} down`, `${name}, falling`));
    });
    chooser.addEventListener("change", () => {
      const [column, way] = chooser.value.split(" ");
      sort(Number(column), way === "down");
    });
    one("download").addEventListener("click", download);
    one("next").addEventListener("click", () => {
      drawn += STEP;
      draw();
    });
    one("tools").hidden = false;
  };

  // The rows that are shown, as they are sorted; a cell that a spreadsheet would compute is kept as words.
  const words = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const scores = (cell) => {
    const range = cell.querySelector(".range-of");
    const net = number(cell);
    const ends = range ? range.textContent.trim().replaceAll("−", "-").replaceAll("+", "").split(" to ") : ["", ""];
    return [net === null ? "" : String(net), ...ends, net === null ? words(cell.textContent.trim()) : ""];
  };
  const csv = () => {
    const heads = [...table.tHead.rows[0].cells];
    const measured = heads.map((head, i) => [head, i]).filter(([head]) => /m-s/.test(head.className));
    const named = measured.flatMap(([head]) => ["", ", lowest wording", ", highest wording", ", not scored"].map((of) => head.textContent + of));
    const lines = [["no", "document", "title", "outlet", "date", "actor", "entity", "role", "status", "how", "text",
      ...named, "frames", "confidence"]];
    for (const row of table.tBodies[0].rows) {
      if (!fits(row)) continue;
      const text = one(`d${row.dataset.doc}`);
      const [actor, entity] = [...row.cells[1].querySelectorAll("bdi")].map((name) => name.textContent);
      const frames = row.querySelector(".m-frames");
      lines.push([row.id.slice(1), text.dataset.id, heading(text), text.dataset.outlet, text.dataset.day, actor, entity,
        row.dataset.role, row.dataset.status || "stated", row.cells[2].textContent, row.querySelector(".said").textContent]
        .map((cell) => words((cell || "").trim()))
        .concat(measured.flatMap(([, i]) => scores(row.cells[i])), frames ? words(frames.textContent.trim()) : "",
          row.cells[row.cells.length - 1].textContent.trim()));
    }
    const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return `\ufeff${lines.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;
  };
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    link.download = "statements.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // A statement's row once more, as a list of its headings and cells.
  const card = (id) => {
    const row = one(`s${id}`);
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

  // What a link leads to is made visible: its row, or the text it stands in.
  const reveal = (target) => {
    if (!target) return;
    const text = target.closest("article.page");
    const known = !text || texts.length < 2 || [...which.options].some((o) => `d${o.value}` === text.id);
    const row = rows.includes(target);
    if (row ? !fits(target) : !known) {
      form.reset();
      filter();
    }
    if (row && target.hidden) {
      drawn = STEP * Math.ceil(([...table.tBodies[0].rows].filter(fits).indexOf(target) + 1) / STEP);
      draw();
    }
    if (text && text.hidden) read(text.id.slice(1));
  };
  const linked = () => {
    const target = one(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      reveal(target);
      target.scrollIntoView();
    }
    if (target.dataset.s) show(target);
  };

  const marked = (event) => event.target.closest("a[data-s]");
  for (const pages of all(".pages")) {
    pages.addEventListener("pointerover", (event) => !pinned && marked(event) && show(marked(event)));
    pages.addEventListener("focusin", (event) => marked(event) && show(marked(event)));
    pages.addEventListener("click", (event) => {
      // A click keeps the passage in the box, and one beside it empties the box; the Enter key follows the link.
      if (event.detail === 0 || event.target.closest(".track")) return;
      pinned = marked(event) !== null;
      show(marked(event));
      if (pinned) event.preventDefault();
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !event.defaultPrevented) reveal(one(link.getAttribute("href").slice(1)));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pinned = false;
    show(null);
  });
  window.addEventListener("hashchange", linked);
  window.addEventListener("beforeprint", () => {
    drawn = Infinity;
    if (table) draw();
  });
  const measureBar = () => document.documentElement.style.setProperty("--bar", `${form.offsetHeight}px`);
  window.addEventListener("resize", measureBar);
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.elements.doc.append(...texts.map((text) => option(text.id.slice(1), heading(text))));
  which.addEventListener("change", () => read(which.value));
  const step = (by) => read(which.options[which.selectedIndex + by].value);
  one("before").addEventListener("click", () => step(-1));
  one("after").addEventListener("click", () => step(1));
  if (table) sortable();
  one("reading").hidden = texts.length < 2;
  form.hidden = false;
  panel.hidden = false;
  filter();
  measureBar();
  linked();
})();
