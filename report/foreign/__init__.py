"""What any other notebook may contain and this report never does: HTML, LaTeX, terminal colours, pictures, raw cells.

`registered` has the exporters that `jupyter nbconvert` lists. They are those of `report.pages` with a reader of their
own (`reading`, with `formulas`, `fragments`, `visible`, `pictures` and `terminal` for what it finds) and answers for
what Typst refuses (`panels`, `refused`). Nothing else imports from this room.
"""
