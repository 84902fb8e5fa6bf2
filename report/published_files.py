"""What the published files are: their media types by the end of their names, and the licence of the code in them."""

__all__ = ["CODE_LICENCE", "MEDIA_TYPES"]

CODE_LICENCE = {
    "@id": "https://spdx.org/licenses/MIT",
    "@type": "CreativeWork",
    "name": "MIT License",
    "identifier": "MIT",
    "description": "Covers the code: the program, the arithmetic, the tests, and the code cells of the notebooks.",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
}
