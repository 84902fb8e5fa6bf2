"""The exporters as nbconvert knows them: `jupyter nbconvert --to report-html` and `--to typst-pdf`, of any notebook."""

from __future__ import annotations

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from report.pages import html, typst
from report.pages.document import Draft
from report.pages.reading import read


class _DocumentExporter(Exporter):
    """Exports a notebook by way of the document that it is read as."""

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page, text or bytes, and the resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = self.file_extension
        return self.from_draft(read(nb, resources.get("metadata", {}))), resources

    def _validate_preprocessor(self, nbc, preprocessor):
        """Say what is odd about a notebook, but set it: what cannot be shown is named on the page."""
        from nbformat import ValidationError

        try:
            super()._validate_preprocessor(nbc, preprocessor)
        except ValidationError as error:
            self.log.warning("this notebook is not as its format has it: %s", str(error).splitlines()[0])


class ReportHTMLExporter(_DocumentExporter):
    """Exports a notebook, or the assembled report, as a single HTML file."""

    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_draft(self, draft: Draft, **options) -> str:
        """Return the HTML text of a draft; `options` are those of `html.page`."""
        return html.page(draft, log=self.log, **options)


class TypstPDFExporter(_DocumentExporter):
    """Exports a notebook, or the assembled report, as PDF/A-3a and PDF/UA-1."""

    export_from_notebook = "Report (PDF with Typst)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_draft(self, draft: Draft, **options) -> bytes:
        """Return the PDF's bytes of a draft; `options` are those of `typst.pdf`."""
        return typst.pdf(draft, log=self.log, **options)
