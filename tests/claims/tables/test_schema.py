"""Every fault a ledger can have is told: once, with its place and its remedy."""

import doctest
import json
import re
from pathlib import Path

import pytest
from claims.ledger import relation_rules, rules
from claims.ledger.intervals import HEDGES
from claims.ledger.loading import load_ledger
from claims.ledger.model import TABLES, LedgerError, columns_of
from claims.tables import cells, files, messages, patterns
from claims.tables.patterns import Matcher
from invented import LEDGER, copied, plant

DATA = Path(__file__).parents[3] / "data"
HEDGE_LIST = "none, exact, more_than, less_than, nearly, about, at_least, at_most"
C002 = "c002,S1,3,"
C016 = ",,c015,"


def problems(folder: Path) -> list[str]:
    """Return what the loader says of a ledger, a line each, with the file it is said of."""
    try:
        load_ledger(folder)
    except LedgerError as error:
        return [f"{Path(problem.file).name}: {problem}" for problem in error.problems]
    return []


def test_the_examples_in_the_docstrings_hold():
    for module in (files, messages, patterns, relation_rules):
        failed, attempted = doctest.testmod(module)
        assert attempted > 0
        assert failed == 0


def test_the_invented_ledger_has_no_problem():
    assert problems(LEDGER) == []


CELLS = [  # file, what stands there, what is planted, and all that is said about it
    (
        "claims.csv",
        "hive_count,40,1,count,10,default,,more_than",
        "hive_count,40,1,count,10,default,,more then",
        f"row 5 (c004), hedge: 'more then'; did you mean 'more_than'? One of: {HEDGE_LIST}",
    ),
    (
        "claims.csv",
        C002,
        "c002,S9,3,",
        "row 3 (c002), source: 'S9' is not in sources.csv; add the source first",
    ),
    (
        "claims.csv",
        "keeping_years",
        "keeping_yeers",
        "row 8 (c007), indicator: 'keeping_yeers' is not in indicators.csv; "
        "did you mean 'keeping_years'? Else add the indicator first",
    ),
    ("claims.csv", C002, "c002,,3,", "row 3 (c002), source: '' is empty; write the source"),
    ("claims.csv", C002, "c002,S1,three,", "row 3 (c002), line: 'three' is not a whole number; write it like '58'"),
    ("claims.csv", C002, "c002,S1,0,", "row 3 (c002), line: '0' is below 1; write it like '58'"),
    (
        "claims.csv",
        "c012,S2",
        "12,S2",
        "row 13 (12), id: '12' is not written as this column asks; write it like 'c001'",
    ),
    ("claims.csv", "c012,S2", "c011,S2", "row 13 (c011), id: 'c011' is in row 12 already; give it another"),
    (
        "claims.csv",
        ",has doubled,",
        ", has doubled,",
        "row 7 (c006), printed: ' has doubled' has spaces around it; remove them",
    ),
    (
        "claims.csv",
        ",has doubled,",
        ',"has\ndoubled",',
        "row 7 (c006), printed: 'has\\ndoubled' contains a line break or a control character; write it on one line",
    ),
    (
        "claims.csv",
        ",has doubled,",
        ",so says the miller and he should know it has doubled,",
        "row 7 (c006), printed: 'so says the miller and he should know it has doubled' is longer than 10 words; "
        "keep the figure with its hedge and unit; the texts are not ours",
    ),
    (
        "claims.csv",
        "honey_harvest,4100,1,",
        'honey_harvest,"4,100",1,',
        "row 3 (c002), value: '4,100' is not written as this column asks; did you mean '4100'?",
    ),
    (
        "claims.csv",
        "honey_harvest,4100,1,",
        "honey_harvest,4.1e3,1,",
        "row 3 (c002), value: '4.1e3' is not written as this column asks; write it like '41'",
    ),
    (
        "claims.csv",
        "honey_harvest,4100,1,",
        "honey_harvest,4100,0,",
        "row 3 (c002), multiplier: '0' is not above 0; write it like '1000000000'",
    ),
    (
        "claims.csv",
        "honey_harvest,0.9,1000,",
        "honey_harvest,0.9,1e3,",
        "row 9 (c008), multiplier: '1e3' is not a plain number; write it like '1000000000'",
    ),
    (
        "claims.csv",
        "150,1,percent,10,a round figure,",
        "150,1,percent,10,default,",
        "row 37 (c036), precision_basis: 'default' does not say what 150 percent stands for, printed as a round ten "
        "without a hedge; write precision 1 with 'whole percent', or why it is coarser",
    ),
    (
        "claims.csv",
        "clover_share,31.5,1,",
        "clover_share,315,1,",
        "row 15 (c014), precision: '0.1' is not the default of 1; say why in precision_basis, or write 1|"
        "row 15 (c014), value: '315' times 1 lies outside the domain of clover_share (0 to 100); "
        "fix value or multiplier, or the domain in indicators.csv",
    ),
    (
        "claims.csv",
        "hive_count,60,1,",
        "hive_count,60.5,1,",
        "row 10 (c009), value: '60.5' times 1 is not whole, and hive_count counts whole things; "
        "fix value or multiplier, or 'integer' in indicators.csv",
    ),
    (
        "claims.csv",
        "clover_harvest,1300,1,pound,",
        "clover_harvest,1300,1,jar,",
        "row 14 (c013), unit: 'jar' is not the unit of clover_harvest, which is 'pound'; "
        "write that, with its multiplier, or name another indicator",
    ),
    (
        "claims.csv",
        "hive_count,40,1,count,10,",
        "hive_count,40,1,count,,",
        "row 5 (c004), precision: '' is empty; a figure with the hedge 'more_than' needs one; by default 10",
    ),
    (
        "claims.csv",
        "hive_count,40,1,count,10,",
        "hive_count,40,1,count,0,",
        "row 5 (c004), precision: '0' is not above 0; write the smallest step the figure shows; by default 10",
    ),
    (
        "claims.csv",
        "hive_count,40,1,count,10,",
        "hive_count,40,1,count,1,",
        "row 5 (c004), precision: '1' is not the default of 10; say why in precision_basis, or write 10",
    ),
    (
        "claims.csv",
        "1/30,a third is a word",
        "1/30,default",
        "row 4 (c003), precision: '1/30' has no default, as a fraction has none; say why in precision_basis",
    ),
    (
        "claims.csv",
        "0.1,doubled is a word,0.5",
        "0.1,,0.5",
        "row 7 (c006), precision_basis: '' is empty; write 'default', or why it is finer or coarser",
    ),
    (
        "claims.csv",
        "0.1,doubled is a word,0.5",
        "0.1,doubled is a word,0.1",
        "row 7 (c006), precision_wide: '0.1' is not wider than the precision 0.1; "
        "leave it empty, or write the reach to the next word",
    ),
    (
        "claims.csv",
        "hive_count,60,1,count,,,",
        "hive_count,60,1,count,10,default,",
        "row 10 (c009), precision: '10' has no use with the hedge 'at_most'; leave it empty",
    ),
    (
        "claims.csv",
        "0.9,1000,pound,0.1,default,,none",
        "0.9,1000,pound,,,,exact",
        "row 9 (c008), hedge: 'exact' is an enumeration, and the value is not whole; write 'none', with a precision",
    ),
    (
        "claims.csv",
        "1901-01-01,1901-03-31,quarter",
        "1901-01-01,1901-03-30,quarter",
        "row 9 (c008), period_kind: 'quarter'; in a period of this kind the dates are the first and last day of a "
        "calendar quarter; here they are 1901-01-01 and 1901-03-30",
    ),
    (
        "claims.csv",
        "1901-01-01,1901-03-31,quarter",
        "1901-01-01,,quarter",
        "row 9 (c008), period_kind: 'quarter'; in a period of this kind the dates are the first and last day of a "
        "calendar quarter; here they are 1901-01-01 and empty",
    ),
    (
        "claims.csv",
        "1901-01-01,1901-03-31,quarter",
        "1901-02-01,1901-04-30,quarter",
        "row 9 (c008), period_kind: 'quarter'; in a period of this kind the dates are the first and last day of a "
        "calendar quarter; here they are 1901-02-01 and 1901-04-30",
    ),
    (
        "claims.csv",
        "1899-01-01,1899-12-31,year",
        "1899-01-01,1900-12-31,year",
        "row 6 (c005), period_kind: 'year'; in a period of this kind the dates are 1 January and 31 December of one "
        "year; here they are 1899-01-01 and 1900-12-31",
    ),
    (
        "claims.csv",
        ",,undated,",
        ",1900-12-31,undated,",
        "row 13 (c012), period_kind: 'undated'; in a period of this kind both dates are empty; "
        "here they are empty and 1900-12-31",
    ),
    (
        "claims.csv",
        ",,1901-04-02,moment",
        ",1901-04-01,1901-04-02,moment",
        "row 5 (c004), period_kind: 'moment'; in a period of this kind period_end is the day, and period_start the "
        "same or empty; here they are 1901-04-01 and 1901-04-02",
    ),
    (
        "claims.csv",
        "0.5,none,1886-04-02,1901-04-02,window",
        "0.5,none,,,window",
        "row 7 (c006), period_kind: 'window'; in a period of this kind at least one of the dates is given; "
        "here they are empty and empty",
    ),
    (
        "claims.csv",
        "0.5,none,1886-04-02,1901-04-02,window",
        "0.5,none,1886-04-02,,horizon",
        "row 7 (c006), period_kind: 'horizon'; in a period of this kind period_end is given; "
        "here they are 1886-04-02 and empty",
    ),
    (
        "claims.csv",
        "1899-01-01,1899-12-31,year",
        "1899-12-31,1899-01-01,year",
        "row 6 (c005), period_start: '1899-12-31' is after period_end 1899-01-01; swap or fix them",
    ),
    (
        "claims.csv",
        "1899-01-01,1899-12-31,year",
        "1899-01-01,31.12.1899,year",
        "row 6 (c005), period_end: '31.12.1899' is not a date; write it as 2024-07-03",
    ),
    (
        "claims.csv",
        "1899-01-01,1899-12-31,year",
        "1899-02-30,1899-12-31,year",
        "row 6 (c005), period_start: '1899-02-30' is not a date; write it as 2024-07-03",
    ),
    (
        "claims.csv",
        "1899-12-31,year,inferred",
        "1899-12-31,year,",
        "row 6 (c005), period_basis: '' is empty; write 'stated' or 'inferred'",
    ),
    ("claims.csv", C016, ",,c099,", "row 17 (c016), repeats: 'c099' is not in claims.csv; add the claim first"),
    (
        "claims.csv",
        C016,
        ",,c016,",
        "row 17 (c016), repeats: 'c016' is not above this row; name the first occurrence",
    ),
    (
        "claims.csv",
        C016,
        ",,c004,",
        "row 17 (c016), repeats: 'c004' has another source than this row; "
        "a repetition is the same statement again in the same text",
    ),
    (
        "claims.csv",
        C016,
        ",,c014,",
        "row 17 (c016), repeats: 'c014' has another indicator than this row; "
        "a repetition is the same statement again in the same text",
    ),
    (
        "agreements.csv",
        "visits,letters,,",
        "visits,letters,a004,",
        "row 7 (a006), repeats: 'a004' is a repetition itself; name the first occurrence, 'a001'",
    ),
    (
        "agreements.csv",
        "mead,honey;letters",
        "mead,honey;leters",
        "row 6 (a005), sectors: 'leters' is not in sectors.csv; did you mean 'letters'? Else add the sector first",
    ),
    (
        "agreements.csv",
        "mead,honey;letters",
        "mead,honey; letters",
        "row 6 (a005), sectors: 'honey; letters' is not written as this column asks; did you mean 'honey;letters'?",
    ),
    (
        "agreements.csv",
        "a005,S1,6,S1.hoped,open",
        "a005,S1,6,S1.hoped,opened",
        "row 6 (a005), list_kind: 'opened'; did you mean 'open'? One of: open, closed",
    ),
    (
        "agreements.csv",
        "a006,S1,6,S1.hoped,open",
        "a006,S1,6,S1.hoped,closed",
        "row 7 (a006), list_kind: 'closed' is not that of row 5 of the same list, 'open'; "
        "give these items a list of their own",
    ),
    (
        "agreements.csv",
        "a008,S2,4,S2.won,closed,under_way",
        "a008,S2,4,S2.won,closed,signed",
        "row 9 (a008), status: 'signed' is not that of row 8 of the same list, 'under_way'; "
        "give these items a list of their own",
    ),
    (
        "agreements.csv",
        "a008,S2,4,S2.won,",
        "a008,S2,4,S1.won,",
        "row 9 (a008), list: 'S1.won' begins with another text; begin it with 'S2'",
    ),
    (
        "agreements.csv",
        "visits,letters,,,",
        "visits,letters,,a009,",
        "row 7 (a006), within: 'a009' is not in agreements.csv; add the agreement first",
    ),
    (
        "agreements.csv",
        "visits,letters,,,",
        "visits,letters,,a007,",
        "row 7 (a006), within: 'a007' is not above this row; name an item that is listed before it",
    ),
    (
        "agreements.csv",
        "visits,letters,,,",
        "visits,letters,,a004,",
        "row 7 (a006), within: 'a004' is not counted itself; name an item that is counted",
    ),
    (
        "agreements.csv",
        "prize,honey;letters,,,",
        "prize,honey;letters,,a001,",
        "row 8 (a007), within: 'a001' is an item of another text; name one of the same text",
    ),
    (
        "agreements.csv",
        "a008,S2,4,S2.won,closed,under_way,clover",
        f"a008,S2,4,S2.won,closed,under_way,{'clover' * 21}",
        f"row 9 (a008), item: '{'clover' * 21}' is longer than 120 characters; shorten it",
    ),
    (
        "indicators.csv",
        "0,100,false,flow",
        "100,0,false,flow",
        "row 5 (clover_share), domain_low: '100' is above domain_high 0; swap or fix them",
    ),
    (
        "indicators.csv",
        "0,,true,stock",
        "0,,True,stock",
        "row 7 (hive_count), integer: 'True' is neither true nor false; did you mean 'true'?",
    ),
    (
        "indicators.csv",
        "all hives,parish_book;miller",
        "all hives,parish_book;unknown",
        "row 2 (honey_harvest), authority: 'parish_book;unknown' is unknown and known at once; "
        "list the candidates without 'unknown'",
    ),
    (
        "indicators.csv",
        "count,count,hives,",
        "count,count,hive,",
        "row 7 (hive_count), sector: 'hive' is not in sectors.csv; add the sector first",
    ),
    ("sources.csv", "lower.txt", "upper.txt", "row 3 (S2), file: 'upper.txt' is in row 2 already; give it another"),
    (
        "official.csv",
        "4.15,1000,pound,0.01",
        "4.15,1000,jar,0.01",
        "row 2 (o001), unit: 'jar' is not the unit of honey_harvest, which is 'pound'; "
        "write that, with its multiplier, or name another indicator",
    ),
    (
        "official.csv",
        "1901-02,false",
        "February 1901,false",
        "row 2 (o001), date_published: 'February 1901' is not written as this column asks; write it like '2024-01'",
    ),
    (
        "known_disagreements.csv",
        "c002;c010",
        "c002;c110",
        "row 2 (honey_harvest:1900), claims: 'c110' is not in claims.csv; add the claim first",
    ),
    (
        "known_disagreements.csv",
        "authority;loose_wording",
        "authority;loose_words",
        "row 2 (honey_harvest:1900), causes: 'loose_words'; did you mean 'loose_wording'? "
        f"One of: {', '.join(rules.CAUSES)}",
    ),
    (
        "known_disagreements.csv",
        "1900,inconsistent,",
        "1900,false,",
        "row 2 (honey_harvest:1900), verdict: 'false'; One of: inconsistent, undecided",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), CELLS, ids=[case[3][:60] for case in CELLS])
def test_a_fault_in_a_cell_is_reported_once_with_its_remedy(tmp_path, file, old, new, said):
    folder = copied(tmp_path)
    plant(folder, file, old, new)
    found = [re.sub(rf"{re.escape(str(folder))}/", "", line.partition(": ")[2]) for line in problems(folder)]
    assert found == said.split("|")


ACCEPTED = [
    ("1901-03-31,moment", "1901-03-31,moment"),
    (",1901-03-31,moment", "1901-03-31,1901-03-31,moment"),
    ("0.5,none,1886-04-02,1901-04-02,window", "0.5,none,1886-04-02,,window"),
    ("0.5,none,1886-04-02,1901-04-02,window", "0.5,none,,1901-04-02,window"),
    ("0.5,none,1886-04-02,1901-04-02,window", "0.5,none,,1901-04-02,horizon"),
    ("1901-01-01,1901-03-31,quarter", "1900-10-01,1900-12-31,quarter"),
    (",,undated,inferred", ",,undated,"),
    ("clover_share,31.5,1,percent,0.1", "clover_share,100,1,percent,100"),
    ("clover_share,31.5,1,percent,0.1", "clover_share,0,1,percent,1"),
    ("honey_harvest_growth,32,1,percent", "honey_harvest_growth,-32,1,percent"),
    (",has doubled,", ",and now our trade has doubled so the miller says,"),
]


@pytest.mark.parametrize(("old", "new"), ACCEPTED, ids=[case[1] for case in ACCEPTED])
def test_what_is_unusual_but_right_is_accepted(tmp_path, old, new):
    folder = copied(tmp_path)
    plant(folder, "claims.csv", old, new)
    assert problems(folder) == []


R01, R04 = "growth_of,growth=c001; last=c002; first=c005", "not_comparable,a=c004; b=c009"
RELATIONS = [
    (R01, "growth_of,growth=c001, last=c002", "cannot be read; write them like 'total=c001; parts=c002+c003'"),
    (R01, "growth_of,growth=c001; last=c002; first=", "cannot be read; write them like 'total=c001; parts=c002+c003'"),
    (R01, "growth_of,growth=c001; lest=c002; last=c002", None),
    (R01, "growth_of,growth=c001", "lacks last; growth_of takes growth, last, first"),
    (
        R01,
        "growth_of,growth=c001; last=c002; last=c005",
        "names a role twice; join its claims with '+', or write two relations",
    ),
    (
        R01,
        "growth_of,growth=c001; last=c002+c005",
        "names 2 claims as 'last', which takes one; write a relation for each",
    ),
    (R01, "growth_of,growth=c001; last=c002; first=c002", "names c002 twice; a claim cannot be confronted with itself"),
    (R01, "multiple_of,multiple=c006", "lacks a level; name the claim that is 'last' or 'first'"),
    (R01, "share_of,share=c003", "lacks a level; name the claim that is 'part' or 'total'"),
    (R01, "growth_of,growth=c001; last=c099", None),
]


@pytest.mark.parametrize(("old", "new", "said"), RELATIONS, ids=[case[1] for case in RELATIONS])
def test_a_relation_names_its_claims_by_role(tmp_path, old, new, said):
    folder = copied(tmp_path)
    plant(folder, "relations.csv", f"{old},", f'"{new}",'.replace(",", '","', 1))
    found = [line.partition("operands: ")[2].replace(f"{folder}/", "") for line in problems(folder)]
    operands = new.partition(",")[2]
    if said is not None:
        assert found == ([f"{operands!r} {said}"] if said else [])
    elif "lest" in new:
        assert found == [
            f"{operands!r} has an unknown role 'lest'; did you mean 'last'? growth_of takes growth, last, first",
            f"{operands!r} names c002 twice; a claim cannot be confronted with itself",
        ]
    else:
        assert found == ["'c099' is not in claims.csv; add the claim first"]


MEND = "; fix the periods in claims.csv, or write 'differs:' and in what they differ"
NO_DATES = (
    "is no rule here; write two dates such as 1992..2024-07-02, or 'same' with claims on the years of start and end"
)
CIRCULAR = (
    "is counted back from what line 5 of S1 prints itself; "
    "take the first date from another sentence, or from a figure: since=c001 and '..2024-07-02'"
)
ONE_START = (
    "needs its first date once; "
    "write 'since=' and the figure whose period begins then with '..2024-07-02', or else both dates"
)
PERIODS = [
    ("growth_of,growth=c001; last=c002", "same", ""),
    ("growth_of,growth=c001; last=c002; first=c005", "same", ""),  # the first lies a year before
    (
        "growth_of,growth=c001; last=c002; first=c010",
        "same",
        "says 'same', and the first does not lie a year before the last" + MEND,
    ),
    ("growth_of,growth=c001; last=c005", "same", "says 'same', and the periods are not" + MEND),
    ("growth_of,growth=c001; last=c002; first=c005", "previous_year", ""),
    (
        "growth_of,growth=c001; last=c005; first=c002",
        "previous_year",
        "says 'previous_year', and the first does not lie a year before the last" + MEND,
    ),
    (
        "growth_of,growth=c001; last=c002",
        "previous_year",
        "says 'previous_year', and the first does not lie a year before the last" + MEND,
    ),
    ("multiple_of,multiple=c018; last=c017; first=c019", "covers", ""),
    ("multiple_of,multiple=c006; last=c002", "covers", ""),
    (
        "multiple_of,multiple=c018; last=c002; first=c019",
        "covers",
        "says 'covers', and the multiple does not cover the last" + MEND,
    ),
    (
        "multiple_of,multiple=c006; last=c002; first=c019",
        "covers",
        "says 'covers', and the multiple does not cover the first" + MEND,
    ),
    ("share_of,share=c014; part=c013; total=c010", "same", ""),
    ("share_of,share=c014; part=c013; total=c005", "same", "says 'same', and the periods are not" + MEND),
    ("share_of,share=c014; part=c013", "within", "is no rule here; share_of takes same or differs:…"),
    ("part_of,part=c021; total=c017", "within", ""),
    ("part_of,part=c021; total=c020", "within", "says 'within', and the part does not lie within the total" + MEND),
    ("part_of,part=c017; total=c021", "within", "says 'within', and the part does not lie within the total" + MEND),
    ("part_of,part=c013; total=c005", "across", ""),
    ("at_most,smaller=c037; larger=c006", "within", ""),  # 1900 in the fifteen years to 1901
    ("sum_of,total=c002; parts=c010+c013", "same", ""),
    (
        "sum_of,total=c017; parts=c021+c020",
        "within",
        "says 'within', and the parts does not lie within the total" + MEND,
    ),
    ("sum_of,total=c002; parts=c005+c013", "across", ""),
    ("rate_times_time,rate=c028; time=c029; total=c030", "same", ""),
    ("rate_times_time,time=c007; total=c002", "same", "says 'same', and the periods are not" + MEND),
    ("rate_times_time,time=c007; total=c002", "ceiling", ""),
    ("annualised,quarter=c021; year=c017", "within", ""),
    (
        "annualised,quarter=c008; year=c002",
        "within",
        "says 'within', and the quarter does not lie within the year" + MEND,
    ),
    ("at_most,smaller=c009; larger=c004", "within", ""),  # as of a day, and of one two days later
    (
        "at_most,smaller=c004; larger=c009",
        "within",
        "says 'within', and the smaller does not lie within the larger" + MEND,
    ),
    ("at_most,smaller=c005; larger=c002", "previous_year", ""),
    (
        "at_most,smaller=c002; larger=c005",
        "previous_year",
        "says 'previous_year', and the smaller does not lie a year before the larger" + MEND,
    ),
    (
        "at_most,smaller=c009; larger=c004",
        "previous_year",
        "says 'previous_year', and the smaller does not lie a year before the larger" + MEND,
    ),
    ("at_most,smaller=c002; larger=c010", "same", ""),
    ("at_most,smaller=c002; larger=c005", "differs:year", ""),
    ("at_most,smaller=c002; larger=c005", "differs:", "does not say in what they differ; write it after the colon"),
    (
        "at_most,smaller=c002; larger=c005",
        "sam",
        "is no rule here; did you mean 'same'? at_most takes same or within or previous_year or across or differs:…",
    ),
    ("duration,duration=c007", "1885..1901-04-02", ""),
    ("duration,duration=c007", "1886-04-02..1901-04-02", CIRCULAR),
    ("duration,duration=c007", "1886..1901-04-02", CIRCULAR),  # the same day, cut short
    ("duration,duration=c007; since=c019", "..1901-04-02", ""),  # from the first day of 1881
    ("duration,duration=c007; since=c019", "..1880", "is no span of time; write two dates of the calendar, in order"),
    ("duration,duration=c007; since=c019", "1881..1901-04-02", ONE_START),
    ("duration,duration=c007", "..1901-04-02", ONE_START),
    ("duration,duration=c007", "1901..1886", "is no span of time; write two dates of the calendar, in order"),
    ("duration,duration=c007", "1886-13..1901", "is no span of time; write two dates of the calendar, in order"),
    ("duration,duration=c007", "1886-02-30..1901", "is no span of time; write two dates of the calendar, in order"),
    ("duration,duration=c033; start=c031; end=c032", "same", ""),
    (
        "duration,duration=c033; start=c031",
        "same",
        NO_DATES,
    ),
    (
        "duration,duration=c033; start=c031; end=c032",
        "within",
        NO_DATES,
    ),
    ("not_comparable,a=c004+c015; b=c009", "differs:hedge", ""),
    ("not_comparable,a=c004; b=c009", "same", "is no rule here; not_comparable takes differs:…"),
]


@pytest.mark.parametrize(("row", "rule", "said"), PERIODS, ids=[f"{row}, {rule}" for row, rule, _ in PERIODS])
def test_the_periods_of_a_relation_lie_as_its_rule_says(tmp_path, row, rule, said):
    folder = copied(tmp_path)
    kind, operands = row.split(",")
    plant(folder, "relations.csv", f"{R01},previous_year,", f'{kind},"{operands}",{rule},')
    found = [line.partition("period_rule: ")[2] for line in problems(folder)]
    assert found == ([f"{rule!r} {said}"] if said else [])


OTHER = "; name other claims, or write 'differs:' and in what they differ"
UNITS = [
    (
        "growth_of,growth=c002; last=c010",
        "same",
        "has its growth in pound, not in percent or percentage_points" + OTHER,
    ),
    ("growth_of,growth=c034; last=c002", "same", "has its last in pound, not in percent" + OTHER),
    ("growth_of,growth=c034; last=c014", "same", ""),
    ("multiple_of,multiple=c001; last=c002", "same", "has its multiple in percent, not in times" + OTHER),
    ("multiple_of,multiple=c018; last=c017; first=c019", "covers", ""),
    ("share_of,share=c002; part=c013", "same", "has its share in pound, not in percent" + OTHER),
    ("share_of,share=c014; part=c013; total=c035", "same", "confronts count with pound" + OTHER),
    ("part_of,part=c035; total=c002", "same", "confronts count with pound" + OTHER),
    ("at_most,smaller=c001; larger=c002", "across", "confronts percent with pound" + OTHER),
    ("at_most,smaller=c001; larger=c002", "differs:unit", ""),
    ("sum_of,total=c024; parts=c022+c035", "same", "confronts count with pound" + OTHER),
    ("annualised,quarter=c021; year=c028", "within", "confronts pound with pound_per_year" + OTHER),
    (
        "rate_times_time,rate=c028; time=c027; total=c030",
        "same",
        "has its time in pound, not in year or day" + OTHER,
    ),
    (
        "rate_times_time,rate=c030; time=c029; total=c027",
        "same",
        "has its rate in pound, not in pound_per_year or pound_per_day" + OTHER,
    ),
    ("rate_times_time,rate=c025; time=c029; total=c030", "same", ""),
    (
        "converted,amount=c024; rate=c028; total=c027",
        "across",
        "has its rate in pound_per_year, not in pound_per_pound" + OTHER,
    ),
    ("duration,duration=c002", "1899..1900", "has its duration in pound, not in year or day" + OTHER),
    (
        "duration,duration=c033; start=c031; end=c030",
        "same",
        "has its end in pound, not in calendar_year" + OTHER,
    ),
]


@pytest.mark.parametrize(("row", "rule", "said"), UNITS, ids=[f"{row}, {rule}" for row, rule, _ in UNITS])
def test_the_figures_of_a_relation_are_in_units_that_can_be_confronted(tmp_path, row, rule, said):
    folder = copied(tmp_path)
    kind, operands = row.split(",")
    plant(folder, "relations.csv", f"{R01},previous_year,", f'{kind},"{operands}",{rule},')
    assert [line.partition("operands: ")[2] for line in problems(folder)] == ([f"{operands!r} {said}"] if said else [])


def header(old: str, new: str):
    return lambda raw: raw.replace(old.encode(), new.encode(), 1)


def label_first(raw: bytes) -> bytes:
    return b"\n".join(re.sub(b"^([^,]*),([^,]*),", rb"\2,\1,", line) for line in raw.split(b"\n"))


FILES = [  # what is done to the bytes of sectors.csv, and all that is said of it
    (lambda raw: b"\xef\xbb\xbf" + raw, ["row 1: begins with a byte order mark; save as UTF-8 without BOM"]),
    (
        lambda raw: raw.replace(b"\n", b"\r\n"),
        ["line 1 ends with a carriage return; save the file with Unix line ends (LF)"],
    ),
    (
        lambda raw: raw.replace(b"Honey,A", b"H\xf6nig,A"),
        ["line 2 holds a byte that is not UTF-8 (0xf6); save the file as UTF-8"],
    ),
    (lambda raw: b"", ["row 1: has no header; write id,label,isic,isic_title,definition"]),
    (
        lambda raw: raw.split(b"\n", 1)[1],
        [
            "row 1: 'honey,Honey,A,Agriculture, forestry and fishing,Honey and what is made of it' "
            "is not a header of this table; write id,label,isic,isic_title,definition"
        ],
    ),
    (
        header("id,label,isic,", "id,label,label,"),
        ["row 1, label: is there twice; remove one"],
    ),
    (
        header("id,label,isic,", "id,lable,isic,"),
        [
            "row 1, lable: is not a column of this table; did you mean 'label'?",
            "row 1, label: is missing from the header; add the column",
        ],
    ),
    (
        label_first,
        [
            "row 1: the columns are in another order: label,id,isic,isic_title,definition; "
            "write id,label,isic,isic_title,definition"
        ],
    ),
    (
        header("honey,Honey,A,", "honey,Honey,A,,"),
        ['row 2 (honey): has 6 cells, the header 5; quote cells that hold a comma: "a, b"'],
    ),
    (header("honey,Honey,A,", "honey,Honey,"), ["row 2 (honey): has 4 cells, the header 5; add the empty cells"]),
    (header("\nhives", "\n\nhives"), ["row 3: is blank; remove it"]),
    (header("\nhives", "\n,,,,\nhives"), ["row 3: is blank; remove it"]),
    (
        header('"Agriculture', '"Agri"culture'),
        ["cannot be read as CSV after row 1 (',' expected after '\"'); look for a lone \"; double it inside quotes"],
    ),
]


@pytest.mark.parametrize(("fault", "said"), FILES, ids=[case[1][0][:60] for case in FILES])
def test_a_fault_of_a_file_is_reported_and_hides_no_other(tmp_path, fault, said):
    folder = copied(tmp_path)
    path = folder / "sectors.csv"
    path.write_bytes(fault(path.read_bytes()))
    assert problems(folder) == [f"sectors.csv: {line}" for line in said]
    plant(folder, "claims.csv", C002, "c002,S1,three,")
    plant(folder, "official.csv", "1901-02,false", "1901-02,perhaps")
    assert problems(folder)[: len(said)] == [f"sectors.csv: {line}" for line in said]
    assert [line.partition(":")[0] for line in problems(folder)[-2:]] == ["claims.csv", "official.csv"]


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_file_is_one_problem_not_one_per_reference(tmp_path, name):
    folder = copied(tmp_path)
    columns = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / f"{name}.csv").unlink()
    assert problems(folder) == [f"{name}.csv: is missing; an empty table is its header alone: {columns}"]


def test_an_unknown_type_of_relation_is_one_problem(tmp_path):
    folder = copied(tmp_path)
    plant(folder, "relations.csv", R01, R01.replace("growth_of", "growth_off"))
    (problem,) = problems(folder)
    assert "type: 'growth_off'; did you mean 'growth_of'? One of: " in problem


def test_a_missing_key_column_is_not_reported_for_each_row(tmp_path):
    folder = copied(tmp_path)
    path = folder / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("id,", "name,", 1), encoding="utf-8")
    starts = [line.partition(";")[0] for line in problems(folder)]
    message = "claims.csv: row 1, name: is not a column of this table"
    assert starts == [message, "claims.csv: row 1, id: is missing from the header"]


def test_an_empty_ledger_has_no_problem(tmp_path):
    folder = copied(tmp_path)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert problems(folder) == []


@pytest.mark.parametrize("name", ["sources", "indicators"])
def test_figures_without_their_texts_or_indicators_are_refused(tmp_path, name):
    folder = copied(tmp_path)
    path = folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert all(f"/{name}.csv; add the" in problem for problem in problems(folder))


PACKAGES = [
    (lambda text: None, "is missing; it describes every column; copy it from data/"),
    (lambda text: text[:-4], "line 2"),
    (lambda text: text.replace('"name": "claims"', '"name": "cliams"', 1), "describes no resource 'claims'; copy it"),
    (lambda text: text.replace('"name": "hedge"', '"name": "hegde"', 1), "describes no column 'hedge' in 'claims'"),
    (lambda text: text.replace('"primaryKey": ["id"]', '"key": ["id"]', 1), "a resource lacks its name, path, schema"),
]


@pytest.mark.parametrize(("fault", "said"), PACKAGES, ids=[case[1][:40] for case in PACKAGES])
def test_a_broken_description_of_the_columns_is_reported_first(tmp_path, fault, said):
    folder = copied(tmp_path)
    path = folder / "datapackage.json"
    text = fault(path.read_text(encoding="utf-8"))
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    (found,) = problems(folder)
    assert found.startswith(f"datapackage.json: {said}")


def test_a_path_that_is_no_folder_is_reported(tmp_path):
    assert problems(tmp_path / "nowhere") == ["nowhere: is missing or no folder; give the folder of a ledger"]


def test_all_problems_come_in_one_message_file_by_file(tmp_path):
    folder = copied(tmp_path)
    plant(folder, "claims.csv", "count,10,default,,more_than", "count,10,default,,more then")
    plant(folder, "claims.csv", C002, "c002,S9,3,")
    plant(folder, "sectors.csv", "\nletters,", "\nLetters,")
    with pytest.raises(LedgerError) as caught:
        load_ledger(folder)
    assert str(caught.value).replace(f"{folder}/", "data/") == (
        "data/sectors.csv: 1 problem\n"
        "  row 4 (Letters), id: 'Letters' is not written as this column asks; write it like 'honey'\n"
        "data/indicators.csv: 2 problems\n"
        "  row 8 (keeping_years), sector: 'letters' is not in data/sectors.csv; "
        "did you mean 'Letters'? Else add the sector first\n"
        "  row 9 (fair_rank), sector: 'letters' is not in data/sectors.csv; "
        "did you mean 'Letters'? Else add the sector first\n"
        "data/claims.csv: 2 problems\n"
        "  row 3 (c002), source: 'S9' is not in data/sources.csv; add the source first\n"
        f"  row 5 (c004), hedge: 'more then'; did you mean 'more_than'? One of: {HEDGE_LIST}\n"
        "data/agreements.csv: 3 problems\n"
        "  row 6 (a005), sectors: 'letters' is not in data/sectors.csv; "
        "did you mean 'Letters'? Else add the sector first\n"
        "  row 7 (a006), sectors: 'letters' is not in data/sectors.csv; "
        "did you mean 'Letters'? Else add the sector first\n"
        "  row 8 (a007), sectors: 'letters' is not in data/sectors.csv; "
        "did you mean 'Letters'? Else add the sector first"
    )


# The description itself.

TYPES = {"string", "integer", "number", "boolean", "date"}
CONSTRAINTS = {"required", "unique", "enum", "pattern", "minimum", "exclusiveMinimum", "maxLength"}
PACKAGE_SCHEMA = {
    "type": "object",
    "required": ["$schema", "name", "title", "description", "version", "created", "licenses", "resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"pattern": "^[a-z0-9._-]+$"},
        "version": {"pattern": r"^\d+\.\d+\.\d+$"},
        "created": {"pattern": r"^\d{4}-\d{2}-\d{2}T00:00:00Z$"},
        "licenses": {"minItems": 1, "items": {"required": ["name", "path", "title"]}},
        "resources": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type", "$schema", "path", "title", "description", "format", "encoding", "schema"],
                "properties": {
                    "type": {"const": "table"},
                    "$schema": {"const": "https://datapackage.org/profiles/2.0/dataresource.json"},
                    "path": {"pattern": r"^[a-z_]+\.csv$"},
                    "format": {"const": "csv"},
                    "encoding": {"const": "utf-8"},
                    "schema": {
                        "type": "object",
                        "required": ["$schema", "fields", "missingValues", "primaryKey"],
                        "additionalProperties": False,
                        "properties": {
                            "$schema": {"const": "https://datapackage.org/profiles/2.0/tableschema.json"},
                            "fieldsMatch": {"const": ["exact"]},
                            "missingValues": {"const": [""]},
                            "primaryKey": {"type": "array", "minItems": 1, "maxItems": 1},
                            "foreignKeys": {
                                "type": "array",
                                "items": {
                                    "required": ["fields", "reference"],
                                    "properties": {"reference": {"required": ["fields"]}},
                                },
                            },
                            "fields": {
                                "type": "array",
                                "minItems": 5,
                                "items": {
                                    "type": "object",
                                    "required": ["name", "type", "description"],
                                    "properties": {
                                        "type": {"enum": sorted(TYPES)},
                                        "constraints": {
                                            "type": "object",
                                            "minProperties": 1,
                                            "propertyNames": {"enum": sorted(CONSTRAINTS)},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture(params=[DATA, LEDGER], ids=["data", "invented"])
def described(request) -> dict:
    return package(request.param)


def columns(description: dict) -> dict[str, list[str]]:
    return {one["name"]: [spec["name"] for spec in one["schema"]["fields"]] for one in description["resources"]}


def test_the_description_has_the_shape_of_a_data_package(described):
    from jsonschema import Draft7Validator

    assert [error.message for error in Draft7Validator(PACKAGE_SCHEMA).iter_errors(described)] == []
    assert not Draft7Validator(PACKAGE_SCHEMA).is_valid({**described, "resources": [{}]})


def test_the_loader_uses_exactly_the_columns_described(described):
    assert columns(described) == {name: list(columns_of(kind)) for name, kind in TABLES.items()}


def test_the_two_ledgers_differ_in_words_and_units_only():
    def bare(description: dict) -> list:
        return [
            [
                {**spec, "description": "", "example": "", "constraints": {**spec.get("constraints", {}), "enum": None}}
                for spec in one["schema"]["fields"]
            ]
            for one in description["resources"]
        ]

    assert bare(package(DATA)) == bare(package(LEDGER))


def test_every_column_is_described_with_its_unit(described):
    for resource in described["resources"]:
        for spec in resource["schema"]["fields"]:
            unit = re.search(r"\([^()]+\)$", spec["description"])
            said = unit or spec["name"] in ("note", "unit")
            assert said, f"{resource['name']}.{spec['name']}: {spec['description']}"


def test_foreign_keys_refer_to_the_keys_of_described_tables(described):
    keys = {one["name"]: one["schema"]["primaryKey"] for one in described["resources"]}
    count = 0
    for resource in described["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            assert key["reference"]["fields"] == keys[key["reference"].get("resource", resource["name"])]
            assert set(key["fields"]) <= set(columns(described)[resource["name"]])
            count += 1
    assert count == 8


def test_the_words_of_the_code_are_the_words_of_the_description(described):
    enums = {
        (one["name"], spec["name"]): spec["constraints"]["enum"]
        for one in described["resources"]
        for spec in one["schema"]["fields"]
        if "enum" in spec.get("constraints", {})
    }
    assert enums["claims", "hedge"] == enums["official", "hedge"] == list(HEDGES)
    assert enums["relations", "type"] == list(relation_rules.ROLES)
    units = {name: words for (name, column), words in enums.items() if column == "unit"}
    assert "indicators" in units  # the others name an indicator; a list that they have is the same
    assert set(map(tuple, units.values())) == {tuple(units["indicators"])}


def test_an_example_is_what_its_column_asks(described):
    for resource in described["resources"]:
        for spec in resource["schema"]["fields"]:
            if "example" in spec:
                assert cells.find_fault(spec["example"], spec, Matcher()) is None
