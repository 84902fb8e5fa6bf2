// What can be found out about a page from inside it: each function returns problems, and how much it examined.
globalThis.look = (() => {
  const describe = e => `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}${e.className && e.className.baseVal === undefined ? "." + e.className : ""} “${(e.textContent || e.alt || "").trim().slice(0, 40)}”`;
  // Shown to the eye: neither hidden nor clipped away to one pixel for a screen reader alone.
  const clippedAway = new WeakMap();
  function unseen(e) {
    if (!e) return false;
    if (!clippedAway.has(e)) clippedAway.set(e, getComputedStyle(e).clipPath === "inset(50%)" || unseen(e.parentElement));
    return clippedAway.get(e);
  }
  const shown = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip:not(:focus)") && !unseen(e);
  const result = (problems, examined) => ({ problems: problems.slice(0, 20), count: problems.length, examined });

  // Texts of the page, each with its element.
  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
      if (node.data.trim() && !node.parentElement.closest("script, style, template, noscript") && shown(node.parentElement)) yield node;
    }
  }
  const boxes = node => { const range = document.createRange(); range.selectNodeContents(node); return [...range.getClientRects()].filter(b => b.width > 0.5 && b.height > 0.5); };
  const scrolls = style => /auto|scroll/.test(style.overflowX) || /auto|scroll/.test(style.overflowY);

  // colours
  const number = /[\d.]+/g;
  const colour = words => { const n = words.match(number).map(Number); return words.startsWith("color(") ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  // Every background a text may have: of a gradient, plain and under each of its colours.
  function grounds(e, computed) {
    if (!e) return [matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1]];
    if (computed.has(e)) return computed.get(e);
    const style = getComputedStyle(e), own = colour(style.backgroundColor);
    let found = own[3] === 1 ? [own] : grounds(e.parentElement, computed).map(under => over(own, under));
    const stops = style.backgroundImage.includes("gradient") ? style.backgroundImage.match(/rgba?\([^)]*\)|color\([^)]*\)/g) ?? [] : [];
    if (stops.length) found = found.flatMap(under => [under, ...stops.map(stop => over(colour(stop), under))]);
    found = [...new Map(found.map(c => [c.map(Math.round).join(), c])).values()];
    computed.set(e, found);
    return found;
  }

  // How opaque an element is with all that it lies in.
  function opacity(e, computed) {
    if (!e) return 1;
    if (!computed.has(e)) computed.set(e, getComputedStyle(e).opacity * opacity(e.parentElement, computed));
    return computed.get(e);
  }

  // How large a drawing is shown, turned words too.
  const scale = e => { const shownAs = e.getScreenCTM?.(); return shownAs ? Math.hypot(shownAs.a, shownAs.b) : 1; };
  const cells = () => [...document.querySelectorAll("th, td")].filter(c => c.textContent.trim() && shown(c));

  return {
    // Contrast of every text with every background it may have: 4.5, or 3 where it is large.
    contrast() {
      const problems = new Map(), computed = new Map(), opaque = new Map(), done = new Set();
      let examined = 0;
      for (const node of texts()) {
        const e = node.parentElement;
        examined++;
        if (done.has(e) || e.closest("[aria-disabled=true], :disabled")) continue;
        done.add(e);
        const style = getComputedStyle(e), size = parseFloat(style.fontSize);
        const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
        const seen = opacity(e, opaque);
        for (const ground of grounds(e, computed)) {
          const ink = colour(style.color);
          const found = contrast(over([...ink.slice(0, 3), ink[3] * seen], ground), ground);
          const key = `${style.color} × ${seen.toFixed(2)} on ${ground.map(Math.round)}`;
          if (found < wanted && !problems.has(key)) problems.set(key, `${found.toFixed(2)} of ${wanted}: ${key}, ${describe(e)}`);
        }
      }
      return result([...problems.values()], examined);
    },
    // The page itself does not scroll sideways, and nothing is outside it except in a box that scrolls.
    sideways() {
      const wide = document.documentElement.scrollWidth, problems = wide > innerWidth ? [`the page is ${wide} px wide on ${innerWidth}`] : [];
      let examined = 0;
      for (const e of document.body.querySelectorAll("*")) {
        if (!shown(e) || e.closest("svg, math") !== null) continue;
        examined++;
        const box = e.getBoundingClientRect();
        if (box.width < 1 || box.right + scrollX <= innerWidth + 1) continue;
        let up = e.parentElement;
        while (up && !scrolls(getComputedStyle(up))) up = up.parentElement;
        if (!up) problems.push(`${describe(e)} reaches to ${Math.round(box.right)} of ${innerWidth}`);
      }
      return result(problems, examined);
    },
    // No text leaves its cell, and none is cut off by a box that neither shows nor scrolls to it.
    clipped() {
      const problems = [];
      let examined = 0;
      for (const cell of cells()) {
        examined++;
        const box = cell.getBoundingClientRect();
        const out = boxes(cell).find(b => b.left < box.left - 1.5 || b.right > box.right + 1.5 || b.top < box.top - 3 || b.bottom > box.bottom + 3);
        if (out) problems.push(`${describe(cell)} leaves its cell`);
      }
      for (const e of document.body.querySelectorAll("*")) {
        if (!shown(e)) continue;
        const style = getComputedStyle(e);
        const hides = axis => /hidden|clip/.test(axis);
        if (!hides(style.overflowX) && !hides(style.overflowY)) continue;
        examined++;
        if ((hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1) || (hides(style.overflowY) && e.scrollHeight > e.clientHeight + 2)) problems.push(`${describe(e)} hides some of what is in it`);
      }
      return result(problems, examined);
    },
    // No line of text lies over another.
    overlapping() {
      const lines = [], problems = [];
      for (const node of texts()) {
        if (node.parentElement.closest("math, svg") || getComputedStyle(node.parentElement).position === "fixed" || node.parentElement.closest(".contents")) continue; // contents stay while the text goes by
        for (const b of boxes(node)) lines.push({ l: b.left, r: b.right, t: b.top + scrollY + b.height * 0.22, b: b.bottom + scrollY - b.height * 0.22, e: node.parentElement });
      }
      lines.sort((p, q) => p.t - q.t);
      for (let i = 0; i < lines.length; i++) {
        const one = lines[i];
        for (let j = i + 1; j < lines.length && lines[j].t < one.b; j++) {
          const other = lines[j];
          if (Math.min(one.r, other.r) - Math.max(one.l, other.l) < 2 || Math.min(one.b, other.b) - other.t < 2) continue;
          const apart = one.e.closest(".scroll, pre") !== other.e.closest(".scroll, pre"); // what is scrolled away is not seen
          if (!apart) problems.push(`${describe(one.e)} and ${describe(other.e)}`);
        }
      }
      return result(problems, lines.length);
    },
    // Controls are large enough for a finger.
    targets(least = 24) {
      const found = [...document.querySelectorAll("button, summary, input, select, textarea, [role=button], .contents a")].filter(e => shown(e) && !e.closest("p"));
      const small = found.filter(e => { const b = e.getBoundingClientRect(); return b.width < least || b.height < least - 0.5; });
      return result(small.map(e => `${describe(e)} is ${Math.round(e.getBoundingClientRect().width)} × ${e.getBoundingClientRect().height.toFixed(1)}`), found.length);
    },
    // Text is large enough to read; that of a chart, drawn for phones on a phone, may be smaller there.
    small(usual = 11) {
      const problems = new Map();
      let examined = 0;
      for (const node of texts()) {
        examined++;
        const size = parseFloat(getComputedStyle(node.parentElement).fontSize) * scale(node.parentElement);
        const onPhone = innerWidth < 640 && node.parentElement.closest("svg.vector");
        const least = onPhone ? 9 * innerWidth / 390 : usual;
        if (size < least) problems.set(node.parentElement.tagName + node.parentElement.className + size, `${size.toFixed(1)} px: ${describe(node.parentElement)}`);
      }
      return result([...problems.values()], examined);
    },
    // The text of every drawing is within it; `sources` are SVGs.
    drawings(sources) {
      const problems = [];
      let examined = 0;
      sources.forEach((source, i) => {
        const box = document.createElement("div");
        box.style.width = "900px";
        document.body.append(box);
        box.innerHTML = source;
        const svg = box.querySelector("svg"), frame = svg.getBoundingClientRect();
        for (const text of svg.querySelectorAll("text")) {
          examined++;
          const b = text.getBoundingClientRect();
          if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1) problems.push(`drawing ${i}: “${text.textContent}”`);
        }
        box.remove();
      });
      return result(problems, examined);
    },
    // Words of a drawing stand out from what is painted under them by 4.5, and each mark from what lies beside it by 3:
    // the mark itself or the line around it. A cell of a grid of steps has its number in it, and an empty one tells
    // nothing; the faint band of an interval stands out by 1.4 around a solid mark of its own colour.
    colours(index) {
      const problems = [], drawing = document.querySelectorAll("svg.vector")[index];
      let words = 0, marks = 0, bands = 0;
      drawing.scrollIntoView({ block: "center", inline: "center" });
      const paints = e => {
        const style = getComputedStyle(e), seen = parseFloat(style.opacity);
        return ["fill", "stroke"].filter(kind => style[kind] !== "none" && (kind === "fill" || parseFloat(style.strokeWidth) > 0)).map(kind => {
          const c = colour(style[kind]);
          return { kind, colour: [...c.slice(0, 3), c[3] * seen * parseFloat(style[kind + "Opacity"])] };
        });
      };
      const under = (e, x, y) => {
        const stack = document.elementsFromPoint(x, y), mine = stack.indexOf(e);
        let ground = grounds(drawing, new Map())[0];
        for (const one of stack.slice(mine + 1).filter(o => o.closest("svg.vector") && o.tagName !== "svg" && o.tagName !== "text").reverse()) {
          const paint = paints(one).find(p => p.kind === "fill") ?? paints(one)[0];
          if (paint) ground = over(paint.colour, ground);
        }
        return ground;
      };
      for (const text of drawing.querySelectorAll("text")) {
        if (!text.getClientRects().length) continue; // of the drawing for another width
        words++;
        const b = text.getBoundingClientRect(), ink = paints(text).find(p => p.kind === "fill").colour;
        for (const x of [0.1, 0.5, 0.9]) {
          const ground = under(text, b.left + b.width * x, b.top + b.height / 2), found = contrast(over(ink, ground), ground);
          if (found < 4.5) { problems.push(`${found.toFixed(2)} of 4.5: the words “${text.textContent}” on ${ground.map(Math.round)}`); break; }
        }
      }
      const shapes = [...drawing.querySelectorAll("path, rect, circle, ellipse, line, polyline, polygon, use")].filter(e => !e.closest("defs, clipPath") && e.getClientRects().length);
      const paper = grounds(drawing, new Map())[0];
      const passive = ["--paper", "--grid", "--rule", "--faint", "--step-0"].map(name => { const e = document.createElement("i"); e.style.color = `var(${name})`; drawing.parentElement.append(e); const c = getComputedStyle(e).color; e.remove(); return colour(c).slice(0, 3).join(); });
      for (const e of shapes) {
        const own = paints(e).filter(p => !passive.includes(p.colour.slice(0, 3).join()));
        if (!own.length) continue;
        marks++;
        const b = e.getBoundingClientRect();
        const best = Math.max(...own.map(p => contrast(over(p.colour, paper), paper)));
        const meets = other => { const c = other.getBoundingClientRect(); return c.left <= b.right && c.right >= b.left && c.top <= b.bottom && c.bottom >= b.top; };
        const numbered = own.some(p => p.kind === "fill") && [...drawing.querySelectorAll("text")].some(text => { const c = text.getBoundingClientRect(); return meets({ getBoundingClientRect: () => new DOMRect(c.x + c.width / 2, c.y + c.height / 2, 0, 0) }); });
        const band = own.every(p => p.colour[3] < 1) && best >= 1.4 && shapes.some(other => other !== e && meets(other) && paints(other).some(p => p.colour[3] === 1 && p.colour.slice(0, 3).join() === own[0].colour.slice(0, 3).join()));
        bands += band && best < 3;
        if (best < 3 && !numbered && !band) problems.push(`${best.toFixed(2)} of 3: a mark, ${e.getAttribute("style")}`);
      }
      return { ...result(problems, words + marks), words, marks, bands };
    },
    // All but the contents that lie over the text, which a reader opens to choose from.
    unfold() { const folded = [...document.querySelectorAll("details:not(.narrow *)")]; folded.forEach(d => (d.open = true)); return folded.length; },
    // Leave a row in so many of each long table, and its first: all are alike, and a page of a fifth is laid out five times as fast.
    sample(step) {
      const before = document.querySelectorAll("*").length;
      for (const body of document.querySelectorAll("tbody")) if (body.rows.length > 20) [...body.rows].forEach((row, place) => { if (place % step) row.remove(); });
      return { before, after: document.querySelectorAll("*").length };
    },
    // Leave one cell of each shape in every kind of table, two drawings whole, and a few words of code: what axe sees in one it
    // sees in all.
    thin() {
      const before = document.querySelectorAll("*").length, seen = new Set();
      const shape = e => `${e.tagName}.${e.className}(${[...new Set([...e.children].filter(c => !/^(WBR|BR)$/.test(c.tagName)).map(shape))]})`;
      for (const table of document.querySelectorAll("table")) for (const [place, row] of [...table.rows].entries()) {
        const keys = [...row.cells].map(cell => `${table.className} ${row.className} ${shape(cell)}`);
        if (place > 2 && keys.every(key => seen.has(key))) row.remove();
        keys.forEach(key => seen.add(key));
      }
      for (const cell of document.querySelectorAll("td, th")) for (const part of [...cell.querySelectorAll("*")].slice(8)) part.remove();
      for (const drawing of [...document.querySelectorAll("svg.vector")].slice(2)) for (const text of drawing.querySelectorAll("text, use, path")) text.remove();
      const words = new Set();
      for (const span of [...document.querySelectorAll("pre span")]) { if (words.has(span.className)) span.replaceWith(span.textContent); words.add(span.className); }
      return { before, after: document.querySelectorAll("*").length };
    },
    async axe(options, within) {
      const found = await axe.run(within ? { include: within.filter(part => document.querySelector(part)).map(part => [part]) } : document, options);
      const brief = list => list.map(r => ({ rule: r.id, nodes: r.nodes.length, first: r.nodes[0].html.slice(0, 160), all: r.nodes.map(n => n.html.slice(0, 20)), why: r.nodes[0].failureSummary ?? "" }));
      return { violations: brief(found.violations), incomplete: brief(found.incomplete), passes: found.passes.length, inapplicable: found.inapplicable.length, rules: found.passes.length + found.inapplicable.length + found.violations.length + found.incomplete.filter(r => !found.passes.some(p => p.id === r.id) && !found.violations.some(p => p.id === r.id)).length, examined: document.querySelectorAll("*").length };
    },
    // Where the focus is: its place in the document's order, what it is, and how it shows.
    focus() {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      // The card of a number comes and goes: its content has the place of the number, and a little.
      const all = [...document.querySelectorAll("*")].filter(one => !one.closest("#evidence, .ring, .tip, .used, .uses")), card = e.closest("#evidence");
      const at = card ? all.indexOf(card.previousElementSibling) + [...card.querySelectorAll("*")].indexOf(e) / 1000 + 0.001 : all.indexOf(e);
      const style = getComputedStyle(e), b = e.getBoundingClientRect();
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      const ink = colour(style.outlineColor), computed = new Map(), ground = grounds(e.parentElement, computed)[0];
      return { place: at, what: describe(e), visible: (outlined && contrast(over(ink, ground), ground) >= 3) || style.boxShadow !== "none", onScreen: b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth, tag: e.tagName, id: e.id, inMain: !!e.closest("main") };
    },
    // The position of the card of a number: within the window, and not over its number. One link is held in each corner of
    // the window; others, a few of every kind and place, are brought to its upper and lower edge.
    cards(step) {
      const problems = [], opened = new Set();
      const links = [...document.querySelectorAll("main a.evidence, main td a")].filter(a => a.hash && shown(a) && document.getElementById(a.hash.slice(1))?.matches(".cards tr") && !document.getElementById(a.hash.slice(1)).contains(a));
      let examined = 0;
      const judge = (link, where) => {
        link.focus({ preventScroll: true });
        const card = document.getElementById("evidence"), number = link.getClientRects();
        if (!card) { problems.push(`${describe(link)} has no card ${where}`); return; }
        examined++;
        opened.add(link.hash);
        const b = card.getBoundingClientRect(), wide = document.documentElement.clientWidth;
        if (b.left < 0 || b.top < 0 || b.right > wide || b.bottom > innerHeight || b.width < 200 || b.height < 40) problems.push(`${describe(link)} ${where}: the card is at ${[b.left, b.top, b.right, b.bottom].map(Math.round)} of ${wide} × ${innerHeight}`);
        if ([...number].some(n => n.left < b.right && n.right > b.left && n.top < b.bottom && n.bottom > b.top)) problems.push(`${describe(link)} ${where}: the card lies over its number`);
        leave();
      };
      const leave = () => document.querySelector(".skip").focus({ preventScroll: true });
      const box = links.find(a => a.closest(".prose p"));
      for (const corner of ["left:0;top:0", "right:0;top:0", "left:0;bottom:0", "right:0;bottom:0", "left:0;top:50%", "right:0;top:50%"]) {
        box.style.cssText = `position:fixed;${corner}`;
        judge(box, corner);
      }
      box.removeAttribute("style");
      for (let i = 0; i < links.length; i += step) for (const block of ["start", "end"]) {
        links[i].scrollIntoView({ block, inline: "nearest", behavior: "instant" });
        judge(links[i], block);
      }
      return { ...result(problems, examined), opened: opened.size };
    },
    // Every cell of a table that is shown as cards begins with what its column is called.
    columnNames() {
      const problems = [];
      let examined = 0, tables = 0;
      for (const table of document.querySelectorAll("table.cards")) {
        const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells].map(head => {
          const unit = head.querySelector(".unit"), copy = head.cloneNode(true);
          copy.querySelectorAll(".unit").forEach(e => e.remove());
          return copy.textContent.trim() + (unit ? ", " + unit.textContent.trim() : "");
        });
        tables++;
        for (const row of table.tBodies[0].rows) [...row.cells].forEach((cell, place) => {
          if (!shown(cell)) return;
          examined++;
          const before = getComputedStyle(cell, "::before"), words = before.content.replace(/" \/ ""$/, "\"").slice(1, -1).replaceAll('\\"', '"');
          if (!heads[place] || words !== heads[place] || before.display === "none") problems.push(`${describe(cell)}: “${words}”, not “${heads[place]}”`);
        });
      }
      return { ...result(problems, examined), tables };
    },
    // The rows of a register that are shown, in their order, and the text about their number.
    rows(id) {
      const exhibit = document.getElementById(id), rows = [...exhibit.querySelector("table").tBodies[0].rows];
      const sorted = [...exhibit.querySelectorAll("th[aria-sort]")].map(th => [th.cellIndex, th.getAttribute("aria-sort")]);
      return { shown: rows.filter(row => shown(row)).map(row => row.id), status: exhibit.querySelector("[role=status]").textContent, sorted };
    },
    // Which rows each choice of each filter leaves.
    choices(id) {
      const found = [];
      for (const choice of document.getElementById(id).querySelectorAll(".tools select:not(.narrow-only *)")) {
        const column = [...choice.options].slice(1).map(option => {
          choice.value = option.value;
          choice.dispatchEvent(new Event("change", { bubbles: true }));
          return [option.value, this.rows(id).shown, this.rows(id).status];
        });
        choice.value = "";
        choice.dispatchEvent(new Event("change", { bubbles: true }));
        found.push([choice.labels[0].textContent, column]);
      }
      return found;
    },
    // Which entry of each contents is marked as the place of the reader, and which heading was passed last.
    async contents(at) {
      scrollTo({ top: at * (document.documentElement.scrollHeight - innerHeight), behavior: "instant" });
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      const entries = new Set([...document.querySelectorAll("nav.contents a")].map(a => a.hash));
      const passed = [...document.querySelectorAll("main h2, main h3")].filter(h => entries.has("#" + h.id) && h.getBoundingClientRect().top <= innerHeight / 4);
      const marked = [...document.querySelectorAll("nav.contents")].map(nav => [...nav.querySelectorAll("[aria-current]")].map(a => a.hash.slice(1)));
      return { marked, passed: passed.at(-1)?.id ?? null, last: [...document.querySelectorAll("nav.contents.wide a")].at(-1).hash.slice(1), now: document.querySelector("nav.narrow .now").textContent };
    },
    text() { return document.body.innerText.replace(/\s+/g, " "); },
  };
})();
