// Take it with you: a number with its citation, a figure as SVG, PNG or CSV, the rows of a register as CSV or JSON.
// All of it is made from what the page shows, so under another reading it is that reading's, and says so.
(() => {
  "use strict";
  const { all, cardTools, create, heads, main, text } = page;
  const part = (selector) => text(document.querySelector(selector) ?? document.createElement("i"));
  const edition = part(".edition code"), licence = part(".edition .licence");
  const lines = (cell) => { // its words, line by line
    if (!cell.getElementsByTagName("br").length) return [text(cell)].filter(Boolean);
    const copy = cell.cloneNode(true);
    all("br", copy).forEach((end) => end.replaceWith("\n"));
    return copy.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
  };
  const otherReading = () => {
    const option = document.getElementById("reading")?.selectedOptions[0];
    return option?.value ? { name: option.value, label: option.text } : null;
  };
  async function settled() { // once all of the page is shown under the reading that was chosen
    while (document.querySelector(".readings")?.dataset.shows === "") await new Promise((resume) => setTimeout(resume, 20));
  }

  // ---- what is taken says where it is from ----

  function address(anchor) { // of a file only its name: the folders around it mean nothing to others
    const [page] = location.href.split("#"), reading = otherReading();
    const place = location.protocol === "file:" ? decodeURIComponent(page.slice(page.lastIndexOf("/") + 1)) : page;
    return place + "#" + (reading ? "reading=" + reading.name + "&at=" : "") + anchor;
  }
  function report(anchor) {
    const named = "“" + part("h1") + "”, report of " + part("header .date") + (edition && ", edition " + edition);
    const reading = otherReading();
    return named + (reading ? ", figures read with another assumption (" + reading.label + ")" : "") + ". " + address(anchor);
  }
  function readme(exhibit, count, source, columns) { // three lines
    const name = text(exhibit.querySelector(".label")), whole = text(exhibit.querySelector("figcaption, .caption"));
    return [
      name + ": " + whole.slice(name.length).trim() + count,
      [source, report(exhibit.id)].filter(Boolean).join(" "),
      "Columns: " + columns + (licence && " Licence: " + licence + "."),
    ];
  }
  const remarks = (about) => about.map((line) => "# " + line + "\n").join("");

  // ---- a number, from its card ----

  function citation(row) {
    const table = row.closest("table"), columns = heads(table);
    const place = (name) => columns.findIndex((head) => name.test(text(head)));
    const first = (name) => lines(row.cells[place(name)] ?? row.cells[0])[0] ?? "";
    const has = (name) => place(name) >= 0 && first(name);
    const number = text(row.cells[0]), end = " (" + number + "). " + report(row.id);
    if (!has(/^(Value|As printed|As quoted|Verdict)$/)) {
      const others = columns.map((head, at) => "brief" in head.dataset && lines(row.cells[at]).join(", ")).filter(Boolean);
      return [number, ...others].join(", ") + ". " + report(row.id);
    }
    const what = first(/^(What|Indicator)/) + (has(/^Period$/) ? ", " + first(/^Period$/) : "");
    const value = first(/^(Value|As printed|As quoted|Verdict)$/), range = has(/^(Interval|Stands for)$/);
    if (!table.dataset.shows) return what + ": " + value + (range ? " (" + range + ")" : "") + ", computed" + end;
    const stands = range ? " (stands for " + range + ")" : "";
    const where = row.cells[table.dataset.shows.split(" ")[1]], source = where.querySelector('a[href^="#S"]');
    if (!source) return what + ": " + value + stands + ", quoted from " + lines(where).join(", ") + end;
    return what + ": “" + value + "”" + stands + ", printed in " + sourceName(source) + text(where).slice(text(source).indexOf(",")) + end;
  }
  function sourceName(link) { // its title and publisher
    const row = document.getElementById(link.hash.slice(1)), columns = heads(row.closest("table"));
    const [title, publisher] = ["Title", "Publisher"].map((name) => text(row.cells[columns.findIndex((head) => text(head) === name)] ?? link));
    return "“" + title + "”" + (publisher && ", " + publisher);
  }
  function copier(label, what, work, attributes = {}) { // a button and its status
    const button = create("button", { type: "button", ...attributes }, label);
    const status = create("span", { class: "status", role: "status" });
    button.addEventListener("click", async () => {
      status.textContent = "";
      await settled();
      const words = work();
      try {
        await navigator.clipboard.writeText(words);
        status.textContent = "Copied";
      } catch { // a page opened from a file may not be allowed to
        const field = button.parentElement.querySelector("textarea") ?? create("textarea", { readonly: "", rows: "5", "aria-label": what });
        field.value = words;
        button.parentElement.append(field);
        field.select();
        field.scrollIntoView({ block: "nearest" });
        status.textContent = "Selected, to be copied";
      }
    });
    return [button, status];
  }
  cardTools.push((row) => copier("Copy with citation", "The number with its citation", () => citation(row), { tabindex: "-1" })); // the arrow keys reach it
  for (const [place, words] of all(".edition pre").entries()) {
    const kind = place ? "BibTeX" : "citation";
    words.after(create("div", { class: "files" }, ...copier("Copy " + kind, "The " + kind, () => words.textContent)));
  }

  // ---- files ----

  function save(name, type, content) {
    const link = create("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) });
    main.append(link); // some browsers save only what is in the page
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  function buttons(makers, fileName, of) { // a button for each kind of file; what is made of it is reported beside them
    const status = create("span", { class: "status", role: "status" });
    return [...Object.entries(makers).map(([kind, make]) => {
      const button = create("button", { type: "button" }, kind, create("span", { class: "unseen" }, " of " + of));
      button.addEventListener("click", async () => {
        status.textContent = "";
        await settled();
        const reading = otherReading(), name = fileName + (reading ? "-" + reading.name : "") + "." + kind.toLowerCase();
        save(name, ...await make());
        status.textContent = "Saved as " + name;
      });
      return button;
    }), status];
  }

  // ---- a figure ----

  const LIGHT = [...document.styleSheets[0].cssRules].filter((rule) => rule.selectorText === ":root");
  const light = (name) => LIGHT.map((rule) => rule.style.getPropertyValue(name).trim()).find(Boolean) ?? "currentColor";
  const inLight = (css) => css.replace(/var\((--[\w-]+)\)/g, (_, name) => light(name));
  const SVG = "http://www.w3.org/2000/svg", XLINK = "http://www.w3.org/1999/xlink";

  function drawing(figure, scale) { // what the page shows on a wide window, as a file of its own: colours, faces and all
    const vector = figure.querySelector("svg.vector"), copy = (vector.querySelector(".on-wide") ?? vector).cloneNode(true);
    const [, , width, height] = copy.getAttribute("viewBox").split(" ").map((points) => scale * points * 4 / 3); // in pixels
    const classes = new Set(all("[class]", copy).map((element) => "." + element.getAttribute("class")));
    const rules = [...document.styleSheets[0].cssRules].filter((rule) => classes.has(rule.selectorText)).map((rule) => rule.cssText);
    const bold = rules.some((rule) => rule.includes("font-weight: 700"));
    const faces = [...document.styleSheets[0].cssRules].filter((rule) => rule.constructor.name === "CSSFontFaceRule")
      .filter((rule) => bold || rule.style.getPropertyValue("font-weight") !== "700").map((rule) => rule.cssText);
    const basic = "* { stroke-linejoin: round } text { font-family: var(--figure); white-space: pre; fill: var(--ink) }";
    for (const name of copy.getAttributeNames()) if (name !== "viewBox") copy.removeAttribute(name);
    for (const [name, value] of Object.entries({ width, height, role: "img" })) copy.setAttribute(name, value);
    for (const use of all("use", copy)) use.setAttributeNS(XLINK, "xlink:href", use.getAttribute("href")); // for older programs
    const inside = { title: readme(figure, "", "", "")[0], desc: vector.getAttribute("aria-label") + " " + report(figure.id), style: [...faces, inLight([basic, ...rules].join("\n"))].join("\n") };
    copy.prepend(...Object.entries(inside).map(([name, words]) => {
      const element = document.createElementNS(SVG, name);
      element.textContent = words;
      return element;
    }));
    return new XMLSerializer().serializeToString(copy);
  }
  async function painted(figure) { // at twice its size
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawing(figure, 2));
    await image.decode();
    const canvas = create("canvas", { width: Math.round(image.naturalWidth), height: Math.round(image.naturalHeight) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }
  function numbers(figure, link) {
    const address = link.getAttribute("href"), csv = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    const columns = csv.slice(0, csv.indexOf("\n")).split(",").join(", ") + "; the last names what each row comes from.";
    return remarks(readme(figure, "", text(figure.querySelector(".source") ?? link), columns)) + csv;
  }
  for (const figure of all("figure.exhibit", main)) {
    const link = figure.querySelector("a[download]");
    if (!link || !figure.querySelector("svg.vector")) continue;
    const label = text(figure.querySelector(".label")), makers = {
      SVG: () => ["image/svg+xml", drawing(figure, 1)],
      PNG: async () => ["image/png", await painted(figure)],
      CSV: () => ["text/csv", numbers(figure, link)],
    };
    const summary = create("summary", {}, "Take this figure", create("span", { class: "unseen" }, ", " + label));
    figure.querySelector("details.data").before(create("details", { class: "take" }, summary,
      create("div", { class: "files" }, ...buttons(makers, link.download.replace(/\.csv$/, ""), label))));
  }

  // ---- the rows of a register ----

  // A cell that a spreadsheet would run as a formula is marked as text by an apostrophe, as in every CSV file of the report.
  const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/, A_NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
  const harmless = (cell) => FORMULA.test(cell) && !A_NUMBER.test(cell) ? "'" + cell : cell;
  const csvLine = (cells) => cells.map(harmless).map((cell) => /[",\r\n]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell).join(",") + "\n";
  const key = (words) => words.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");

  function columnsOf(table, rows) { // the names of each, and what they are of a row; "Source, line" and "Indicator, name" are two
    const columns = heads(table).map((head, place) => {
      const cell = (row) => row.cells[place], [, one, other] = /^(.*), (?:its )?(\S+)$/.exec(text(head)) ?? [];
      if (!other) return { names: [text(head)], values: (row) => [lines(cell(row)).join("\n")] };
      const broken = rows.some((row) => cell(row).querySelector("br"));
      const values = (row) => {
        const parts = broken ? lines(cell(row)) : text(cell(row)).split(", ");
        const last = parts.length > 1 ? parts.pop() : "";
        return [parts.join(broken ? "\n" : ", "), last.startsWith(other + " ") ? last.slice(other.length + 1) : last];
      };
      return { names: [one, other], values };
    });
    return [...columns, { names: ["anchor"], values: (row) => [row.id] }];
  }
  function taken(table, exhibit) {
    const every = [...table.tBodies[0].rows], rows = every.filter((row) => !row.hidden), columns = columnsOf(table, every);
    const names = columns.flatMap((column) => column.names.map(key));
    const count = " (" + (rows.length < every.length ? rows.length + " of " : "") + every.length + " rows)";
    const explained = names.join(", ") + ". Numbers are as the page prints them; the files attached to the PDF have more digits.";
    return [readme(exhibit, count, "", explained), names, rows.map((row) => columns.flatMap((column) => column.values(row)))];
  }
  for (const table of all("table.register", main)) {
    const exhibit = table.closest(".exhibit"), makers = {
      CSV() {
        const [about, names, rows] = taken(table, exhibit);
        return ["text/csv", remarks(about) + [names, ...rows].map(csvLine).join("")];
      },
      JSON() {
        const [about, names, rows] = taken(table, exhibit);
        const objects = rows.map((row) => Object.fromEntries(row.map((value, place) => [names[place], value])));
        return ["application/json", JSON.stringify({ about, rows: objects }, null, 1) + "\n"];
      },
    };
    table.closest(".scroll").before(create("div", { class: "take files" }, "Download as", ...buttons(makers, exhibit.id.replace(/^tbl-/, ""), text(exhibit.querySelector(".label")))));
  }
})();
