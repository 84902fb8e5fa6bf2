// What JupyterLab and jupyterlab-myst lack for these notebooks. `make lab` loads it as it is; nothing builds it.
//
// - A cell run before its kernel is there waits for the kernel. JupyterLab would start a second kernel, or ask for one,
//   and drop all cells but the first.
// - A Markdown cell shows its new numbers when it is run for the first time. jupyterlab-myst 2.7 evaluates the
//   expressions of the text that was shown before (its issue 289).
// - The link of a number leads to its row, in the preview if that is open, or else in the published page. JupyterLab
//   would open the page at its beginning.
// - A notebook that was only opened is not taken for changed. The name and the version of the kernel, which JupyterLab
//   notes in it, are left out when it is saved (keep_kernel in report/runs/clean.py).
// - Marked words, <time>…</time>, look like the words around them (lab.css).
(() => {
  const PAGE = "report/published/report.html";
  const PREVIEW = "files/report/build/live/address"; // where report/preview writes it, as this server serves it
  const style = new URL("lab.css", document.currentScript.src);
  let shared; // the modules of JupyterLab, by name and version

  const load = async (name) => (await Object.values(shared[name])[0].get())();

  const executor = ({ INotebookCellExecutor, runCell }) => ({
    id: "report-lab:cell-executor",
    description: "Runs cells, when their kernel is there.",
    provides: INotebookCellExecutor,
    autoStart: true,
    activate: () => ({
      runCell: async (options) => {
        await options.sessionContext?.initialize();
        await parse(options.cell);
        return options.cell.isDisposed || runCell(options); // the notebook may have been closed meanwhile
      },
    }),
  });

  // Give jupyterlab-myst the tree of a Markdown cell's text as it is now: it evaluates the expressions in that.
  async function parse(cell) {
    if (!cell.isDisposed && cell.updateFragmentMDAST) {
      await cell.updateFragmentMDAST();
      cell.mystModel.mdast = cell.fragmentMDAST;
    }
  }

  const unchanged = ({ INotebookTracker }) => ({
    id: "report-lab:unchanged",
    description: "Does not take a notebook for changed because its kernel has started.",
    requires: [INotebookTracker],
    autoStart: true,
    activate: (app, tracker) => {
      tracker.widgetAdded.connect(async (_, { context }) => {
        await context.ready;
        const saved = content(context.model);
        context.model.stateChanged.connect((model, { name, newValue }) => {
          if (name === "dirty" && newValue && content(model) === saved) model.dirty = false;
        });
      });
    },
  });

  function content(model) {
    const { kernelspec, language_info, ...metadata } = model.toJSON().metadata;
    return JSON.stringify({ ...model.toJSON(), metadata });
  }

  const links = ({ PageConfig }) => ({
    id: "report-lab:links",
    description: "Opens the links of numbers at the row that they lead to.",
    autoStart: true,
    activate: () => {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
      document.addEventListener("click", (event) => follow(event, PageConfig.getBaseUrl()), true);
    },
  });

  function follow(event, base) {
    const link = event.target.closest?.(".jp-Notebook a[href]");
    if (link?.hash && new URL(link.href).pathname.endsWith(PAGE)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      open(link.hash, base);
    }
  }

  async function open(anchor, base) {
    const tab = window.open("", "_blank"); // at once, as a browser allows it only in answer to a click
    const preview = await fetch(base + PREVIEW, { cache: "no-store" });
    tab.location = ((preview.ok && (await preview.text()).trim()) || base + "files/" + PAGE) + anchor;
  }

  (window._JUPYTERLAB ??= {})["report-lab"] = {
    init: (scope) => void (shared = scope),
    get: async () => {
      const [notebook, core] = [await load("@jupyterlab/notebook"), await load("@jupyterlab/coreutils")];
      const plugins = [executor(notebook), unchanged(notebook), links(core)];
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
