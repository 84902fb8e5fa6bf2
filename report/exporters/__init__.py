"""The report's nbconvert exporters: one HTML file, and a PDF set with Typst, both from the same document."""
