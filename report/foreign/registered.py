"""The exporters that `jupyter nbconvert` lists, for any notebook: `--to report-html` and `--to typst-pdf`."""

from __future__ import annotations

from nbconvert.exporters.exporter import Exporter

from report.foreign.panels import split_table
from report.foreign.reading import ForeignReader
from report.foreign.refused import replace_refused
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.typst import TypstSetting

__all__ = ["NotebookHTMLExporter", "NotebookPDFExporter"]


class _AnyNotebook(Exporter):
    """Reads whatever a notebook contains, also one that is not as its format requires."""

    reader = ForeignReader

    def _validate_preprocessor(self, nbc, preprocessor):
        """Log what is odd about a notebook, but export it: notes on the page name what cannot be shown."""
        from nbformat import ValidationError

        try:
            super()._validate_preprocessor(nbc, preprocessor)
        except ValidationError as error:
            self.log.warning("this notebook does not follow its format: %s", str(error).splitlines()[0])


class NotebookHTMLExporter(_AnyNotebook, ReportHTMLExporter):
    """Exports any notebook as a single HTML file."""


class NotebookPDFExporter(_AnyNotebook, TypstPDFExporter):
    """Exports any notebook as PDF/A-3a and PDF/UA-1."""

    setting = TypstSetting(split_table, replace_refused)
