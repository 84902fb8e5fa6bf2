"""The subject of this report: everything that names its countries, texts, official series, flows and goods.

Read `subject.yaml` first, then `mirror` (two official series of one trade) and `headlines` (what the report claims);
`elsewhere`, `fit`, `aim` and `causes` have the rest of the arithmetic, `official_figures` and `charts` the exhibits.
"""

__all__: list[str] = []
