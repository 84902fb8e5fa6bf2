// What can be found out about a page from inside it: each function returns problems, and how much it examined.
globalThis.look = (() => {
  const said = e => `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}${e.className && e.className.baseVal === undefined ? "." + e.className : ""} “${(e.textContent || e.alt || "").trim().slice(0, 40)}”`;
  // Shown to the eye: neither hidden nor clipped away to one pixel for a screen reader alone.
  const clippedAway = new WeakMap();
  function unseen(e) {
    if (!e) return false;
    if (!clippedAway.has(e)) clippedAway.set(e, getComputedStyle(e).clipPath === "inset(50%)" || unseen(e.parentElement));
    return clippedAway.get(e);
  }
  const shown = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip:not(:focus)") && !unseen(e);
  const told = (problems, examined) => ({ problems: problems.slice(0, 20), count: problems.length, examined });

  // Texts of the page with the element they stand in.
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
  // Every background a text may stand on: of a gradient, plain and under each of its colours.
  function grounds(e, known) {
    if (!e) return [matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1]];
    if (known.has(e)) return known.get(e);
    const style = getComputedStyle(e), own = colour(style.backgroundColor);
    let found = own[3] === 1 ? [own] : grounds(e.parentElement, known).map(under => over(own, under));
    const stops = style.backgroundImage.includes("gradient") ? style.backgroundImage.match(/rgba?\([^)]*\)|color\([^)]*\)/g) ?? [] : [];
    if (stops.length) found = found.flatMap(under => [under, ...stops.map(stop => over(colour(stop), under))]);
    found = [...new Map(found.map(c => [c.map(Math.round).join(), c])).values()];
    known.set(e, found);
    return found;
  }

  const cells = () => [...document.querySelectorAll("th, td")].filter(c => c.textContent.trim() && shown(c));

  return {
    // Contrast of every text with every ground it may stand on: 4.5, or 3 where it is large.
    contrast() {
      const problems = new Map(), known = new Map(), done = new Set();
      let examined = 0;
      for (const node of texts()) {
        const e = node.parentElement;
        examined++;
        if (done.has(e) || e.closest("[aria-disabled=true], :disabled")) continue;
        done.add(e);
        const style = getComputedStyle(e), size = parseFloat(style.fontSize);
        const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
        let seen = 1;
        for (let up = e; up; up = up.parentElement) seen *= getComputedStyle(up).opacity;
        for (const ground of grounds(e, known)) {
          const ink = colour(style.color);
          const found = contrast(over([...ink.slice(0, 3), ink[3] * seen], ground), ground);
          const key = `${style.color} × ${seen.toFixed(2)} on ${ground.map(Math.round)}`;
          if (found < wanted && !problems.has(key)) problems.set(key, `${found.toFixed(2)} of ${wanted}: ${key}, ${said(e)}`);
        }
      }
      return told([...problems.values()], examined);
    },
    // The page itself does not scroll sideways, and nothing stands outside it but in a box that scrolls.
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
        if (!up) problems.push(`${said(e)} reaches to ${Math.round(box.right)} of ${innerWidth}`);
      }
      return told(problems, examined);
    },
    // No text leaves its cell, and none is cut off by a box that neither shows nor scrolls to it.
    clipped() {
      const problems = [];
      let examined = 0;
      for (const cell of cells()) {
        examined++;
        const box = cell.getBoundingClientRect();
        const out = boxes(cell).find(b => b.left < box.left - 1.5 || b.right > box.right + 1.5 || b.top < box.top - 3 || b.bottom > box.bottom + 3);
        if (out) problems.push(`${said(cell)} leaves its cell`);
      }
      for (const e of document.body.querySelectorAll("*")) {
        if (!shown(e)) continue;
        const style = getComputedStyle(e);
        const hides = axis => /hidden|clip/.test(axis);
        if (!hides(style.overflowX) && !hides(style.overflowY)) continue;
        examined++;
        if ((hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1) || (hides(style.overflowY) && e.scrollHeight > e.clientHeight + 2)) problems.push(`${said(e)} hides some of what is in it`);
      }
      return told(problems, examined);
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
          if (!apart) problems.push(`${said(one.e)} and ${said(other.e)}`);
        }
      }
      return told(problems, lines.length);
    },
    // Controls are large enough for a finger.
    targets(least = 24) {
      const found = [...document.querySelectorAll("button, summary, input, select, textarea, [role=button], .contents a")].filter(e => shown(e) && !e.closest("p"));
      const small = found.filter(e => { const b = e.getBoundingClientRect(); return b.width < least || b.height < least - 0.5; });
      return told(small.map(e => `${said(e)} is ${Math.round(e.getBoundingClientRect().width)} × ${e.getBoundingClientRect().height.toFixed(1)}`), found.length);
    },
    // Text is large enough to read.
    small(least = 11) {
      const problems = new Map();
      let examined = 0;
      for (const node of texts()) {
        examined++;
        const size = parseFloat(getComputedStyle(node.parentElement).fontSize) * (node.parentElement.getScreenCTM?.()?.a ?? 1);
        if (size < least) problems.set(node.parentElement.tagName + node.parentElement.className + size, `${size.toFixed(1)} px: ${said(node.parentElement)}`);
      }
      return told([...problems.values()], examined);
    },
    // The text of every drawing stands within it; `sources` are SVGs.
    drawings(sources) {
      const problems = [];
      let examined = 0;
      sources.forEach((source, i) => {
        const held = document.createElement("div");
        held.style.width = "900px";
        document.body.append(held);
        held.innerHTML = source;
        const svg = held.querySelector("svg"), frame = svg.getBoundingClientRect();
        for (const text of svg.querySelectorAll("text")) {
          examined++;
          const b = text.getBoundingClientRect();
          if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1) problems.push(`drawing ${i}: “${text.textContent}”`);
        }
        held.remove();
      });
      return told(problems, examined);
    },
    // All but the contents that lie over the text, which a reader opens to choose from.
    unfold() { const folded = [...document.querySelectorAll("details:not(.narrow *)")]; folded.forEach(d => (d.open = true)); return folded.length; },
    // Leave one cell of each shape in every kind of table, and a few words of code: what axe sees in one it sees in all.
    thin() {
      const before = document.querySelectorAll("*").length, seen = new Set();
      const shape = e => `${e.tagName}.${e.className}(${[...new Set([...e.children].filter(c => !/^(WBR|BR)$/.test(c.tagName)).map(shape))]})`;
      for (const table of document.querySelectorAll("table")) for (const row of [...table.rows]) {
        const keys = [...row.cells].map(cell => `${table.className} ${row.className} ${shape(cell)}`);
        if (row.rowIndex > 2 && keys.every(key => seen.has(key))) row.remove();
        keys.forEach(key => seen.add(key));
      }
      for (const cell of document.querySelectorAll("td, th")) for (const part of [...cell.querySelectorAll("*")].slice(8)) part.remove();
      const words = new Set();
      for (const span of [...document.querySelectorAll("pre span")]) { if (words.has(span.className)) span.replaceWith(span.textContent); words.add(span.className); }
      return { before, after: document.querySelectorAll("*").length };
    },
    async axe(options) {
      const found = await axe.run(document, options);
      const brief = list => list.map(r => ({ rule: r.id, nodes: r.nodes.length, first: r.nodes[0].html.slice(0, 160), all: r.nodes.map(n => n.html.slice(0, 20)), why: r.nodes[0].failureSummary ?? "" }));
      return { violations: brief(found.violations), incomplete: brief(found.incomplete), passes: found.passes.length, inapplicable: found.inapplicable.length, rules: found.passes.length + found.inapplicable.length + found.violations.length + found.incomplete.filter(r => !found.passes.some(p => p.id === r.id) && !found.violations.some(p => p.id === r.id)).length, examined: document.querySelectorAll("*").length };
    },
    // Where the focus is: its place in the document's order, what it is, and how it shows.
    focus() {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      // The card of a number comes and goes: what stands in it has the place of the number, and a little.
      const all = [...document.querySelectorAll("*")].filter(one => !one.closest("#evidence")), card = e.closest("#evidence");
      const at = card ? all.indexOf(card.previousElementSibling) + [...card.querySelectorAll("*")].indexOf(e) / 1000 + 0.001 : all.indexOf(e);
      const style = getComputedStyle(e), b = e.getBoundingClientRect();
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      const ink = colour(style.outlineColor), known = new Map(), ground = grounds(e.parentElement, known)[0];
      return { place: at, what: said(e), visible: (outlined && contrast(over(ink, ground), ground) >= 3) || style.boxShadow !== "none", onScreen: b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth, tag: e.tagName, id: e.id, inMain: !!e.closest("main") };
    },
    text() { return document.body.innerText.replace(/\s+/g, " "); },
  };
})();
