"""The questions of the notebooks: each module answers one question with findings and rows to show.

`coverage`, `growth`, `discrepancies` and `shares` belong to chapters 10 to 40, `robustness` to 60, `method` to 90.
`shown` says how much of a large ledger a list or a grid shows.
"""
