// What the page does beyond being read; without it everything is there, and every number is a link to its evidence.
// A report has more in scripts that follow; they use what this returns at its end.
const page = (() => {
  "use strict";
  const main = document.querySelector("main");
  if (document.querySelector(".readings-place, main .tools, main .take")) { // all of it is there, but nothing works
    const words = "This copy was saved from a browser. Its buttons do nothing, and its numbers may be those of another reading: open the file that was published.";
    const note = document.createElement("p");
    document.querySelector(".readings-place")?.remove();
    note.className = "copied";
    note.append(words);
    main.before(note);
    throw new Error(words);
  }
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const text = (node) => node.textContent.replace(/\s+/g, " ").trim();
  const bare = (cell, ...more) => { // without a card or a button in it, nor what else is named
    const added = ["#evidence", ".used", ...more].join();
    if (!cell.querySelector(added)) return cell;
    const copy = cell.cloneNode(true);
    all(added, copy).forEach((element) => element.remove());
    return copy;
  };
  const create = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    made.add(element);
    return element;
  };
  const button = (label, work) => {
    const element = create("button", { type: "button" }, label);
    element.addEventListener("click", work);
    return element;
  };
  const afterFrame = (work) => requestAnimationFrame(() => setTimeout(work)); // once what has changed is drawn
  const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");
  const unclass = (element, ...names) => { // the element is then what it was, to the attribute
    element?.classList.remove(...names);
    if (element?.getAttribute("class") === "") element.removeAttribute("class");
  };
  const made = new WeakSet(); // what this script has put into the page
  const homes = new WeakMap(); // where the content of an element is now, if the script has moved it
  const heads = (table) => [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
  const rowOf = (link) => {
    const row = named(link.hash);
    return row?.matches(".cards tr") ? row : null;
  };
  const namesOf = (row) => [row.id, row.querySelector("th > a[id]")?.id].filter(Boolean); // its anchor, and its number
  const decoded = (words) => { try { return decodeURIComponent(words); } catch { return words; } }; // an address may be typed
  const named = (hash) => { // a row has its anchor, and its number as another name
    const target = document.getElementById(decoded(hash.slice(1)));
    return target?.matches("th > a") ? target.closest("tr") : target;
  };

  const restsOn = (row) => { // the rows that a result comes from, also through other results, to the printed or quoted figures
    const found = new Set();
    const follow = (from, left) => {
      const columns = heads(from.closest("table"));
      for (const cell of from.cells) {
        if ("back" in (columns[cell.cellIndex]?.dataset ?? {})) continue;
        for (const link of all('a[href^="#"]', cell)) {
          const other = rowOf(link);
          if (!other || other === row || found.has(other)) continue;
          found.add(other);
          if (left && !other.closest("table").dataset.shows && other.closest("table") === row.closest("table")) follow(other, left - 1);
        }
      }
    };
    if (!row.closest("table").dataset.shows) follow(row, 3);
    return [...found];
  };
  const uncover = (element) => { // what is folded, or left out by a search
    const folded = element.closest("details:not([open])"), row = element.closest("tbody tr");
    if (folded) folded.open = true;
    if (row?.hidden) showing.forEach((show) => show(row));
    const unfold = row?.closest(".exhibit")?.querySelector(":scope > .unfold");
    if (unfold && !element.getClientRects().length) unfold.open = true;
  };

  // ---- the contents follow the reader ----

  function follow() {
    const entries = all("nav.contents a");
    const headings = all("h2[id], h3[id]", main).filter((heading) => entries.some((a) => a.hash === "#" + heading.id));
    const now = document.querySelector("nav.narrow .now");
    let last;
    const mark = () => {
      const line = innerHeight * 0.25;
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top <= line);
      const ended = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
      const here = ended ? headings[headings.length - 1] : passed[passed.length - 1];
      if (here === last) return;
      last = here;
      for (const entry of entries) {
        const current = here && entry.hash === "#" + here.id;
        if (current) entry.setAttribute("aria-current", "location");
        else entry.removeAttribute("aria-current");
        if (current && entry.closest(".wide")) reveal(entry);
      }
      if (now) now.textContent = here ? text(here) : "";
    };
    const reveal = (entry) => {
      const list = entry.closest("nav"), at = entry.getBoundingClientRect(), box = list.getBoundingClientRect();
      if (at.top < box.top + 40 || at.bottom > box.bottom - 60) list.scrollTop += at.top - box.top - box.height / 3;
    };
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    mark();
    const nav = document.querySelector("nav.narrow"), fold = nav?.querySelector("details");
    if (!nav) return;
    nav.addEventListener("click", (event) => { if (event.target.closest("a")) fold.open = false; });
    nav.addEventListener("focusout", (event) => { if (event.relatedTarget && !nav.contains(event.relatedTarget)) fold.open = false; });
    nav.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !fold.open) return;
      fold.open = false;
      fold.querySelector("summary").focus();
    });
    fold.addEventListener("toggle", () => {
      const here = fold.open && nav.querySelector("[aria-current]");
      if (here) here.closest("details > ol").scrollTop = here.offsetTop - 120;
    });
  }

  // ---- a number shows its evidence on the spot ----

  const cardTools = []; // each returns what it adds to the foot of a card: called with the row, and the number

  function evidence() {
    if (!HTMLElement.prototype.showPopover) return;
    const card = create("span", { id: "evidence", popover: "manual", class: "evidence-card", role: "note", tabindex: "-1" });
    const close = button("Close", () => hide());
    let shown = null, waiting = 0, pointer = "", dismissed = null;

    const cloned = (cell, whole = true) => {
      const copy = create("span");
      for (const node of cell.childNodes) {
        if (!whole && node.nodeName === "BR") break;
        copy.append(node.cloneNode(true));
      }
      all("[id]", copy).forEach((node) => node.removeAttribute("id"));
      return copy;
    };
    const line = (name, ...inside) =>
      create("span", { class: "line" }, create("span", { class: "name" }, name), " ", create("span", { class: "said" }, ...inside));
    const brief = (row) => {
      const table = row.closest("table");
      return heads(table).map((head, index) => [head, row.cells[index]]).filter(([head, cell]) =>
        "brief" in head.dataset && cell && text(cell)).map(([head, cell]) =>
        line(text(head), cloned(cell, head.dataset.brief !== "first line"), ...titleOf(head, cell)));
    };
    const statedBy = (row) => { // who is said to state a printed figure, as its note begins
      const note = row.cells[row.closest("table").dataset.shows?.split(" ")[2]];
      return /^stated by ([^;]+)/.exec(note ? text(note) : "")?.[1];
    };
    const titleOf = (head, cell) => { // of the text that a figure is printed in
      const link = text(head).startsWith("Source") && cell.querySelector("a"), row = link && rowOf(link);
      return row ? [": " + text(row.cells[1])] : [];
    };
    const printedFigures = (row) => {
      const found = restsOn(row).filter((other) => other.closest("table").dataset.shows);
      const few = found.slice(0, 5);
      const lines = few.map((other) => {
        const [first, second] = other.closest("table").dataset.shows.split(" ").map((index) => other.cells[index]);
        const by = statedBy(other);
        return line(other.id, cloned(first), " – ", cloned(second), by ? ", stated by " + by : "");
      });
      if (found.length > few.length) lines.push(line("", "and " + (found.length - few.length) + " more"));
      return [found.length, lines];
    };
    const summary = (lines, count) => { // for screen readers: the interval or the place, and how to reach the rest
      const cells = lines.map((entry) => [text(entry.firstChild), text(entry.lastChild)]);
      const facts = cells.filter(([name]) => ["Interval", "Stands for", "Source, line", "Verdict", "Value"].includes(name));
      const rest = count ? ["from " + count + " printed or quoted figure" + (count > 1 ? "s" : "")] : [];
      return [...facts.map(([name, value]) => name.split(",")[0] + " " + value), ...rest].join("; ") + ". " + (cardTools.length ? "Arrow up for its buttons. " : "") + "Arrow down for its evidence.";
    };
    const fill = (link, row) => {
      const exhibit = row.closest(".exhibit");
      const title = text(exhibit.querySelector(".label") ?? exhibit);
      const lines = brief(row), [count, figures] = printedFigures(row), by = statedBy(row);
      if (by) lines.push(line("Stated by", by));
      card.setAttribute("aria-label", "Evidence for " + text(link));
      card.replaceChildren(
        create("span", { class: "head" }, [...new Set([text(link), row.id.startsWith("p-") ? "parameter" : text(bare(row.cells[0]))])].join(" – ")),
        ...lines, ...figures,
        create("span", { class: "foot" }, create("a", { class: "onward", href: "#" + row.id }, "Its row in " + title),
          ...cardTools.flatMap((tool) => tool(row, link)), close,
          ...pointer ? [] : [create("span", { class: "keys", "aria-hidden": "true" }, "↑ and ↓ reach its links and buttons")]),
        create("span", { class: "unseen", id: "evidence-in-short" }, summary(lines, count)),
      );
      all("a, button", card).forEach((one) => { one.tabIndex = -1; }); // the arrow keys reach them
    };
    const position = () => { // all is measured before anything is set: each change between would lay out the page again
      if (!shown) return;
      card.style.maxHeight = "";
      const lines = shown.getClientRects(), first = lines[0], last = lines[lines.length - 1], gap = 6, edge = 8;
      if (!first || last.bottom < 0 || first.top > innerHeight) return hide();
      const above = first.top - gap - edge, under = innerHeight - last.bottom - gap - edge;
      const width = card.offsetWidth, wide = document.documentElement.clientWidth;
      const below = card.offsetHeight <= under || under >= above;
      const most = Math.min(parseFloat(getComputedStyle(card).maxHeight), below ? under : above), height = Math.min(card.offsetHeight, most);
      card.style.maxHeight = most + "px";
      card.style.left = Math.max(edge, Math.min((below ? last : first).left, wide - width - edge)) + "px";
      card.style.top = (below ? last.bottom + gap : first.top - gap - height) + "px"; // never over the number itself
      card.classList.toggle("high", !below); // on a phone it lies at the foot of the window, or at its head
    };
    const hide = () => {
      clearTimeout(waiting);
      if (!shown) return;
      const link = shown, within = card.contains(document.activeElement);
      link.removeAttribute("aria-describedby");
      shown = null;
      card.hidePopover();
      card.remove();
      if (!within) return;
      dismissed = link;
      link.focus({ preventScroll: true });
    };
    const show = (link) => {
      clearTimeout(waiting);
      if (shown === link) return;
      hide();
      settle();
      const row = rowOf(link);
      if (!row) return;
      fill(link, row);
      link.after(card); // so that it is read after the number
      card.showPopover();
      shown = link;
      link.setAttribute("aria-describedby", "evidence-in-short");
      position();
    };
    const linkAt = (event) => {
      const link = event.target.closest?.('a[href^="#"]');
      return link && main.parentElement.contains(link) && !link.closest("#evidence, .tip, nav") && rowOf(link) && !rowOf(link).contains(link) ? link : null;
    };
    const soon = (what, delay) => { clearTimeout(waiting); waiting = setTimeout(what, delay); };

    document.addEventListener("pointerdown", (event) => {
      pointer = event.pointerType;
      if (shown && !card.contains(event.target) && linkAt(event) !== shown) hide();
    });
    document.addEventListener("keydown", (event) => {
      pointer = "";
      if (!shown) return;
      const within = card.contains(document.activeElement);
      if (event.key === "Escape") {
        dismissed = shown;
        hide();
        event.preventDefault();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (within || document.activeElement === shown) && !event.target.matches("input, select, textarea")) {
        const links = all("a, button", card), at = links.indexOf(document.activeElement), last = links.length - 1;
        const next = event.key === "ArrowDown" ? Math.min(at + 1, last) : within ? at - 1 : last;
        if (next >= 0) links[next].focus();
        else if (within) shown.focus();
        if (within || next >= 0) event.preventDefault();
      }
    });
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      if (card.contains(event.target)) return clearTimeout(waiting);
      const link = linkAt(event);
      if (link && link !== shown) soon(() => show(link), 220);
      else if (link) clearTimeout(waiting);
      else if (shown && !shown.contains(document.activeElement) && !card.contains(document.activeElement)) soon(hide, 260);
      else if (!shown) clearTimeout(waiting);
    });
    document.addEventListener("focusin", (event) => {
      if (card.contains(event.target)) return;
      const link = linkAt(event);
      if (link !== dismissed) dismissed = null;
      if (link && link.matches(":focus-visible") && !dismissed) {
        link.closest(".scroll")?.matches(".before, .after") && link.scrollIntoView({ inline: "nearest", block: "nearest" });
        show(link);
      }
      else if (shown && event.target !== shown) hide();
    });
    document.addEventListener("focusout", (event) => {
      if (event.target === dismissed) dismissed = null;
      if (shown && event.relatedTarget && event.relatedTarget !== shown && !card.contains(event.relatedTarget)) hide();
    });
    document.addEventListener("click", (event) => {
      const link = linkAt(event);
      if (link && pointer === "touch" && shown !== link) { event.preventDefault(); show(link); }
      else if (link || event.target.closest?.("#evidence a")) hide();
    });
    document.addEventListener("input", hide); // the rows under it may go
    addEventListener("scroll", ({ target }) => { if (!card.contains(target)) position(); }, { passive: true, capture: true });
    addEventListener("resize", position);
  }

  // ---- long tables are searched, filtered and sorted ----

  const SCALES = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };
  const NUMBER = /^(?:(?:more|less) than |over |under |below |nearly |almost |about |around |at (?:least|most) |up to )?([−-]?)\$?(\d[\d,]*(?:\.\d+)?)(?: to [−-]?\$?\d[\d,]*(?:\.\d+)?)?(?: (thousand|million|billion|trillion))?/;
  function size(words) { // the number that a cell begins with; cells that begin with none come last
    const found = NUMBER.exec(words);
    return found ? (found[1] ? -1 : 1) * found[2].replaceAll(",", "") * (SCALES[found[3]] ?? 1) : Infinity;
  }
  function registers() {
    const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    for (const table of all("table.register")) {
      const body = table.tBodies[0];
      if (body.rows.length > 12) tools(table, body);
    }

    function tools(table, body) {
      let rows = [...body.rows];
      const name = text(table.caption.querySelector(".label"));
      const columns = heads(table), key = table.closest(".exhibit").id;
      const words = new Map();
      const searchText = (row) => words.get(row) ?? (words.set(row, [...row.cells].map((cell) => text(bare(cell))).join(" ").toLowerCase()), words.get(row));
      const values = (cell, by) => {
        const whole = cell.firstChild ? text(cell.firstChild) : "";
        const found = by === "each" ? whole.split(", ") : by === "before the comma" ? [whole.split(", ")[0]] : [whole];
        return found.filter(Boolean);
      };

      const find = create("input", { type: "search", id: key + "-find", autocomplete: "off", spellcheck: "false" });
      const count = create("span", { class: "count", role: "status" });
      const box = create("div", { class: "tools", role: "search", "aria-label": name },
        create("label", { for: find.id }, "Find in " + name), find);
      const filters = [];
      columns.forEach((head, column) => {
        if (!("filter" in head.dataset)) return;
        const options = [...new Set(rows.flatMap((row) => values(row.cells[column], head.dataset.filter)))].sort(order.compare);
        if (options.length < 2) return;
        const choice = create("select", { id: key + "-only-" + column }, new Option("all", ""), ...options.map((option) => new Option(option, option)));
        filters.push([choice, column, head.dataset.filter]);
        box.append(create("label", { for: choice.id }, text(head).split(",")[0]), choice);
      });
      const sorts = create("select", { id: key + "-sort" }, new Option("order of the table", ""), ...columns.map((head, column) => new Option(text(head), column)));
      box.append(create("span", { class: "narrow-only" }, create("label", { for: sorts.id }, "Sort by"), sorts));
      const clear = create("button", { type: "button", "aria-label": "Show all of " + name }, "Show all");
      box.append(clear, count);
      table.closest(".scroll").before(box);

      const apply = () => {
        settle();
        const terms = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const row of rows) {
          const fits = terms.every((word) => searchText(row).includes(word)) &&
            filters.every(([choice, column, by]) => !choice.value || values(row.cells[column], by).includes(choice.value));
          row.hidden = !fits;
        }
        setFold();
        showCount();
      };
      const setFold = () => table.closest(".exhibit").classList.toggle("searched", rows.some((row) => row.hidden) || columns.some((head) => head.ariaSort));
      const showCount = () => {
        const left = rows.filter((row) => !row.hidden).length, sorted = columns.find((head) => head.ariaSort);
        const many = left === rows.length ? rows.length + " rows" : left + " of " + rows.length + " rows";
        count.textContent = many + (sorted ? ", sorted by " + text(sorted) + ", " + sorted.ariaSort : "");
        clear.hidden = left === rows.length && !sorted && !find.value;
      };
      const sort = (column, direction) => {
        settle();
        columns.forEach((head, index) => {
          if (index === column) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
          else head.removeAttribute("aria-sort");
        });
        sorts.value = column === null ? "" : column;
        const sorted = column === null ? rows : [...rows].sort((a, b) => {
          const [one, other] = [a, b].map((row) => text(bare(row.cells[column]))), [less, more] = [size(one), size(other)];
          return !one - !other || direction * ((less > more) - (less < more) || order.compare(one, other));
        });
        body.append(...sorted);
        setFold();
        showCount();
      };
      columns.forEach((head, column) => {
        if (head.querySelector("a")) return;
        const button = create("button", { type: "button", class: "sort" }, ...head.childNodes);
        head.append(button);
        homes.set(head, button);
        const setTabIndex = () => button.tabIndex = narrow.matches ? -1 : 0; // on a phone the heads are read aloud, not seen
        narrow.addEventListener("change", setTabIndex);
        setTabIndex();
        addEventListener("beforeprint", () => head.replaceChildren(...button.childNodes)); // on every page of a table,
        addEventListener("afterprint", () => { button.append(...head.childNodes); head.append(button); }); // buttons are not
        button.addEventListener("click", () => {
          const now = head.getAttribute("aria-sort");
          sort(now === "descending" ? null : column, now === "ascending" ? -1 : 1);
        });
      });
      sorts.addEventListener("change", () => sort(sorts.value === "" ? null : +sorts.value, 1));
      let waiting = 0;
      find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
      filters.forEach(([choice]) => choice.addEventListener("change", apply));
      const reset = () => {
        find.value = "";
        filters.forEach(([choice]) => { choice.value = ""; });
        sort(null, 1);
        apply();
      };
      clear.addEventListener("click", () => { reset(); find.focus(); });
      addEventListener("beforeprint", reset);
      rereading.push(() => { if (!clear.hidden) reset(); });
      reread.push(() => {
        rows = [...body.rows];
        words.clear();
        showCount();
      });
      apply();
      showing.push((row) => { if (row.hidden && body.contains(row)) { reset(); row.scrollIntoView(); } });
    }
  }
  const rereading = [], reread = []; // called before another reading is shown, and after that
  let rest = []; // what is still to be changed for a reading, in steps
  const settle = () => { for (const _ of rest); }; // at once: whoever asks the page wants it whole
  const showing = []; // called to make the target row of a link appear
  function appear() {
    const row = named(location.hash);
    if (row?.matches("tr[id]") && location.hash !== "#" + row.id) history.replaceState(history.state, "", "#" + row.id); // which stays when rows are added
    if (row?.matches("tr[hidden]")) showing.forEach((show) => show(row));
    const unfold = row?.closest("tbody")?.closest(".exhibit").querySelector(":scope > .unfold");
    if (!unfold || unfold.open) return;
    unfold.open = true; // it stays unfolded, so that nothing moves on the way back
    row.scrollIntoView(); // the rows that came before it have moved it
  }

  // ---- back in history, the focus is on the link that was followed, and forward again on the row it leads to ----

  function returning() {
    const places = new Map(); // by what the state of an entry of the history names
    const keep = (place) => {
      const key = Math.random();
      places.set(key, place);
      history.replaceState(key, "");
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#"]');
      if (link) keep(link.closest("#evidence")?.previousElementSibling ?? link.closest(".tip")?.parentElement ?? link);
    }, true); // before its card is gone
    addEventListener("popstate", ({ state }) => {
      const kept = places.get(state), place = kept?.checkVisibility() ? kept : kept?.closest("details")?.querySelector("summary");
      const show = () => place.scrollIntoView({ block: "nearest" });
      if (place) requestAnimationFrame(() => { // the browser has then scrolled to where the reader was, or soon will
        place.focus({ preventScroll: true });
        show();
        setTimeout(() => { if (document.activeElement === place) show(); }, 100);
      });
      else if (state === null && location.hash) keep(named(location.hash)?.querySelector("a"));
    });
  }

  // ---- what is packed into the page, and how a reader is led through what differs ----

  async function unpacked(id) { // data that the page brings along, null without any
    const packed = document.getElementById(id);
    if (!packed || !("DecompressionStream" in window)) return null;
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  }
  function cellsUnder(rows, heading) { // what each row has under a heading, which is looked for once in each table
    const columns = new Map();
    return rows.map((row) => {
      const table = row.closest("table");
      if (!columns.has(table)) columns.set(table, heads(table).findIndex((head) => text(head) === heading));
      return row.cells[columns.get(table)];
    });
  }
  function under(id, heading) { // what the row with an id has under a heading, "" without it
    const [cell] = cellsUnder([document.getElementById(id)], heading);
    return cell ? text(cell) : "";
  }
  const linking = (names) => all("a:is(" + [...names].map((name) => '[href="#' + CSS.escape(name) + '"]') + ")", main);
  function linksTo(ids) { // the links to each of these rows, by its anchor or its number, but those in registers
    const names = ids.flatMap((id) => namesOf(document.getElementById(id)).map((name) => [name, id]));
    const rows = new Map(names), links = new Map(ids.map((id) => [id, []]));
    for (const link of linking(rows.keys()).filter((one) => one.matches("a.evidence, table:not(.register) a"))) links.get(rows.get(link.getAttribute("href").slice(1))).push(link);
    return links;
  }
  function rewordAll(places, pairs) { // those that have the first words of a pair get the second; returns what undoes it
    const found = places.map((place) => [place, pairs.find(([old, words]) => old && old !== words && text(place) === old)?.[1]]);
    return found.filter(([, words]) => words !== undefined).map(([place, words]) => reword(place, words));
  }
  function reword(place, words) {
    const before = [...place.childNodes];
    place.replaceChildren(words);
    place.classList.add("differs");
    return () => {
      place.replaceChildren(...before);
      unclass(place, "differs", "here-now");
    };
  }
  function outdate(row) { // writes over what else it says of a result that has changed; returns what undoes it
    const [why, formula] = ["What decides", "Formula"].map((heading) => under(row.id, heading));
    return rewordAll([...row.cells], [[why, "not worked out here"], [formula, formula.split("=")[0].trim()]]);
  }
  function markAbout(verdicts, rows = "") { // the passages on verdicts whose rows these are; returns their number, and what undoes it
    if (!verdicts.length) return [0, () => {}];
    const address = (link) => link.getAttribute("href").slice(1);
    const names = new Set(verdicts.flatMap(namesOf)), found = new Map(); // their links, by passage
    const figures = cellsUnder(verdicts, "Figures").map((cell) => new Set(all("a", cell).map(address)));
    for (const link of linking(new Set([...names].concat(...figures.map((own) => [...own]))))) {
      const passage = link.closest(".how") ? null : link.closest(".prose :is(p, li), .notes p" + rows);
      if (passage && !passage.querySelector("p, li")) found.set(passage, [...found.get(passage) ?? [], link]);
    }
    const range = document.createRange();
    const inOneSentence = (from, to) => {
      range.setStartAfter(from);
      range.setEndBefore(to);
      return !/[.?!][”)]?\s+[“(]?[A-Z]/.test(range.toString());
    };
    const isAbout = ([, links]) => // it links to a verdict, or quotes two of its figures in one sentence
      links.some((link) => names.has(address(link))) || figures.some((own) => {
        const quoted = links.filter((link) => own.has(address(link)));
        return quoted.slice(1).some((link, place) => address(link) !== address(quoted[place]) && inOneSentence(quoted[place], link));
      });
    const passages = [...found].filter(isAbout).map(([passage]) => passage);
    passages.forEach((passage) => passage.classList.add("about"));
    return [passages.length, () => passages.forEach((passage) => unclass(passage, "about", "here-now"))];
  }
  const onVerdicts = (number) => number ? " " + count(number, "passage") + " on " + (number === 1 ? "a verdict" : "verdicts") + " marked by a line." : "";
  function marked() { // the places to be led to: the first of each row; the figure stands for the numbers behind it
    const places = new Map();
    for (const element of all(":is(.differs, .about):not(details.data *)", main)) {
      const place = element.closest("tr") ?? element;
      if (!places.has(place)) places.set(place, element);
    }
    return [...places.values()];
  }
  function visit(stop) {
    uncover(stop);
    all(".here-now", main).forEach((element) => unclass(element, "here-now"));
    stop.classList.add("here-now");
    stop.scrollIntoView({ block: stop.offsetHeight > innerHeight / 2 ? "start" : "center" });
  }

  // ---- the same page under another reading ----

  // What differs is packed into the page (report/pages/other_readings.py): for units of the page, and their elements in
  // the order in which they begin, attributes, contents and lists of children. Whatever this script has added is passed
  // over, and what it has moved is looked for where it is now.
  function otherReadings(units) {
    const home = (element) => homes.get(element) ?? element;
    const within = (element) => {
      const own = [...home(element).children].filter((child) => !made.has(child));
      return captions.has(element) ? [captions.get(element), ...own] : own;
    };
    const inOrder = (element, found = []) => {
      found.push(element);
      if (captions.has(element)) inOrder(captions.get(element), found);
      for (let child = home(element).firstElementChild; child; child = child.nextElementSibling) if (!made.has(child)) inOrder(child, found);
      return found;
    };
    const range = document.createRange(); // one for all: each follows every change of the page
    const parsed = (html, element) => {
      range.selectNodeContents(element);
      return range.createContextualFragment(html);
    };
    const value = (given, before) => Array.isArray(given) ? given.map((part) => Array.isArray(part) ? before.slice(...part) : part).join("") : given;
    const escaped = (words) => words.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
    const source = (element) => [...element.childNodes].map((node) => { // as deltas.py writes it, without what scripts add
      if (!node.localName) return escaped(node.data);
      if (made.has(node)) return "";
      const own = [...node.attributes].filter(({ name, value }) => value && ["href", "class", "scope"].includes(name));
      const start = "<" + [node.localName, ...own.map(({ name, value }) => name + '="' + value + '"')].join(" ") + ">";
      return start + (/^w?br$/.test(node.localName) ? "" : source(node) + "</" + node.localName + ">");
    }).join("");
    const between = (element) => { // the words without the links
      const copy = element.cloneNode(true);
      all("a", copy).forEach((link) => link.remove());
      return text(copy);
    };
    const printed = (link) => text(link) + link.getAttribute("href");
    let data, shown = -1, asked = 0, stops = [], at = -1, unmark = () => {}, usualWords;
    const verdicts = () => { // their rows, and what they say
      const rows = all('tr[id^="v-"]', main), cells = cellsUnder(rows, "Verdict");
      return rows.map((row, place) => [row, text(cells[place])]);
    };
    const changes = new Map(), undo = new Map(); // of each unit

    function list() {
      const [kinds, groups, values] = data.whats, [byUnit, byElement, byWhat] = data.changes;
      const whats = kinds.map((kind, place) => {
        const how = data.kinds[kind], shown = how === "list" ? values[place].slice(1) : values[place];
        const to = new Map(groups[place].flatMap((group, which) => data.groups[group].map((reading) => [reading, shown[which]])));
        return { how, to, pool: values[place][0] };
      });
      let unit = -1, element = 0, fresh = 0;
      byUnit.forEach((distance, place) => {
        element = byElement[place] + (distance ? 0 : element);
        unit += distance;
        if (!changes.has(unit)) changes.set(unit, []);
        changes.get(unit).push({ element, ...whats[byWhat[place] ? byWhat[place] - 1 : fresh++] });
      });
    }
    const restore = (place, before) => { // only what is not in its place is touched: all else keeps its layout
      const kept = new Set(before);
      for (const node of [...place.childNodes]) if (!kept.has(node)) node.remove();
      before.reduceRight((after, node) => {
        if (node.parentNode !== place || node.nextSibling !== after) place.insertBefore(node, after);
        return node;
      }, null);
    };
    const setters = {
      html(place, given, steps, mark) {
        const html = Array.isArray(given) ? value(given, source(place)) : given;
        const before = [...place.childNodes], had = new Set(all("a", place).map(printed)), said = between(place);
        place.replaceChildren(parsed(html, place));
        steps.push(() => restore(place, before));
        const others = all("a", place).filter((link) => !had.has(printed(link)));
        (others.length && said === between(place) ? others : [place]).forEach(mark); // numbers alone, or the sentence
      },
      list(place, parts, steps, mark, children, pool) { // the ends of what is kept, how far to the next that is new, what moves here
        const before = [...place.childNodes];
        const still = parts.filter((part) => part.length === 2).flatMap((part) => children.slice(...part)), kept = new Set(still);
        let at = -1;
        const wanted = parts.flatMap((part) => part.length === 1 ? [...parsed(pool[at += part[0]], place).children]
          : part.length ? children.slice(...part) : children[part]);
        const used = new Set(wanted);
        steps.push(() => restore(place, before));
        children.filter((child) => !used.has(child)).forEach((child) => child.remove());
        let after = null; // from the last to the first, each goes before what follows it
        for (const child of wanted.reverse()) {
          if (!kept.has(child)) {
            if (after) after.before(child);
            else if (still.length) still[still.length - 1].after(child);
            else place.append(child);
            mark(child);
          }
          after = child;
        }
      },
      attribute(element, name, given, steps, mark) {
        const before = element.getAttribute(name), set = (to) => to === null ? element.removeAttribute(name) : element.setAttribute(name, to);
        set(given === null ? null : value(given, before ?? ""));
        steps.push(() => set(before));
        if (element.closest("svg.vector")) mark(element);
      },
    };
    function* setUnit(unit, number) { // undo what another reading has changed in it, and do what this one changes
      const steps = undo.get(unit) ?? [];
      for (; steps.length; yield) steps.pop()();
      undo.delete(unit);
      const wanted = (changes.get(unit) ?? []).filter(({ to }) => to.has(number));
      if (!wanted.length) return;
      undo.set(unit, steps);
      const order = unit < 0 ? [main] : inOrder(units[unit]), marked = new Set();
      const mark = (element) => marked.add(element.closest("svg.vector") ?? element);
      const found = wanted.map(({ element, how, to, pool }) => {
        const node = order[element];
        return [node, how, to.get(number), how === "list" && (unit < 0 ? inMain : within(node)), pool];
      });
      for (const [element, how, to, ...more] of found) {
        yield;
        if (how[0] === "=") setters.attribute(element, how.slice(1), to, steps, mark);
        else setters[how](home(element), to, steps, mark, ...more);
      }
      const shownAsChanged = [...marked].filter((element) => main.contains(element) && !element.closest("nav"));
      steps.push(() => shownAsChanged.forEach((element) => unclass(element, "differs", "here-now")));
      shownAsChanged.forEach((element) => element.classList.add("differs"));
      const rows = new Set(shownAsChanged.map((element) => element.closest("tbody tr")).filter(Boolean));
      steps.unshift(...[...rows].map((row) => () => { if (row.isConnected) prepare(row); })); // when all else is undone
      for (const row of rows) {
        yield;
        prepare(row);
      }
    }
    const inSight = () => new Set([...units.keys()].filter((unit) => {
      const box = units[unit].getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    }).concat(-1));
    function* turnTo(number, seen) { // what the reader sees comes first; yields whether it is to be drawn now
      const touched = [...new Set([...undo.keys(), ...[...changes].filter(([, list]) => list.some(({ to }) => to.has(number))).map(([unit]) => unit)])];
      for (const isSeen of [true, false]) {
        for (const unit of touched.filter((each) => seen.has(each) === isSeen))
          for (const _ of setUnit(unit, number)) yield false;
        yield isSeen;
      }
      for (const again of reread) {
        again();
        yield false;
      }
      let passages;
      [passages, unmark] = markAbout(verdicts().filter(([{ id }, words]) => usualWords.has(id) && usualWords.get(id) !== words).map(([row]) => row));
      said.append(onVerdicts(passages));
      const appendices = main.querySelector("h2.appendix");
      stops = marked().filter((place) => !appendices || place.compareDocumentPosition(appendices) & Node.DOCUMENT_POSITION_FOLLOWING);
      back.disabled = next.disabled = !stops.length;
      bar.dataset.shows = data.readings[number]?.name ?? "usual";
    }
    const inMain = units.filter((unit) => unit.parentElement === main);

    const option = ({ name, label }) => new Option(label, name);
    const group = (label, readings) => create("optgroup", { label }, ...readings.map(option));
    const choice = create("select", { id: "reading" });
    const said = create("span", { class: "said", role: "status" }), why = create("span", { class: "why" });
    const back = button("Previous", () => step(-1)), next = button("Next difference", () => step(1));
    const usual = button("As usual", () => { choice.focus(); choose(""); });
    const tools = create("span", { class: "steps" }, back, next, usual);
    const bar = create("div", { class: "readings", role: "region", "aria-label": "How figures are read" },
      create("label", { for: choice.id }, "Figures read:"), choice, said, why, tools);
    const place = create("div", { class: "readings-place" }, bar);
    const onPaper = create("p", { class: "on-paper" });

    const summary = ({ label, why, numbers, verdicts, missing }) => {
      const counted = [[numbers, "number"], [verdicts, "verdict"]].filter(([many], place) => many || !(place || verdicts));
      const parts = [counted.map((each) => count(...each)).join(" and ") + (numbers + verdicts === 1 ? " differs" : " differ")];
      if (missing) parts.push(count(missing, "result") + " cannot be worked out");
      return parts.join("; ") + ".";
    };
    const drawn = () => new Promise((resume) => { // or 100 ms later: a browser may put frames off, and draws none in the background
      afterFrame(resume);
      setTimeout(resume, document.hidden ? 0 : 100);
    });
    const putBack = () => { // to the head of the page, once nobody is at it
      if (bar.matches(".on, .stays")) return;
      place.style.minHeight = "";
    };
    bar.addEventListener("focusout", ({ relatedTarget }) => {
      if (bar.contains(relatedTarget)) return;
      bar.classList.remove("stays");
      putBack();
    });
    const showPlace = () => { next.textContent = at < 0 ? "Next difference" : "Next (" + (at + 1) + " of " + stops.length + ")"; };
    const SLICE = 4; // milliseconds for what is out of sight, from frame to frame
    async function show(name, where, atOnce = false) {
      const number = data.readings.findIndex((reading) => reading.name === name), reading = data.readings[number];
      if (number !== shown) {
        const mine = ++asked, seen = inSight(); // measured before anything is changed
        place.style.minHeight ||= place.getBoundingClientRect().height + "px";
        [rest, shown, at] = [[], number, -1];
        choice.value = reading ? name : "";
        bar.classList.toggle("on", number >= 0);
        bar.classList.toggle("stays", bar.contains(document.activeElement));
        if (number < 0) putBack();
        said.textContent = reading ? summary(reading) : "";
        why.textContent = reading ? reading.why : "";
        bar.dataset.shows = "";
        showPlace();
        if (document.getElementById("evidence")) document.dispatchEvent(new Event("input")); // which hides it
        rereading.forEach((ready) => ready());
        unmark();
        unmark = () => {};
        let since = performance.now();
        rest = turnTo(number, seen);
        for (const isDrawn of rest) {
          if (atOnce || !isDrawn && performance.now() - since < SLICE) continue;
          await drawn();
          if (mine !== asked) return;
          since = performance.now();
        }
      }
      settle();
      const target = where && document.getElementById(where);
      if (!target) return;
      uncover(target);
      target.scrollIntoView();
    }
    function step(by) {
      settle();
      if (!stops.length) return;
      at = at < 0 && by < 0 ? stops.length - 1 : (at + by + stops.length) % stops.length;
      visit(stops[at]);
      showPlace();
    }
    const address = () => new URLSearchParams(location.hash.startsWith("#reading=") ? location.hash.slice(1) : "");
    const choose = (name) => {
      afterFrame(() => // the browser takes long to write an address
        history.replaceState(history.state, "", name ? "#reading=" + name : location.pathname + location.search));
      show(name);
    };
    const follow = () => {
      const asked = address();
      if (asked.has("reading")) show(asked.get("reading"), asked.get("at"));
      else if (shown >= 0) history.replaceState(history.state, "", "#reading=" + data.readings[shown].name + (location.hash && "&at=" + location.hash.slice(1)));
    };
    unpacked("readings").then((found) => {
      if (!found) return;
      data = found;
      list();
      choice.append(new Option("as usual", ""), group("with one other assumption", data.readings.filter(({ joint }) => !joint)),
        group("with several", data.readings.filter(({ joint }) => joint)));
      bar.dataset.shows = "usual";
      usualWords = new Map(verdicts().map(([{ id }, words]) => [id, words]));
      document.querySelector("header.title").after(place, onPaper);
      choice.addEventListener("change", () => choose(choice.value));
      addEventListener("hashchange", follow);
      let onScreen = "";
      addEventListener("beforeprint", () => {
        settle();
        onScreen = data.readings[shown]?.name ?? "";
        onPaper.textContent = onScreen ? "Printed as figures are usually read. On screen they were read otherwise: " + data.readings[shown].label + "." : "";
        if (onScreen) show("", "", true);
      });
      addEventListener("afterprint", () => { if (onScreen) show(onScreen, "", true); });
      follow();
    });
  }

  // ---- rows ----

  function links() { // of the links to one target, only the first in a row is a stop for the keyboard
    for (const row of all("tbody tr")) linksOf(row);
  }
  function linksOf(row) {
    const seen = new Set();
    for (const link of row.getElementsByTagName("a")) {
      if (link.id) link.hash = row.id; // the name to copy
      const to = link.getAttribute("href");
      if (seen.has(to)) link.tabIndex = -1;
      else if (link.hasAttribute("tabindex")) link.removeAttribute("tabindex"); // in another reading it may be the first
      seen.add(to);
    }
  }
  function prepare(row) { // one that another reading has changed or brought
    linksOf(row);
    if (row.closest("table").getAttribute("role")) rolesOf(row);
  }

  // ---- a table that is shown as cards stays a table ----

  const captions = new WeakMap(); // of tables whose caption has moved

  function cards() {
    for (const table of all("table.cards")) {
      table.setAttribute("role", "table");
      if (table.caption) { // a table with a role may hold rows alone: its caption moves before it
        const title = create("div", { id: "caption-" + table.classList[1], class: table.caption.className }, ...table.caption.childNodes);
        table.before(title);
        homes.set(table.caption, title);
        captions.set(table, table.caption);
        table.caption.remove();
        table.setAttribute("aria-labelledby", title.id);
      }
      table.setAttribute("aria-colcount", heads(table).length);
      for (const part of [table.tHead, ...table.tBodies]) part?.setAttribute("role", "rowgroup");
      for (const row of table.rows) rolesOf(row);
    }
  }
  function rolesOf(row) {
    const set = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
    set(row, "role", "row");
    [...row.cells].forEach((cell, place) => {
      set(cell, "role", cell.tagName === "TD" ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader");
      set(cell, "aria-colindex", String(place + 1)); // empty cells are not shown
    });
  }

  // ---- what scrolls sideways shows to which side there is more ----

  function sides() {
    const mark = (box) => {
      const left = box.scrollWidth - box.clientWidth - box.scrollLeft;
      box.classList.toggle("before", box.scrollLeft > 2);
      box.classList.toggle("after", left > 2);
      for (const name of ["tabindex", "role", "aria-label"]) { // a stop and a name only where there is something to scroll
        if (box.scrollWidth > box.clientWidth + 1) box.setAttribute(name, labels.get(box)[name]);
        else box.removeAttribute(name);
      }
    };
    const labels = new Map();
    const sized = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
    for (const box of all(".scroll, .card[tabindex]")) {
      labels.set(box, Object.fromEntries(["tabindex", "role", "aria-label"].map((name) => [name, box.getAttribute(name)])));
      sized.observe(box);
      box.addEventListener("scroll", () => mark(box), { passive: true });
    }
  }

  const narrow = matchMedia("screen and (max-width: 44rem)");
  const once = () => { if (narrow.matches) { cards(); narrow.removeEventListener("change", once); } };
  const units = [...main.parentElement.children].flatMap((part) => part === main ? [...main.children] : [part]);
  links();
  follow();
  evidence();
  registers();
  sides();
  narrow.addEventListener("change", once);
  once();
  otherReadings(units);
  appear();
  addEventListener("hashchange", appear);
  returning();
  document.addEventListener("click", (event) => { if (event.target.closest?.("a")?.hash === location.hash) appear(); });
  return { afterFrame, all, bare, button, cardTools, count, create, heads, linksTo, main, markAbout, marked, named, namesOf, onVerdicts, outdate, reread, rereading, restsOn, rewordAll, settle, text, unclass, uncover, under, unpacked, visit };
})();
