// A report's numbers, the marks of its figures and the rows of its appendices are linked both ways: pointing at one
// lights the others, and a bar leads through all places in which a row is used.
(() => {
  "use strict";
  const { afterFrame, all, button, cardTools, create, heads, main, named, namesOf, reread, rereading, restsOn, settle, text, unclass, uncover } = page;
  const whole = main.parentElement;
  const heard = create("span", { class: "unseen", role: "status" });
  whole.append(heard);

  // ---- what belongs together ----

  const isBack = (link) => { // a link from a row to what it is used in
    const cell = link.closest("tbody td, tbody th");
    return cell && "back" in (heads(cell.closest("table"))[cell.cellIndex]?.dataset ?? {});
  };
  const usesOf = (row) => all(namesOf(row).map((name) => `a[href="#${CSS.escape(name)}"]`).join(), whole)
    .filter((link) => !row.contains(link) && !link.closest("nav, #evidence, .tip") && !isBack(link));
  const marksOf = (...rows) => new Set(rows.flatMap(namesOf).flatMap((name) => marks.get(name) ?? []));
  const rowsOf = (mark) => mark.dataset.of.split(" ").map((name) => named("#" + name)).filter((row) => row?.matches(".cards tr"));
  const lineIn = (row, name) => { // the first line of the cell in the column whose name begins so
    const column = heads(row.closest("table")).findIndex((head) => name.test(text(head)));
    const nodes = [...row.cells[column]?.childNodes ?? []], end = nodes.findIndex((node) => node.nodeName === "BR");
    return nodes.slice(0, end < 0 ? nodes.length : end).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
  };
  const wordsOf = (row) =>
    [[lineIn(row, /^(Indicator|What|Listed)/), lineIn(row, /^Reported by/)].filter(Boolean).join(", "), lineIn(row, /^(As printed|As quoted|Value|Verdict)/)]
      .filter(Boolean).join(": ") || text(row.cells[0]);
  const places = (number) => number ? "used in " + number + (number === 1 ? " place" : " places") : "used nowhere else";

  // ---- lights ----

  let lit = [], rings = [], marks = new Map(), expected = null; // the marks of each name; the row that is lit next
  function unlight() {
    expected = null;
    lit.forEach((element) => unclass(element, "lit", "behind"));
    rings.forEach((ring) => ring.remove());
    lit = [];
    rings = [];
  }
  function light(row, uses) { // the row, what it rests on, and where it is used; everything is measured before it is changed
    const behind = restsOn(row), boxes = new Map();
    for (const [kind, marks] of [["behind", marksOf(...behind)], ["lit", marksOf(row)]])
      for (const mark of marks) addBox(boxes, mark, kind);
    unlight();
    lit = [row, ...uses, ...behind];
    [row, ...uses].forEach((element) => element.classList.add("lit"));
    behind.forEach((element) => element.classList.add("behind"));
    rings = [...boxes.values()].map(({ card, kind, left, top, right, bottom }) => {
      const ring = create("span", { class: "ring " + kind }), whole = card.getBoundingClientRect();
      const share = (length, of) => 100 * length / of + "%";
      Object.assign(ring.style, {
        left: share(left - whole.left, whole.width), top: share(top - whole.top, whole.height),
        width: share(right - left, whole.width), height: share(bottom - top, whole.height),
      });
      return [card, ring];
    }).map(([card, ring]) => (card.append(ring), ring));
  }
  function addBox(boxes, mark, kind) { // the parts of a mark have one ring
    const box = mark.getBoundingClientRect(), card = mark.closest(".card");
    if (!(box.width + box.height)) return; // in the drawing that is not shown
    const key = mark.closest("figure").id + " " + mark.dataset.of, { left, top, right, bottom } = boxes.get(key) ?? box;
    boxes.set(key, {
      card, kind, left: Math.min(left, box.left), top: Math.min(top, box.top),
      right: Math.max(right, box.right), bottom: Math.max(bottom, box.bottom),
    });
  }

  // ---- the bar that leads through the places ----

  let uses = [], at = -1, opener = null;
  const chapterOf = (element) => all("h2", main).findLast((head) => head.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  const summary = (row, from) => { // used in 23 places: 4 in this chapter, 6 in other chapters, 13 in appendices
    const own = chapterOf(from), inAppendix = own?.matches(".appendix"), counts = new Map();
    const names = inAppendix ? ["in chapters", "in this appendix", "in other appendices"] : ["in this chapter", "in other chapters", "in appendices"];
    for (const chapter of uses.map(chapterOf)) {
      const name = chapter === own ? names[+inAppendix] : chapter?.matches(".appendix") ? names[2] : names[+!inAppendix];
      counts.set(name, 1 + (counts.get(name) ?? 0));
    }
    return text(row.cells[0]) + ": " + places(uses.length) + ": " + names.filter((name) => counts.has(name)).map((name) => counts.get(name) + " " + name).join(", ");
  };
  const said = create("span", { class: "said", role: "status" });
  const next = button("Next", () => step(1));
  const bar = create("div", { class: "uses", role: "region", "aria-label": "Where it is used" }, said,
    create("span", { class: "steps" }, button("Previous", () => step(-1)), next, button("Return", goBack), button("Close", () => close())));
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && isWalking() && !document.getElementById("evidence")) close(); }, true);

  function walk(row, from) {
    forget();
    uses = usesOf(row);
    opener = from;
    if (!uses.length) return;
    said.textContent = summary(row, from);
    next.textContent = "Next";
    whole.append(bar);
    light(row, uses);
    next.focus({ preventScroll: true });
  }
  function step(by) {
    unclass(uses[at], "here-now");
    at = at < 0 && by < 0 ? uses.length - 1 : (at + by + uses.length) % uses.length;
    uncover(uses[at]);
    uses[at].classList.add("here-now");
    uses[at].scrollIntoView({ block: "center", inline: "nearest" });
    next.textContent = "Next (" + (at + 1) + " of " + uses.length + ")";
    heard.textContent = at + 1 + " of " + uses.length + ", in " + text(chapterOf(uses[at]) ?? main.querySelector("h2"));
  }
  function close(to = uses[at] ?? opener) { // the focus stays where the reader has arrived
    forget();
    if (to?.isConnected) to.focus({ preventScroll: true });
  }
  function goBack() {
    const from = opener;
    close(from);
    from?.scrollIntoView({ block: "center" });
  }
  function forget() { // as if nobody had pointed at anything
    for (const timer of [waiting, waitingRow]) clearTimeout(timer);
    unclass(uses[at], "here-now");
    [uses, at, shown] = [[], -1, null];
    unlight();
    for (const part of [bar, tip, rowButton]) part.remove();
  }
  const isWalking = () => bar.isConnected;

  // ---- from a number: its card lights the rest ----

  cardTools.push((row, link) => {
    if (isWalking()) return [];
    const found = usesOf(row);
    tip.remove();
    unlight();
    expected = row; // once its card is drawn
    afterFrame(() => { if (expected === row) light(row, found); });
    if (found.length < 2) return [];
    return [button("U" + places(found.length).slice(1), () => { link.focus({ preventScroll: true }); walk(row, link); })];
  });
  document.addEventListener("beforetoggle", (event) => { // its card goes
    if (event.target.id === "evidence" && event.newState === "closed" && !isWalking()) unlight();
  }, true);

  // ---- from a mark of a figure, by mouse, finger and arrow keys ----

  let shown = null, waiting = 0;
  const onward = create("a", { class: "onward" });
  const tipWords = create("span", { class: "head" });
  const tipButton = button("", () => walk(shown.row, shown.card));
  const tip = create("div", { class: "tip" }, tipWords, create("span", { class: "foot" }, onward, tipButton));
  const seen = (card) => all("[data-of]", card).filter((mark) => mark.getClientRects().length);
  const stops = (card) => [...new Map(seen(card).map((mark) => [mark.dataset.of, mark])).values()];
  const distance = (box, { clientX: x, clientY: y }) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

  function markAt(card, event) { // what is under the pointer, else what is nearest, of several the smallest
    const exact = event.target.closest("[data-of]");
    if (exact) return exact;
    const reach = event.pointerType === "mouse" ? 6 : 22;
    const near = seen(card).map((mark) => [mark, mark.getBoundingClientRect()])
      .map(([mark, box]) => [mark, distance(box, event), box.width * box.height]).filter(([, far]) => far <= reach);
    return near.sort((one, other) => one[1] - other[1] || one[2] - other[2])[0]?.[0];
  }
  function showMark(card, mark) {
    clearTimeout(waiting);
    if (isWalking() || shown?.of === mark.dataset.of) return;
    settle();
    const [row] = rowsOf(mark);
    if (!row) return;
    const found = usesOf(row);
    shown = { card, row, of: mark.dataset.of };
    light(row, found);
    tipWords.textContent = wordsOf(row);
    onward.href = "#" + row.id;
    onward.textContent = "Its row, " + text(row.cells[0]);
    tipButton.textContent = places(found.length);
    tipButton.hidden = !found.length;
    heard.textContent = wordsOf(row) + "; " + places(found.length);
    placeTip(card);
  }
  function placeTip(card) {
    card.append(tip);
    const ring = rings.find((one) => card.contains(one) && one.matches(".lit")), whole = card.getBoundingClientRect();
    if (!ring) return;
    const box = ring.getBoundingClientRect(), below = box.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.left = Math.max(0, Math.min(box.left - whole.left, whole.width - tip.offsetWidth)) + "px";
    tip.style.top = (below ? box.bottom + 4 : box.top - tip.offsetHeight - 4) - whole.top + "px"; // never over the mark itself
  }
  function hideMark() {
    clearTimeout(waiting);
    if (!shown || isWalking()) return;
    shown = null;
    heard.textContent = "";
    tip.remove();
    unlight();
  }
  const later = (what, delay) => { clearTimeout(waiting); waiting = setTimeout(what, delay); };

  const ready = new WeakSet();
  function setUp() { // the cards of figures and their marks; another reading may bring others
    marks = new Map();
    for (const mark of all("[data-of]", main))
      for (const name of mark.dataset.of.split(" ")) marks.set(name, [...marks.get(name) ?? [], mark]);
    for (const card of all(".card", main)) {
      const isMarked = card.querySelector("[data-of]") !== null;
      if (isMarked && !ready.has(card)) setUpCard(card);
      if (isMarked || ready.has(card)) nameCard(card, isMarked);
    }
  }
  function nameCard(card, isMarked) { // a stop for the keyboard, if it has marks
    const label = "Marks of " + text(card.closest("figure").querySelector(".label")) + ", arrow keys go through them";
    for (const [attribute, value] of Object.entries({ tabindex: 0, role: "application", "aria-label": label })) {
      const given = isMarked ? String(value) : null;
      if (given === card.getAttribute(attribute)) continue; // the browser would lay out the page, to see whether it can have the focus
      if (isMarked) card.setAttribute(attribute, given);
      else card.removeAttribute(attribute);
    }
  }
  function setUpCard(card) {
    ready.add(card);
    card.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || isWalking()) return;
      if (tip.contains(event.target)) return clearTimeout(waiting);
      const mark = markAt(card, event);
      if (mark) showMark(card, mark);
      else if (shown) later(hideMark, 260);
    });
    card.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && document.activeElement !== card) later(hideMark, 260); });
    card.addEventListener("click", (event) => {
      if (tip.contains(event.target)) return;
      const mark = markAt(card, event);
      if (!mark) return hideMark();
      showMark(card, mark);
      if (event.pointerType === "mouse" && shown) walk(shown.row, card);
    });
    card.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown) { hideMark(); card.focus(); return event.preventDefault(); }
      if (event.target !== card) return;
      const marks = stops(card), now = marks.findIndex((mark) => mark.dataset.of === shown?.of), last = marks.length - 1;
      const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: last }[event.key];
      if (to !== undefined) {
        showMark(card, marks[Math.max(0, Math.min(to, last))]);
        event.preventDefault();
      } else if (event.key === "Enter" && shown) {
        walk(shown.row, card);
        event.preventDefault();
      }
    });
    card.addEventListener("focusout", (event) => { if (!card.contains(event.relatedTarget) && !bar.contains(event.relatedTarget)) hideMark(); });
  }
  document.addEventListener("pointerdown", (event) => { if (shown && !shown.card.contains(event.target)) hideMark(); });

  // ---- from a row ----

  const rowButton = button("", (event) => { const row = rowButton.closest("tr"); walk(row, ownLink(row)); event.stopPropagation(); });
  rowButton.className = "used";
  const ownLink = (row) => row.querySelector("th > a[id], th > a") ?? row.cells[0];
  let waitingRow = 0, coming = null; // the row under a mouse, that is lit if it stays
  const laterRow = (what, delay, row = null) => { clearTimeout(waitingRow); coming = row; waitingRow = setTimeout(what, delay); };
  function showButton(row) {
    if (isWalking() || rowButton.closest("tr") === row) return;
    settle();
    hideMark();
    const found = usesOf(row);
    rowButton.remove();
    if (!found.length) return;
    rowButton.textContent = places(found.length);
    ownLink(row).after(rowButton);
    light(row, found);
  }
  function hideButton() {
    if (!rowButton.isConnected || isWalking()) return;
    rowButton.remove();
    if (!document.getElementById("evidence")) unlight(); // else its number has the lights
  }
  const rowAt = (event) => event.target.closest?.("#evidence") ? null : event.target.closest?.("main .cards tbody tr[id]");
  const place = ({ screenX, screenY }) => [screenX, screenY].map(Math.floor).join();
  let followed; // where a link in the page was clicked: a mouse still there points at no row, whatever has come under it
  document.addEventListener("click", (event) => { followed = event.target.closest?.('a[href^="#"]') && place(event); });
  document.addEventListener("pointerover", (event) => {
    const row = place(event) === followed ? null : rowAt(event);
    if (row !== coming) clearTimeout(waitingRow);
    if (row && !event.target.closest("a")) laterRow(() => showButton(row), 120, row);
    else if (!row && rowButton.isConnected && !rowButton.contains(document.activeElement)) laterRow(hideButton, 260);
  });
  document.addEventListener("focusin", (event) => {
    if (rowButton.contains(event.target)) return;
    const row = rowAt(event);
    if (row && event.target === ownLink(row)) showButton(row);
    else hideButton();
  });

  // ---- nothing is left over in another reading, on paper, or when the window changes ----

  setUp();
  rereading.push(forget);
  reread.push(setUp);
  addEventListener("beforeprint", forget);
  addEventListener("resize", () => { if (shown) hideMark(); });
})();
