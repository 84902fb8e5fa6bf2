"""What is shown, as data: the same classes in notebooks, where they leave as JSON, and in the program that reads it.

Begin with `phrases` (words, links, anchors and marks make a phrase), then `tables` (cells, columns, tables, figures).
"""
