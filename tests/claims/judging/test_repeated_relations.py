"""Relations about the same figures in the same roles are found, and judged once."""

import pytest
from claims.judging import judge_ledger
from claims.judging.repeated_relations import filled_roles, repeated_relations
from made_up import book, figure, percent, relation, year

FIGURES = [
    figure("c001", "40", period=year(2023)),
    figure("c002", "44", period=year(2024)),
    percent("c003", "10", period=year(2024)),
    percent("c004", "10", period=year(2024), source="S2"),
]
NAMED = {"growth": "c003", "last": "c002", "first": "c001"}


def with_rows(*rows: tuple[str, dict]):
    relations = [relation(f"r{place:02}", type, "same", **roles) for place, (type, roles) in enumerate(rows, start=1)]
    return book(*FIGURES, relations=relations)


def without(*roles: str) -> dict:
    return {role: id for role, id in NAMED.items() if role not in roles}


@pytest.mark.parametrize("left_out", [(), ("first",), ("last",)])
def test_a_row_that_leaves_out_a_figure_repeats_the_one_that_names_it(left_out):
    ledger = with_rows(("growth_of", NAMED), ("growth_of", without(*left_out)))
    assert repeated_relations(ledger) == {"r02": "r01"}
    fillings = {
        id: {role: claims[0].id for role, claims in roles.items()} for id, roles in filled_roles(ledger).items()
    }
    assert fillings == ({"r02": {left_out[0]: NAMED[left_out[0]]}} if left_out else {})


def test_another_type_or_another_figure_is_no_repetition():
    other_type = with_rows(("growth_of", NAMED), ("at_most", {"smaller": "c001", "larger": "c002"}))
    assert repeated_relations(other_type) == {}
    assert repeated_relations(with_rows(("growth_of", NAMED), ("growth_of", NAMED | {"growth": "c004"}))) == {}


def test_rows_of_what_is_not_comparable_repeat_each_other_only_for_one_reason():
    pair = {"a": "c001", "b": "c003"}
    rows = [relation(f"r0{place}", "not_comparable", rule, **pair) for place, rule in enumerate(("differs:unit",) * 2)]
    assert repeated_relations(book(*FIGURES, relations=rows)) == {"r01": "r00"}
    rows = [
        relation("r00", "not_comparable", "differs:unit", **pair),
        relation("r01", "not_comparable", "same", **pair),
    ]
    assert repeated_relations(book(*FIGURES, relations=rows)) == {}


def test_what_is_repeated_is_judged_once():
    rows = [("growth_of", NAMED), ("at_most", {"smaller": "c001", "larger": "c002"})]
    once, twice = (judge_ledger(with_rows(*rows, *more)) for more in ([], [("growth_of", without("first"))]))
    assert [verdict.id for verdict in twice.relations] == ["r01", "r02"]
    assert [whole.relations for whole in twice.wholes] == [whole.relations for whole in once.wholes] == [("r01", "r02")]
