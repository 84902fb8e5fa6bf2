"""The engine: from a ledger of printed figures to verdicts, results, tables and charts, whatever the subject.

Its rooms, each importing only from those before it: `tables`, `ledger`, `judging`, `results`, `content`, `words`,
`questions`, `show`.
"""
