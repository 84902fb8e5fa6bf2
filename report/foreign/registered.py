"""The exporters that `jupyter nbconvert` lists, for any notebook: `--to report-html` and `--to typst-pdf`.

JupyterLab's File, Save and Export Notebook As, lists them as `report_html` and `typst_pdf`.
"""

from __future__ import annotations

import sys

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from report.foreign.panels import split_table
from report.foreign.reading import ForeignReader
from report.foreign.refused import set_pages
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.typst import TypstSetting

__all__ = ["CommandLineHTMLExporter", "CommandLinePDFExporter", "NotebookHTMLExporter", "NotebookPDFExporter"]

_SERVER = "jupyter_server.nbconvert.handlers"


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

    spare = True


class NotebookPDFExporter(_AnyNotebook, TypstPDFExporter):
    """Exports any notebook as PDF/A-3a and PDF/UA-1."""

    setting = TypstSetting(split_table, set_pages, spare=True)


class _CommandLineOnly(Exporter):
    """Is left out of the list in a Jupyter server, whose addresses allow no hyphen in the name of a format."""

    @default("enabled")
    def _enabled_default(self) -> bool:
        return _SERVER not in sys.modules


class CommandLineHTMLExporter(_CommandLineOnly, NotebookHTMLExporter):
    """Exports any notebook as a single HTML file, under a name with a hyphen."""


class CommandLinePDFExporter(_CommandLineOnly, NotebookPDFExporter):
    """Exports any notebook as PDF/A-3a and PDF/UA-1, under a name with a hyphen."""
