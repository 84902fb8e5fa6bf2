"""The subject of this report: everything that names its countries, texts, official series, flows and goods.

Read `subject.yaml` first, then `mirror` (two official series of one trade) and `headlines` (what the report claims);
`elsewhere`, `fit`, `aim` and `causes` hold the rest of the arithmetic, `official_figures` and `charts` what is shown.
"""

__all__: list[str] = []
