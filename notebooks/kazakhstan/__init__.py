"""The subject of this report: everything that names its countries, texts, official series, flows and goods.

Read `subject.yaml` first, then `mirror` (two official series of one trade) and `headlines` (what the report claims);
`fit` asks which series a text's figure fits, `aim` what doubling trade takes, `causes` what only trade may be explained
by. `official_figures` and `totals` are the chapter on official figures, a call for each of its tables and figures;
`official_exhibits` has the rows of the first.

`other_figures` lists the calls of the chapter on everything but trade. Most are declarations of numbers to work out
(`worked`): `unit_values`, `gas`, `crops`, `region`, `whole_trade`, `contacts`, `carriage` and `windows`. `elsewhere`
and `press_pages` set texts beside pages, `page_rates` rates beside levels, and `other_charts` draws.

Trade by either count is asked about in a module for each question: `two_counts` (how far apart over time), `directions`
(whose growth it was), `balance` (who has the surplus), `rank` (did China overtake Russia) and `pace` (how fast in a
decade); `trade_charts` draws for these and for `aim`. `whose_counts` has what the texts say of the count they use.
"""

__all__: list[str] = []
