"""The subject of this report: everything that names its countries, texts, official series, flows and goods.

Read `subject.yaml` first, then `mirror` (two official series of one trade) and `headlines` (what the report claims);
`fit` asks which series a text's figure fits, `aim` what doubling trade takes, `causes` what only trade may be explained
by. `official_figures`, `totals`, `elsewhere` and `commodities` are the chapter on official figures, a call for each of
its tables and figures; `official_exhibits` has the rows and alt texts of the first, and `charts` draws.
"""

__all__: list[str] = []
