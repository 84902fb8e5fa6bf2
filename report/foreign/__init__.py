"""What any other notebook may contain and this report never does: HTML, LaTeX, terminal colours, pictures, raw cells.

`registered` has the exporters that `jupyter nbconvert` lists. They are those of `report.pages` with a reader of their
own (`reading`) and answers for what Typst refuses (`panels`, `refused`). Nothing else imports from this room.
"""
