// Take it with you: a number with its citation, a figure as SVG, PNG or CSV, the rows of a register as CSV or JSON.
// All of it is made from what the page shows, so under another reading it is that reading's, and says so.
(() => {
  "use strict";
  const { all, bare, button, cardTools, create, heads, main, named, reread, rereading, settle, text } = page;
  const part = (selector, root = document) => text(root.querySelector(selector) ?? create("i"));
  const edition = part(".edition code"), licence = part(".edition .licence");
  const licensed = licence ? ["Licence: " + licence + "."] : [];
  const lines = (whole, blanks = /\s+/g) => { // the words of a cell, line by line
    const cell = bare(whole), broken = cell.getElementsByTagName("br").length, copy = broken ? cell.cloneNode(true) : cell;
    if (broken) all("br", copy).forEach((end) => end.replaceWith("\r"));
    return copy.textContent.split("\r").map((line) => line.replace(blanks, " ").trim()).filter(Boolean);
  };
  const otherReading = () => {
    const option = document.getElementById("reading")?.selectedOptions[0];
    return option?.value ? { name: option.value, label: option.text } : null;
  };

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
  function readme(exhibit, count, source, columns = []) { // lines on the whole, and one for each column
    const name = text(exhibit.querySelector(".label")), whole = text(exhibit.querySelector("figcaption, .caption"));
    return [
      name + ": " + whole.slice(name.length).trim() + count,
      [source, report(exhibit.id)].filter(Boolean).join(" "),
      ...licensed,
      "Columns:",
      ...columns.map(([column, meaning]) => column + ": " + meaning),
    ];
  }
  const remarks = (about) => about.map((line) => "# " + line + "\n").join("");

  // ---- a number, from its card ----

  function citation(row) {
    const table = row.closest("table"), columns = heads(table);
    const place = (name) => columns.findIndex((head) => name.test(text(head)));
    const first = (name) => lines(row.cells[place(name)] ?? row.cells[0])[0] ?? "";
    const has = (name) => place(name) >= 0 && first(name);
    const number = text(bare(row.cells[0])), end = " (" + number + "). " + report(row.id);
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
  function copier(label, what, work) { // a button and its status
    const status = create("span", { class: "status", role: "status" });
    const copy = button(label, async () => {
      status.textContent = "";
      settle();
      const words = work();
      try {
        await navigator.clipboard.writeText(words);
        status.textContent = "Copied";
      } catch { // a page opened from a file may not be allowed to
        const field = copy.parentElement.querySelector("textarea") ?? create("textarea", { readonly: "", rows: "5", "aria-label": what });
        field.value = words;
        copy.parentElement.append(field);
        field.select();
        field.scrollIntoView({ block: "nearest" });
        status.textContent = "Selected, to be copied";
      }
    });
    return [copy, status];
  }
  cardTools.push((row) => copier("Copy with citation", "The number with its citation", () => citation(row)));
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
      const maker = button(kind, async () => {
        status.textContent = "";
        settle();
        const reading = otherReading(), name = fileName + (reading ? "-" + reading.name : "") + "." + kind.toLowerCase();
        save(name, ...await make());
        status.textContent = "Saved as " + name;
      });
      maker.append(create("span", { class: "unseen" }, " of " + of));
      return maker;
    }), status];
  }

  // ---- a figure ----

  main.parentElement.classList.add("takes");

  const LIGHT = [...document.styleSheets[0].cssRules].filter((rule) => rule.selectorText === ":root");
  const light = (name) => LIGHT.map((rule) => rule.style.getPropertyValue(name).trim()).find(Boolean) ?? "currentColor";
  const inLight = (css) => css.replace(/var\((--[\w-]+)\)/g, (_, name) => light(name));
  const SVG = "http://www.w3.org/2000/svg", XLINK = "http://www.w3.org/1999/xlink";
  const EDGE = 14; // around a figure, in its points

  const svg = (tag, attributes, ...inside) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const pen = create("canvas").getContext("2d");
  function wrapped(words, size, weight, width) { // in lines
    pen.font = weight + " " + size + "px " + light("--figure");
    const lines = [""];
    for (const word of words.split(/(?<=[ /])/)) {
      if (pen.measureText((lines.at(-1) + word).trimEnd()).width > width && lines.at(-1)) lines.push("");
      lines[lines.length - 1] += word;
    }
    return lines;
  }
  function framed(figure, [left, top, width, height], inside) { // its title above, and below what it shows and where it is from
    const [title, label, caption, source] = ["figcaption", ".label", ".notes p:not(.source, .places)", ".source"].map((place) => part(place, figure));
    const frame = svg("g", {});
    let down = EDGE;
    const write = (words, size, weight, colour) => {
      for (const line of wrapped(words, size, weight, width)) {
        frame.append(svg("text", { x: EDGE, y: down + size, style: "font-size: " + size + "px; font-weight: " + weight + "; fill: " + light(colour) }, line.trimEnd()));
        down += size * 1.35;
      }
      down += 2;
    };
    write(title.slice(label.length).trim(), 12, 700, "--ink");
    frame.append(svg("g", { transform: "translate(" + (EDGE - left) + " " + (down + 6 - top) + ")" }, ...inside));
    down += height + 12;
    for (const words of [caption, source, label + " of " + report(figure.id), ...licensed].filter(Boolean)) write(words, 8, 400, "--soft");
    const size = [width + 2 * EDGE, down + EDGE - 3];
    frame.prepend(svg("rect", { width: size[0], height: size[1], fill: "#fff" })); // also where the page is dark
    return [size, frame];
  }
  function drawing(figure, scale) { // what the page shows on a wide window, as a file of its own: colours, faces and all
    const vector = figure.querySelector("svg.vector"), copy = (vector.querySelector(".on-wide") ?? vector).cloneNode(true);
    const classes = new Set(all("[class]", copy).map((element) => "." + element.getAttribute("class")));
    const sheet = [...document.styleSheets[0].cssRules];
    const rules = sheet.filter((rule) => classes.has(rule.selectorText)).map((rule) => rule.cssText);
    const faces = sheet.filter((rule) => rule.constructor.name === "CSSFontFaceRule").map((rule) => rule.cssText);
    const basic = "* { stroke-linejoin: round } text { font-family: var(--figure); white-space: pre; fill: var(--ink) }";
    for (const use of all("use", copy)) use.setAttributeNS(XLINK, "xlink:href", use.getAttribute("href")); // for older programs
    const [[width, height], frame] = framed(figure, copy.getAttribute("viewBox").split(" ").map(Number), copy.childNodes);
    const pixels = (points) => scale * points * 4 / 3;
    return new XMLSerializer().serializeToString(svg("svg", { viewBox: [0, 0, width, height].join(" "), width: pixels(width), height: pixels(height), role: "img" },
      svg("title", {}, readme(figure, "", "")[0]),
      svg("desc", {}, vector.getAttribute("aria-label")),
      svg("style", {}, [...faces, inLight([basic, ...rules].join("\n"))].join("\n")), frame));
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
    const origins = figure.querySelector(".data [data-from]"), columns = heads(figure.querySelector(".data table")).slice(0, origins ? -1 : undefined);
    const named = csv.slice(0, csv.indexOf("\n")).match(/("[^"]*")+|[^,]+/g).map((name, place, { length }) => {
      const head = columns[place], source = head?.querySelector('a[href^="#S"]'); // a page may show only the first of many
      if (origins && place === length - 1) return [name, "what the row comes from: ids of figures and results"];
      return [name, source ? sourceName(source) + text(head).slice(text(source).length) : head ? text(head) : name];
    });
    return remarks(readme(figure, "", part(".source", figure), named)) + csv;
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

  // Under another reading, the file of a figure is made of the table that shows its numbers (report/pages/derived_files.py).
  const usual = new Map(); // addresses of files, by their links
  const nameOf = (link) => { // of a result its name, of a figure its anchor
    const row = named(link.hash);
    return row?.id.startsWith("f-") ? lines(row.cells[1]).pop() : row?.id ?? link.hash.slice(1);
  };
  function fromTable(link) {
    const words = (cell) => {
      const said = lines(cell, /[ \n\t]+/g).join(" "), loose = link.matches(".tied") ? said : said.replaceAll("\u00a0", " ");
      return /^(True|False)$/.test(loose) ? loose.toLowerCase() : loose;
    };
    const rows = [...link.closest("details").querySelector("tbody").rows].map(({ cells }) =>
      [...[...cells].slice(0, -1).map(words), all("a", cells[cells.length - 1]).map(nameOf).join(" ")]);
    const address = link.getAttribute("href"), columns = address.slice(0, address.indexOf("%0A") + 3);
    const kept = /%(2C|3A|3B|2F|3D|2B|5B|5D|7C|40|24)/g;
    return columns + encodeURIComponent(rows.map(csvLine).join("")).replace(kept, decodeURIComponent).replaceAll("'", "%27");
  }
  rereading.push(() => {
    for (const [link, address] of usual) link.setAttribute("href", address);
    usual.clear();
  });
  reread.push(() => {
    for (const link of all("a.from-table", main)) {
      usual.set(link, link.getAttribute("href"));
      link.setAttribute("href", fromTable(link));
    }
  });

  // ---- the rows of a register ----

  // A cell that a spreadsheet would run as a formula is marked as text by an apostrophe, as in every CSV file of the report.
  const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/, A_NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
  const harmless = (cell) => FORMULA.test(cell) && !A_NUMBER.test(cell) ? "'" + cell : cell;
  const csvLine = (cells) => cells.map(harmless).map((cell) => /[",\r\n]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell).join(",") + "\n";
  const key = (words) => words.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");

  function columnsOf(table, rows) { // the names of each, and what they are of a row; "Source, line" and "Indicator, name" are two
    const columns = heads(table).map((head, place) => {
      const cell = (row) => bare(row.cells[place], "summary"), [, one, other] = /^(.*), (?:its )?(\S+)$/.exec(text(head)) ?? [];
      if (!other) return { head, names: [text(head)], values: (row) => [lines(cell(row)).join("; ")] };
      const broken = rows.some((row) => cell(row).querySelector("br"));
      const values = (row) => {
        const parts = broken ? lines(cell(row)) : text(cell(row)).split(", ");
        const last = parts.length > 1 ? parts.pop() : "";
        return [parts.join(broken ? "; " : ", "), last.startsWith(other + " ") ? last.slice(other.length + 1) : last];
      };
      return { head, names: [one, other], values };
    });
    return [...columns, { names: ["anchor"], values: (row) => [row.id] }];
  }
  function meanings({ head, names }) { // the title of a head explains its column, or the two that are made of it
    const meaning = !head ? "its place on the page" : "back" in head.dataset ? "what uses or shows it" : head.title;
    const words = names.length > 1 ? meaning.split("; ") : [meaning];
    return names.map((name, place) => [key(name), words[place] || name]);
  }
  function taken(table, exhibit) {
    const every = [...table.tBodies[0].rows], rows = every.filter((row) => !row.hidden), columns = columnsOf(table, every);
    const names = columns.flatMap((column) => column.names.map(key));
    const count = " (" + (rows.length < every.length ? rows.length + " of " : "") + every.length + " rows)";
    const digits = "Numbers are as the page prints them; the files attached to the PDF have more digits.";
    return [readme(exhibit, count, digits, columns.flatMap(meanings)), names, rows.map((row) => columns.flatMap((column) => column.values(row)))];
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
