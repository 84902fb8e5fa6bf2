// What if a figure were another? Its results are worked out by steps in data (what_if.py).
function figuresAnew(data) {
  "use strict";
  // exact fractions, {n, d}, d above 0; powers and logarithms nearly
  const fail = (why = "not worked out") => { throw new RangeError(why); }; // none else is caught
  const size = (n) => (n < 0n ? -n : n);
  const gcd = (a, b) => (b ? gcd(b, a % b) : a);
  const over = (n, d = 1n) => {
    const by = d ? gcd(size(n), size(d)) * (d < 0n ? -1n : 1n) : fail("divided by 0");
    return { n: n / by, d: d / by };
  };
  const fraction = (text) => {
    const [, whole, decimals = "", below = "1"] = /^(-?\d+)(?:\.(\d+))?(?:\/(\d+))?$/.exec(text);
    return over(BigInt(whole + decimals), BigInt(below) * 10n ** BigInt(decimals.length));
  };
  const given = (text) => text && fraction(text);
  const HALF = over(1n, 2n), MUCH = 2n ** 80n;
  const double = ({ n, d }) => Number(n) / Number(d), near = (x) => over(BigInt(Math.round(x * Number(MUCH))), MUCH);
  const plus = (a, b) => over(a.n * b.d + b.n * a.d, a.d * b.d), times = (a, b) => over(a.n * b.n, a.d * b.d);
  const negative = ({ n, d }) => ({ n: -n, d }), minus = (a, b) => plus(a, negative(b)), by = (a, b) => over(a.n * b.d, a.d * b.n);
  const OPERATIONS = { "+": plus, "-": minus, "*": times, "/": by, "^": (a, b) => near(double(a) ** double(b)) };
  const order = (a, b) => Math.sign(Number(a.n * b.d - b.n * a.d));
  const floor = ({ n, d }) => (n - ((n % d) + d) % d) / d, ceiling = ({ n, d }) => -floor({ n: -n, d });
  const nearest = (x, step) => times(over(floor(plus(by(x, step), HALF))), step);

  // intervals: an end may be null; low belongs if lowIn; the text states it if lowSaid
  const interval = (low, high, lowIn = false, highIn = false, lowSaid = true, highSaid = true) => ({ low, high, lowIn, highIn, lowSaid, highSaid });
  const between = (low, high) => interval(low[0], high[0], low[1], high[1], low[2], high[2]);
  const ends = (a) => [[a.low, a.lowIn, a.lowSaid], [a.high, a.highIn, a.highSaid]];
  const isEmpty = ({ low, high, lowIn, highIn }) => low && high && (order(low, high) || (lowIn && highIn ? -1 : 1)) > 0;
  const tighter = (a, b, sign) => {
    if (!a[0] || !b[0]) return a[0] ? a : b[0] ? b : [null, false, a[2] || b[2]];
    const which = order(a[0], b[0]) * sign, isIn = a[1] && b[1];
    return which ? (which > 0 ? a : b) : [a[0], isIn, [a, b].some((end) => end[1] === isIn && end[2])];
  };
  const meet = (a, b) => between(...[1, -1].map((sign, which) => tighter(ends(a)[which], ends(b)[which], sign)));
  const has = ({ low, high, lowIn, highIn }, x) => (!low || order(x, low) >= (lowIn ? 0 : 1)) && (!high || order(high, x) >= (highIn ? 0 : 1));
  const isBelow = (a, b) =>
    !isEmpty(a) && !isEmpty(b) && a.high && b.low && (order(a.high, b.low) || (a.highIn && b.lowIn ? 1 : -1)) < 0;
  const moved = (a, change) => ({ ...a, low: a.low && change(a.low), high: a.high && change(a.high) });
  const mirrored = (a) => interval(a.high && negative(a.high), a.low && negative(a.low), a.highIn, a.lowIn, a.highSaid, a.lowSaid);
  const sum = (a, b) => {
    const [low, high] = ["low", "high"].map((end) => a[end] && b[end] && plus(a[end], b[end]));
    return interval(low, high, !!low && a.lowIn && b.lowIn, !!high && a.highIn && b.highIn);
  };

  // what a figure may stand for (claims/ledger/intervals.py)
  const domains = Object.fromEntries(Object.entries(data.kinds).map(([name, [low, high]]) => [name, interval(given(low), given(high), low !== null, high !== null)]));
  const printed = ([text, scale, precision, wide, hedge, kind, unit, , words]) => {
    const [least, most = least] = text.split("..").map(fraction), value = times(plus(least, most), HALF); // of a range
    return { text, scale: fraction(scale), precision: given(precision), wide: given(wide), hedge, kind, unit, words,
      value, spread: minus(most, value), point: times(value, fraction(scale)) };
  };
  function wholes(span, { point, hedge }) {
    const { low, high, lowIn, highIn } = span;
    let from = low && (lowIn ? ceiling(low) : floor(low) + 1n), to = high && (highIn ? floor(high) : ceiling(high) - 1n);
    if (from !== null && to !== null && from > to && ["more_than", "less_than", "nearly"].includes(hedge)) {
      from = to = (hedge === "more_than") === point.n >= 0n ? floor(point) + 1n : ceiling(point) - 1n;
    }
    return { ...span, low: low && over(from), high: high && over(to), lowIn: low !== null, highIn: high !== null };
  }
  function standsFor(figure, widest) {
    const { value, spread, scale, precision, wide, hedge, kind } = figure, { low, high, sure } = data.hedges[hedge];
    const reach = (widest && wide) || (widest && hedge !== "none" && precision ? times(precision, over(2n)) : precision);
    const isMirrored = hedge !== "none" && value.n < 0n, at = isMirrored ? negative(value) : value;
    const [from, to] = [low, high].map((part, end) => part && plus(plus(at, end ? spread : negative(spread)), times(reach || over(0n), fraction(part))));
    const found = interval(from, to, ...sure), values = moved(isMirrored ? mirrored(found) : found, (end) => times(end, scale));
    return meet(data.kinds[kind][2] ? wholes(values, figure) : values, domains[kind]);
  }

  // formulas (claims/judging/formulas.py)
  function valueOf({ code, grows }, at) {
    if (grows && order(at[grows[0]], at[grows[1]]) <= 0) fail("divided by 0");
    const stack = [];
    for (const step of code.split(" ")) {
      if (step in OPERATIONS) stack.push(OPERATIONS[step](...stack.splice(-2)));
      else if (step === "ln") stack.push(stack.at(-1).n > 0n ? near(Math.log(double(stack.pop()))) : fail());
      else stack.push(step[0] === "#" ? at[step.slice(1)] : fraction(step));
    }
    return stack[0];
  }
  const orNone = (formula, at) => {
    try { return valueOf(formula, at); } catch (error) { return error.message === "divided by 0" ? null : fail(); }
  };
  const isMeant = ({ free }, lows) => free.every((isFree, place) => isFree || lows[place]?.n >= 0n);
  function corner(formula, spans, isLow) {
    const at = [], { rises, turns, exact } = formula;
    let isIn = true;
    rises.forEach((isRising, place) => {
      const isTurned = place === turns?.[0] && at[turns[1]]?.n < 0n, end = ends(spans[place])[isLow === (isRising !== isTurned) ? 0 : 1];
      at.push(end[0]);
      isIn &&= end[1];
    });
    let value = at.includes(null) ? null : orNone(formula, at);
    if (value && !exact) value = plus(value, by(plus(over(1n), value.n < 0n ? negative(value) : value), over(isLow ? -(10n ** 12n) : 10n ** 12n)));
    return [value, isIn && value !== null];
  }

  // steps, with some figures changed
  const usual = Object.fromEntries(Object.entries(data.figures).map(([id, row]) => [id, printed(row)])), kept = {};
  const key = (a) => String(ends(a).flat().map((part) => [part?.n ?? part, part?.d]));
  function read(changed = {}) {
    const figure = (id) => changed[id] ?? usual[id], done = [], own = {};
    const span = (id, widest = false) => (id in changed ? own : kept)[id + widest] ??= standsFor(figure(id), widest);
    const extreme = (sign) => (what, ...ids) => STEPS[what](ids.reduce((a, b) => ((order(figure(a).point, figure(b).point) || (a < b ? -1 : 1)) * sign < 0 ? a : b)));
    const STEPS = {
      meet, sum, mirrored, has, plus, number: fraction, empty: isEmpty, below: isBelow, least: extreme(1), most: extreme(-1),
      word: (text) => text,
      usual: (id) => span(id),
      widest: (id) => span(id, true),
      point: (id) => figure(id).point,
      interval: (low, high, ...isIn) => interval(given(low), given(high), ...isIn),
      apart: (a, b) => (key(a) === key(b) ? interval(null, null) : a),
      known: (x) => x ?? fail(),
      ordered: (a, b) => order(a, b) <= 0,
      above0: (a) => (a.high && a.low && (a.low.n || !a.lowIn) && a.low.n >= 0n ? a : fail()),
      fits: (a, b) => a.low && a.high && has(b, a.low) && has(b, a.high),
      scaled: (a, factor) => moved(a, (end) => times(end, factor)),
      rounded: (x, id) => (figure(id).precision ? nearest(x, times(figure(id).precision, figure(id).scale)) : x),
      possible: (a) => (isEmpty(a) ? fail() : a),
      inside: (a, x) => (x && has(a, x) ? x : null),
      middle: (a, isWhole) => {
        const middle = isEmpty(a) || !a.low || !a.high ? fail() : times(plus(a.low, a.high), HALF);
        return isWhole ? halfUp(middle, 0) : middle;
      },
      value: (name, ...at) => (isMeant(data.formulas[name], at) && !at.includes(null) ? orNone(data.formulas[name], at) : null),
      range: (name, ...spans) => {
        if (!isMeant(data.formulas[name], spans.map(({ low }) => low))) return interval(null, null);
        return between(...[true, false].map((isLow) => corner(data.formulas[name], spans, isLow)));
      },
    };
    const run = (number) => (number in done ? done[number] : (done[number] = follow(...data.steps[number])));
    function follow(operation, ...inputs) {
      if (operation === "if") return run(run(inputs[0]) ? inputs[1] : inputs[2]);
      if (operation === "and") return run(inputs[0]) && run(inputs[1]);
      if (operation === "or") return run(inputs[0]) || run(inputs[1]);
      return STEPS[operation](...inputs.map((input) => (typeof input === "number" ? run(input) : input)));
    }
    function answer(name) { // a verdict's word; a result's value, range
      const [first, range, unit] = data.verdicts[name] ?? data.findings[name];
      try { return name in data.verdicts ? run(first) : { value: run(first), range: run(range), unit }; }
      catch (error) { if (error instanceof RangeError) return null; throw error; }
    }
    return { figure, span, answer };
  }

  // numbers in words, with decimals and scale of others
  const [half, down, up] = [(x) => floor(plus(x, HALF)), floor, ceiling].map((way) => (x, places) =>
    over(way(times(x, over(10n ** BigInt(places)))), 10n ** BigInt(places)));
  const halfUp = (x, places) => (x.n < 0n ? negative(half(negative(x), places)) : half(x, places));
  const formOf = (words, unit) => {
    const [scale, word] = data.scales.find(([, each]) => words.includes(each)) ?? [1, ""];
    return { unit, scale, word, places: (/\d(?:,?\d)*(?:\.(\d+))?/.exec(words)?.[1] ?? "").length };
  };
  function digits(x, { unit, scale, places }, round = halfUp, sign = data.units[unit][0]) {
    const { n, d } = round(by(x, over(BigInt(scale))), places);
    const text = String(size(n) * 10n ** BigInt(places) / d).padStart(places + 1, "0"), whole = text.slice(0, text.length - places);
    return (n < 0n ? "−" : "") + sign + (unit === "calendar_year" ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",")) + (places ? "." + text.slice(-places) : "");
  }
  function written(x, form, round) {
    const text = digits(x, form, round), tail = form.word + data.units[form.unit][1];
    return text + (text === "1" && / (years|days)/.test(tail) ? tail.slice(0, -1) : tail);
  }
  function rangeText({ low, high, lowIn, highIn }, form) {
    if (!low && !high) return "any value";
    if (!high) return written(low, form, down) + (lowIn ? " or more" : " and above, exclusive");
    if (!low) return written(high, form, up) + (highIn ? " or less" : " and below, exclusive");
    const from = form.unit === "percent" ? written(low, form, down) : digits(low, form, down);
    return order(low, high) ? from + " to " + digits(high, form, up, form.word ? "" : undefined) + form.word + data.units[form.unit][1] : written(low, form);
  }
  function resultTexts({ value, range, unit }, [oldValue, oldRange]) {
    const form = formOf(oldValue, unit), inRange = rangeText(range, formOf(oldRange, unit));
    if (!value) return [inRange, inRange];
    const isIn = has(range, value), isAbove = range.low && order(value, range.low) <= 0;
    return [isIn ? written(value, form) : (isAbove ? "more than " : "less than ") + written(value, form, isAbove ? down : up), inRange];
  }
  function figureText({ text, scale, point, unit, hedge, words }, isHedged = true) {
    const [size, word] = data.scales.find(([each]) => BigInt(each) === scale.n) ?? [1, ""];
    const { places } = formOf(text, unit), form = { unit, scale: size, word, places: size > 1 ? places : Math.max(0, places + 1 - String(scale.n).length) };
    return words || (isHedged ? data.hedges[hedge].words : "") + written(point, form);
  }
  const canBe = ({ kind, point, hedge }, span) => !isEmpty(span) &&
    (!data.kinds[kind][2] || point.d === 1n) && (has(domains[kind], point) || !["none", "exact"].includes(hedge));
  return { read, usual, printed, formOf, rangeText, resultTexts, figureText, canBe };
}

(async () => {
  const data = globalThis.document && await page.unpacked("what-if-data");
  if (!data) return;
  const { button, count, create, text, under } = page;
  const anew = figuresAnew(data), row = (name) => document.getElementById(name);
  const inputs = ["input", "input", "select"].map((tag) => create(tag, { autocomplete: "off" })), unit = create("span");
  const labels = ["Value ", "to the nearest ", "read as "].map((words, place) => create("label", {}, words, inputs[place]));
  inputs[2].append(...Object.entries(data.hedges).map(([name, { words }]) => new Option(words || name.replace("none", "rounded"), name)));
  const title = create("strong", { id: "what-if" }), said = create("p", { role: "status" }), list = create("ul");
  const next = button("Next change", () => page.visit(stops[at = (at + 1) % stops.length])), leave = () => { close(); origin.focus(); };
  const panel = create("section", { class: "what-if", role: "dialog", "aria-labelledby": "what-if" }, title,
    create("div", {}, labels[0], unit, ...labels.slice(1)), said, list, create("div", {}, next, button("Restore and close", leave)));
  let id, ids, names, links, origin, waiting, undo = [], stops = [], at = -1;

  const printedAs = () => { const [number, , step, , how] = data.figures[id]; return [number, step || "1", how]; };
  const changed = (each, [number, step, how]) => { // a figure as it would be
    const figure = [...data.figures[each]];
    if (number !== figure[0] || how !== figure[4]) figure[8] = "";
    if (data.hedges[how].isWide) figure[2] = step;
    [figure[0], figure[4]] = [number, how];
    return anew.printed(figure);
  };
  function restore() {
    clearTimeout(waiting);
    undo.reverse().forEach((step) => step());
    [undo, stops, at] = [[], [], -1];
    next.disabled = true;
  }
  // of a figure its links; of others their cells, too
  const mark = (name, pairs) => undo.push(...page.rewordAll([...links.get(name), ...(name in data.figures ? [] : row(name).cells)], pairs));
  function update() {
    restore();
    links ??= page.linksTo([id, ...names]);
    list.replaceChildren();
    const asked = inputs.map((input) => input.value.trim().replace(/[,\s](?=\d{3})/g, "").replace("−", "-"));
    if (!asked.slice(0, 2).every((each) => /^-?\d+(\.\d+)?(\/[1-9]\d*)?$/.test(each)) || parseFloat(asked[1]) <= 0) return (said.textContent = "Type numbers, such as " + printedAs()[0] + ".");
    const read = anew.read(Object.fromEntries(ids.map((each) => [each, changed(each, asked)]))), figure = read.figure(id), span = read.span(id);
    if (!anew.canBe(figure, span)) return (said.textContent = anew.figureText(figure) + " is impossible: what is measured here is " + data.kinds[figure.kind][3] + ".");
    const isSame = String(asked) === String(printedAs()), moved = [[], []], items = [[], []];
    for (const name of names) {
      const isVerdict = name in data.verdicts, [first, range] = (isVerdict ? ["Verdict"] : ["Value", "Interval"]).map((heading) => under(name, heading));
      const old = [first, range || first], result = read.answer(name);
      const now = isSame ? old : result === null ? ["not worked out here"] : isVerdict ? [result, result] : anew.resultTexts(result, old);
      const which = +(old[0] === now[0] && old[1] !== now[1]), differs = old[which] !== now[which];
      const turns = (data.verdicts[name]?.[1][id] ?? []).map((each) => anew.figureText(changed(id, [each, ...printedAs().slice(1)]))).join(" or ");
      if (result !== null) mark(name, old.map((words, place) => [words, now[place]]));
      items[+!differs].push(create("li", differs ? { class: "now" } : {}, create("a", { href: "#" + name }, text(row(name).cells[0])),
        " " + row(name).cells[1].firstChild.textContent + ": ", create("b", {}, old[which] + (differs ? " → " + now[which] : "")), turns && (/^(inc|und)/.test(old[0]) ? "; fits at " : "; clashes at ") + turns,
        (now[0] === "inconsistent" && data.verdicts[name]?.[2]) || ((!result || result.range?.high?.n < 0n) && data.findings[name]?.[3]) || ""));
      if (differs) moved[+isVerdict].push(row(name));
    }
    const old = under(id, "Stands for"), form = anew.formOf(old, figure.unit), finer = anew.formOf(asked[1], figure.unit).places;
    form.places = Math.max(form.places, finer && finer + 1);
    const range = isSame ? old : anew.rangeText(span, form), others = data.others[id] ?? [0, 0];
    const wordings = [true, false].map((isHedged) => [anew.usual[id], figure].map((each) => anew.figureText(each, isHedged)));
    if (!isSame) mark(id, [[old, range], ...wordings]);
    const [passages, unmark] = page.markAbout(moved[1], ", table:not(.register) tbody tr");
    undo.push(unmark, ...moved.flat().flatMap(page.outdate), ...page.rewordAll([...row(id).cells], [[old, range]]));
    stops = page.marked();
    next.disabled = !stops.length;
    const both = [["result", data.findings], ["verdict", data.verdicts]].map(([word, those], kind) =>
      (isSame ? "" : moved[kind].length + " of ") + count(names.filter((name) => name in those).length, word)).join(" and ");
    said.textContent = isSame ? both + " depend on it." : wordings[0][1] + " stands for " + range + ". " + both + " change." + page.onVerdicts(passages);
    list.append(...items.flat(), create("li", {}, "Not worked out here: " + count(others[0], "result") + " of other kinds, " +
      count(others[1], "verdict") + " on several relations. Words, charts and counts of readings stay as they are."));
  }
  function open(name, link) {
    close();
    [id, origin] = [name, link];
    const [, scale, , , , , measure, repeats] = data.figures[id], taking = new Set(), takes = (input) => ids.includes(input) || taking.has(input);
    ids = Object.keys(data.figures).filter((each) => [each, data.figures[each][7]].includes(repeats || id));
    data.steps.forEach(([, ...inputs], number) => { if (inputs.some(takes)) taking.add(number); });
    names = [data.verdicts, data.findings].flatMap(Object.entries).filter(([name, steps]) => steps.some(takes) && row(name)).map(([name]) => name);
    links = null;
    title.textContent = "What if “" + under(id, "As printed") + "” (" + ids.join(", ") + ") were …";
    const word = data.scales.find(([each]) => String(each) === scale)?.[1] ?? (scale === "1" ? "" : " × " + scale);
    unit.textContent = data.units[measure].slice(0, 2).join(word);
    document.body.append(panel);
    printedAs().forEach((words, place) => { inputs[place].value = words; });
    waiting = setTimeout(update, 50);
    inputs[0].focus(); // and the card goes
    inputs[0].select();
    link.scrollIntoView({ block: "nearest" });
  }
  const close = () => { restore(); panel.remove(); said.textContent = list.textContent = ""; };
  panel.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 150); });
  addEventListener("keydown", ({ key }) => { if (key === "Escape" && panel.isConnected && !row("evidence")) leave(); }, true);
  addEventListener("beforeprint", close);
  page.rereading.push(close);
  page.cardTools.push(({ id }, link) => {
    if (id[0] !== "c" || !data.figures[id] || data.figures[id][0].includes("..")) return [];
    if (document.querySelector(".readings.on")) return [create("span", {}, "To ask “what if”, read figures as usual.")];
    return [button("What if it were …", () => open(id, link))];
  });
})();
