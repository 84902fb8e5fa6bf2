"""The exporters that `jupyter nbconvert` lists, for any notebook: `--to report-html` and `--to typst-pdf`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbconvert.exporters.exporter import Exporter

from report.foreign.panels import split_table
from report.foreign.reading import ForeignReader
from report.foreign.refused import replace_refused
from report.pages.document import TableGrid
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.typst import TypstSetting

__all__ = ["NotebookHTMLExporter", "NotebookPDFExporter"]


class _ForeignSetting(TypstSetting):
    """Splits tables that are wider than the page, and replaces what Typst refuses."""

    def split_table(self, table: TableGrid) -> Sequence[TableGrid]:
        """Return the parts, one below another, in which a table is set."""
        return split_table(table)

    def replace_refused(self, source: str, diagnostic: str, pictures: Mapping[str, bytes]) -> tuple[str, str]:
        """Return the source without the fault of the diagnostic, and what that is; ("", "") to give up."""
        return replace_refused(source, diagnostic, pictures)


class _AnyNotebook(Exporter):
    """Reads whatever a notebook holds, also one that is not as its format requires."""

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

    setting = _ForeignSetting()
