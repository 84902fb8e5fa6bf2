"""The nbconvert exporters of the assembled report: one HTML file, and a PDF set by Typst.

`report.foreign.registered` has those of any notebook, which `jupyter nbconvert` lists.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter

from report.pages import html, typst
from report.pages.document import Draft
from report.pages.other_readings import Readings, page_with_readings
from report.pages.reading import Reader, read

__all__ = ["ReportHTMLExporter", "TypstPDFExporter"]


class _DocumentExporter(Exporter):
    """Exports a notebook by way of the draft that `reader` makes of it."""

    reader: Callable[[Mapping, Path | None], Reader] = Reader

    @abstractmethod
    def from_draft(self, draft: Draft) -> str | bytes:
        """Return the page of a draft."""

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page, text or bytes, and the resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return self.from_draft(read(nb, resources.get("metadata", {}), self.reader)), resources


class ReportHTMLExporter(_DocumentExporter):
    """Exports a notebook as a single HTML file."""

    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"
    spare = False
    file_extension = ".html"

    def from_draft(
        self,
        draft: Draft,
        others: Readings = (),
        conversions: MutableMapping | None = None,
        what_if: Mapping[str, Any] | None = None,
        **options,
    ) -> str:
        """Return the HTML text of a draft, which the page can show under `others`.

        `conversions` and `options` are those of `html.composed`, `what_if` is that of the document.
        """
        texts = {} if conversions is None else conversions
        composed = html.composed(draft, log=self.log, spare=self.spare, conversions=texts, **options)
        document = replace(composed, what_if=what_if)
        return page_with_readings(document, others, texts) if others else html.render(document)


class TypstPDFExporter(_DocumentExporter):
    """Exports a notebook as PDF/A-3a and PDF/UA-1."""

    export_from_notebook = "Report (PDF with Typst)"
    output_mimetype = "application/pdf"
    setting = typst.OUR_SETTING
    file_extension = ".pdf"

    def from_draft(self, draft: Draft, **options) -> bytes:
        """Return the PDF's bytes of a draft; `options` are those of `typst.pdf`."""
        return typst.pdf(draft, log=self.log, setting=self.setting, **options)
