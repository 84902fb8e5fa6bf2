"""Links, phrases, cells, tables and figures as data: a notebook writes them as JSON, and the program reads them back.

Begin with `phrases` (words, links, anchors and marks make a phrase), then `tables` (cells, columns, tables, figures).
`assertions` is what a sentence says without a number.
"""
