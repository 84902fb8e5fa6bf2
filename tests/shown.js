// What the page shows, in order: words, and what tells elements from others of their kind. Left out is what the page's
// script adds for those who use it, what only says how something looks, and which edition it is.
() => {
  const looks = new Set(["class", "style", "role", "tabindex", "data-chain", "aria-labelledby", "aria-colindex", "aria-colcount", "aria-sort"]);
  const tools = ".tools, .take, .readings-place, .on-paper, #evidence, nav.contents, .edition, script";
  const shown = [];
  const walk = (element) => {
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) shown.push(node.data.replace(/\s+/g, " ").trim());
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches(tools)) continue;
      if (!node.matches("button.sort, details")) {
        const kept = [...node.attributes].filter(({ name, value }) => !looks.has(name) && !value.startsWith("caption-") && !value.endsWith("sideways"));
        const written = kept.map(({ name, value }) => name + "=" + (name === "href" ? value.replace(/^file:[^#]*/, "") : value));
        shown.push(node.tagName.toLowerCase() + " " + written.sort().join(" "));
      }
      walk(node);
    }
  };
  walk(document.querySelector("main").parentElement);
  return shown;
}
