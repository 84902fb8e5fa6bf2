// Follows the preview: changed blocks are replaced where they are, problems appear above the page. Loaded before the
// page's own script, so that it finds the blocks as they were rendered. No published page has this script.
(() => {
  "use strict";
  let version = +document.currentScript.dataset.version;
  const main = document.querySelector("main");
  const blocks = [...main.children].filter((node) => !node.matches("nav"));
  const rendered = blocks.map((node) => node.cloneNode(true)); // without what the page's script adds
  const parsed = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  // ---- the page ----

  function attributes(live, old, now) {
    for (const { name } of old.attributes) if (!now.hasAttribute(name)) live.removeAttribute(name);
    for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
  }

  function rows(live, old, now) { // of a long table, which the page's script sorts and filters; false if there are others
    const frames = [old, now].map((node) => {
      const copy = node.cloneNode(true);
      copy.querySelectorAll("tbody tr").forEach((row) => row.replaceChildren());
      return copy.outerHTML;
    });
    if (frames[0] !== frames[1]) return false;
    const [before, after] = [old, now].map((node) => [...node.querySelectorAll("tbody tr")]);
    return after.every((row, index) => {
      if (row.isEqualNode(before[index])) return true;
      const shown = row.id && document.getElementById(row.id);
      if (!shown || !live.contains(shown) || shown.cells.length !== row.cells.length) return false;
      [...row.cells].forEach((cell, place) => {
        if (!cell.isEqualNode(before[index].cells[place])) shown.cells[place].replaceChildren(...cell.cloneNode(true).childNodes);
      });
      return true;
    });
  }

  function different(live, old, now) { // the first part of a block that is not what it was
    const place = [...now.children].findIndex((child, index) => !old.children[index]?.isEqualNode(child));
    return live.children[Math.min(place, live.children.length - 1)] ?? live;
  }

  function replace(index, now) { // keeps the element, which the page's script may know; null if the page must reload
    const live = blocks[index], old = rendered[index];
    rendered[index] = now;
    if (live.matches(".long")) return rows(live, old, now) ? live : null;
    const fresh = now.cloneNode(true);
    if (live.tagName !== now.tagName) {
      live.replaceWith(fresh);
      blocks[index] = fresh;
      return fresh;
    }
    const open = [...live.querySelectorAll("details")].map((details) => details.open);
    attributes(live, old, now);
    live.replaceChildren(...fresh.childNodes);
    live.querySelectorAll("details").forEach((details, place) => { details.open = open[place] ?? details.open; });
    return live.matches(".prose") ? different(live, old, now) : live;
  }

  function apply(edits) { // from the last to the first, so that positions stay right; null if the page must reload
    let first = null;
    for (const [start, end, htmls] of [...edits].reverse()) {
      const now = htmls.map(parsed), same = Math.min(end - start, now.length);
      const places = [];
      for (let index = 0; index < same; index++) places.push(replace(start + index, now[index]));
      if (places.includes(null)) return null;
      const added = now.slice(same), gone = blocks.slice(start + same, end);
      const fresh = added.map((node) => node.cloneNode(true));
      const next = blocks[end] ?? null;
      for (const node of fresh) main.insertBefore(node, next);
      gone.forEach((node) => node.remove());
      blocks.splice(start + same, end - start - same, ...fresh);
      rendered.splice(start + same, end - start - same, ...added);
      first = places[0] ?? blocks[Math.min(start, blocks.length - 1)];
    }
    return first ?? main;
  }

  function lead(node) {
    const box = node.getBoundingClientRect();
    if (box.bottom < 60 || box.top > innerHeight - 60) node.scrollIntoView({ block: "center" });
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    node.animate([{ backgroundColor: "var(--mark)" }, {}], { duration: 1600, easing: "ease-out" });
  }

  function reload() {
    try { sessionStorage.setItem("preview-scroll", scrollY); } catch { /* without storage, it starts at the top */ }
    location.reload();
  }

  function onPage(event) {
    const change = JSON.parse(event.data);
    if (change.version <= version) return;
    if (change.reload || change.from !== version) return reload();
    version = change.version;
    document.getElementById("preview-rules").textContent = change.rules;
    if (change.style) document.querySelector("head style").textContent = change.style;
    const place = apply(change.edits);
    if (!place) return reload();
    if (change.leads) lead(place);
  }

  // ---- what is above it ----

  const host = document.createElement("div");
  host.id = "preview";
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>
    :host { all: initial; }
    * { box-sizing: border-box; font: 0.8125rem/1.45 system-ui, sans-serif; }
    @media print { .problems, .bar { display: none; } }
    .problems, .bar { position: fixed; z-index: 2147483647; color: #1d2228; background: #fff; border: 1px solid #b9c0c7; box-shadow: 0 2px 10px #0003; }
    .problems { inset: 0 0 auto; max-height: 45vh; overflow: auto; border-width: 0 0 3px; border-color: #b2182b; padding: 0.6rem 1rem; }
    .bar { right: 0.75rem; bottom: 0.75rem; max-width: min(30rem, calc(100vw - 1.5rem)); border-radius: 0.4rem; padding: 0.3rem 0.7rem; }
    pre { margin: 0.4rem 0; font-family: ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    b { font-weight: 600; color: #b2182b; }
    a, summary { color: #0b5a72; }
    summary { cursor: pointer; }
    .now { display: flex; gap: 0.8rem; justify-content: space-between; }
    .note { margin: 0.3rem 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30vh; overflow: auto; }
    [hidden] { display: none; }
    @media (prefers-color-scheme: dark) {
      .problems, .bar { color: #dde1e4; background: #1c2226; border-color: #4a545d; }
      .problems { border-color: #ef6b73; }
      b { color: #ef6b73; }
      a, summary { color: #7cc7dc; }
    }
  </style>
  <div class="problems" role="alert" tabindex="0" hidden></div>
  <div class="bar"><div class="now"><span class="status" role="status">Preview</span><a href="report.pdf" target="_blank" rel="noopener">PDF</a></div><details hidden><summary></summary><div class="notes"></div></details></div>`;
  const [problems, status, notes] = [".problems", ".status", "details"].map((name) => shadow.querySelector(name));
  const element = (tag, text, name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name });

  let noted = "";
  function onState(event) {
    const state = JSON.parse(event.data);
    if (state.version > version) return reload();
    const texts = state.problems;
    document.documentElement.dataset.preview = state.whole && !state.busy ? "whole" : "partial"; // for tests
    problems.hidden = !texts.length;
    if (texts.length) {
      const head = texts.length > 1 ? texts.length + " problems" : "A problem";
      problems.replaceChildren(element("b", state.busy ? "Something was saved and is being checked (" + state.busy + "); before that: " + head.toLowerCase() : head + "; below is the last page without it"), ...texts.map((text) => element("pre", text)));
    }
    notes.hidden = !state.notes.length;
    if (state.notes.join() !== noted) notes.open = state.notes.length > 0; // a reader may close what has been read
    noted = state.notes.join();
    notes.querySelector("summary").textContent = state.notes.length > 1 ? state.notes.length + " notes" : "A note";
    notes.querySelector(".notes").replaceChildren(...state.notes.map((text) => element("div", text, "note")));
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    status.textContent = state.busy ? "Preview: " + state.busy : texts.length ? "Preview: waiting for a fix" : (state.whole ? "Preview: up to date, " : "Preview: shown; checking its numbers, ") + time;
  }

  document.body.append(host);
  const events = new EventSource("events");
  events.addEventListener("page", onPage);
  events.addEventListener("state", onState);
  events.onerror = () => { status.textContent = "Preview: ended; start it again in the terminal, and open its new address"; };
  addEventListener("beforeunload", () => { events.onerror = null; events.close(); });
  const scroll = (() => { try { return sessionStorage.getItem("preview-scroll"); } catch { return null; } })();
  if (scroll !== null) {
    sessionStorage.removeItem("preview-scroll");
    addEventListener("load", () => scrollTo({ top: +scroll, behavior: "instant" }));
  }
})();
