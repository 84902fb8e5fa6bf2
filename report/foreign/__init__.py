"""What any other notebook may hold: HTML fragments, terminal output, wide tables, formulas Typst refuses."""
