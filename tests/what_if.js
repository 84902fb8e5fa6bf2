// Follow the steps of the page with each of some changed ledgers: node what_if.js SCRIPT DATA CASES
const { readFileSync } = require("fs");
const [script, data, cases] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
require("vm").runInThisContext(script);
const anew = figuresAnew(JSON.parse(data));
const number = (x) => (x === null || typeof x !== "number" ? x && x.n + "/" + x.d : String(x));
const span = ({ low, high, lowIn, highIn }) => [number(low), number(high), lowIn, highIn];
const answers = JSON.parse(cases).map(({ changed, verdicts, findings, texts }) => {
  const figures = Object.entries(changed).map(([id, row]) => [id, anew.printed(row, id)]);
  const read = anew.read(Object.fromEntries(figures));
  const results = findings.map((name) => [name, read.answer(name)]);
  return {
    spans: figures.map(([id]) => [id, span(read.span(id))]),
    words: verdicts.map((name) => [name, read.answer(name)]),
    findings: results.map(([name, result]) => [name, result && [number(result.value), ...span(result.range)]]),
    texts: texts ? results.map(([name, result]) => [name, result && anew.resultTexts(result, texts[name])]) : [],
  };
});
console.log(JSON.stringify(answers));
