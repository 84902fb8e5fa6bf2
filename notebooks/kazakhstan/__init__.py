"""The subject of this report: everything that names its countries, texts, official series, flows and goods.

Read `subject.yaml` first, then `mirror` (two official series of one trade) and `headlines` (what the report claims);
`fit` asks which series a text's figure fits, `aim` what doubling trade takes, `elsewhere` compares further official
figures, `causes` tests causes that only trade has; `official_figures` and `charts` make its tables and figures.
"""

__all__: list[str] = []
