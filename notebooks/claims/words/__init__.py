"""Numbers and verdicts in English.

Start with `sentences` (a template becomes linked text) and `explanations` (why a verdict is what it is). `numerals`
writes numbers and ranges, `labels` and `verdicts` name things, `values` writes findings, `references` lists works,
`citations` cites them.
"""
