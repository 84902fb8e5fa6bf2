"""One document from the executed notebooks, as an HTML page and as a PDF."""
