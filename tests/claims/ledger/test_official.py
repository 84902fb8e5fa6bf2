"""Official figures as further claims: they join the groups, and the verdict engine treats them like any other."""

from __future__ import annotations

import pytest
from claims.content.phrases import Link
from claims.judging import judge_group, judge_ledger
from claims.ledger import loading, official
from claims.ledger import model as ledger
from claims.ledger.intervals import Reading
from claims.ledger.official import join_official
from claims.questions import clashes, discrepancies, discrepancy_exhibits
from claims.results.store import Results
from claims.show import display
from claims.show.book import Book
from claims.words.explanations import explain
from claims.words.labels import claim_text
from claims.words.sentences import Sentences
from made_up import QUOTED, SMALL, book, figure, quoted

USUAL = Reading()
OWN = loading.load_ledger()


def test_an_official_figure_joins_its_group_as_a_source_of_its_own():
    both = book(figure("c001", "41"), official=[quoted("o001", "31.2"), quoted("o002", "41")])
    (verdict,) = judge_ledger(join_official(both)).groups
    assert verdict.word == "inconsistent"
    assert verdict.sources == ("S1", "o001", "o002")
    assert verdict.independent == 3


def test_the_ledger_itself_is_not_changed():
    before = dict(SMALL.claims)
    assert join_official(SMALL).claims.keys() == {*before, "o001"}
    assert SMALL.claims == before
    assert join_official(SMALL).official == SMALL.official


def test_a_doubtful_figure_is_left_out():
    doubted = book(figure("c001", "41"), official=[quoted("o001", "31", doubtful=True), quoted("o002", "31")])
    assert set(join_official(doubted).claims) == {"c001", "o002"}
    assert not {one.id for one in OWN.official.values() if one.doubtful} & join_official(OWN).claims.keys()


def test_only_the_figures_of_the_authorities_asked_for_join():
    two = book(official=[quoted("o001", "31"), quoted("o002", "41", authority="china_customs")])
    assert set(join_official(two, ["china_customs"]).claims) == {"o002"}
    assert set(join_official(two, []).claims) == set()
    assert set(join_official(two).claims) == {"o001", "o002"}


def test_an_authority_that_no_figure_has_is_named_with_the_nearest():
    with pytest.raises(ledger.UnknownId, match="the authority 'kz_statistic'; did you mean 'kz_statistics'"):
        join_official(SMALL, ["kz_statistic"])


def test_a_joined_figure_has_the_text_and_interval_of_the_official_one():
    both = join_official(OWN)
    for id, figure_quoted in OWN.official.items():
        if figure_quoted.doubtful:
            continue
        claim = both.claims[id]
        assert claim_text(claim) == claim_text(figure_quoted)
        assert claim.printed == figure_quoted.text
        assert claim_text(claim, hedge=False) == claim_text(figure_quoted, hedge=False)
        assert both.interval(claim) == OWN.interval(figure_quoted)
        assert (claim.source, claim.line, claim.stated_by) == (id, 0, figure_quoted.reporter)


@pytest.mark.parametrize(
    ("authorities", "state"),
    [
        (["china_customs", "kz_statistics"], "supported"),
        (["china_customs", "china_customs"], "excluded"),
        (["china_customs", "unknown"], "not excluded"),
    ],
)
def test_only_authorities_that_differ_support_that_cause(authorities, state):
    pages = [quoted(f"o00{place}", str(31 + 2 * place), authority=name) for place, name in enumerate(authorities)]
    (verdict,) = judge_ledger(join_official(book(official=pages))).groups
    assert verdict.causes["authority"] == state


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("2024-01-01", "2024-01-31", "supported"),  # thirty days
        ("2024-01-01", "2024-01-30", "not excluded"),
        ("2024", "2024-12", "not excluded"),  # maybe the same day
        ("2024-01", "2024-02", "not excluded"),  # maybe the day after
        ("2024-01", "2024-03", "supported"),  # 31 January to 1 March are thirty days in a leap year
        ("2023-01", "2023-03", "not excluded"),
        ("", "2024-02", "not excluded"),
        ("", "", "not excluded"),
    ],
)
def test_pages_with_dates_certainly_far_apart_support_a_revision(first, second, state):
    pages = [quoted("o001", "31", date_published=first), quoted("o002", "33", date_published=second)]
    for ordered in (pages, pages[::-1]):
        (verdict,) = judge_ledger(join_official(book(official=ordered))).groups
        assert verdict.causes["revision"] == state


def targets(phrase) -> set[str]:
    """Return what the links of a phrase point to."""
    return {part.to for part in phrase.parts if isinstance(part, Link)}


@pytest.fixture(scope="module")
def everything():
    both = join_official(OWN)
    return both, judge_ledger(both, USUAL)


def test_every_verdict_with_official_figures_displays_and_exports(everything):
    both, verdicts = everything
    notebook = Book(both)
    assert len(verdicts.groups) > len(judge_ledger(OWN, USUAL).groups)
    linked = set()
    for verdict in verdicts.all:
        explained = explain(notebook.results.ledger, verdict)
        assert display.verdict_html(verdict)
        assert discrepancies.as_json(explained)["explanation"] == explained.explanation.to_json()
        linked |= targets(explained.explanation)
    assert {id for id in linked if ledger.OFFICIAL_ID.fullmatch(id)} <= OWN.official.keys()
    assert {"o020", "S1"} <= linked


def test_verdicts_with_official_figures_fill_tables_and_charts(everything):
    both, verdicts = everything
    results = Results(both)
    results.keep(discrepancies.findings_of(both, verdicts, USUAL))
    assert len(discrepancy_exhibits.groups_table(both, verdicts.groups, USUAL)) == len(verdicts.groups)
    drawn = clashes.clashes(both, verdicts, USUAL)
    results.keep([clashes.count(drawn)])
    assert {"o036", "S1"} <= set(clashes.chart(drawn)["source"])
    assert len(discrepancy_exhibits.causes_table(both, verdicts)) == len(verdicts.disagreements)
    for sentence in (
        clashes.title(drawn),
        discrepancy_exhibits.periods_sentence(both),
    ):
        assert Sentences(results).plain(sentence)


def test_an_explanation_links_an_official_figure_to_its_row():
    both = join_official(book(figure("c001", "41"), official=[QUOTED]))
    (verdict,) = judge_ledger(both).groups
    assert targets(explain(both, verdict).explanation) == {"c001", "S1", "o001"}


def test_a_group_judged_under_its_own_name_has_an_anchor_of_its_own():
    both = join_official(book(figure("c001", "41"), official=[quoted("o001", "41.3")]))
    verdict = judge_group("official:trade:2023", both.groups["trade:2023"], both, USUAL)
    explained = explain(both, verdict)
    assert explained.link.to == "v-official-trade-2023"
    assert targets(explained.explanation) == {"v-official-trade-2023"}
    spread, *_ = discrepancies.gaps(verdict, both, USUAL)
    assert spread.id == "spread_official_trade_2023"


def test_a_page_without_a_name_for_print_keeps_its_own():
    page = official.as_source(quoted("o001", "31", publisher="CGTN", publisher_print="", title="T", title_print=""))
    assert (page.publisher, page.title) == ("CGTN", "T")


def test_of_several_pages_the_first_or_the_last_published_may_count():
    pages = [
        quoted("o001", "31.5", date_published="2024-02-23"),
        quoted("o002", "31.4", date_published="2024-04-01"),
        quoted("o003", "41", authority="unknown", date_published="2024-01-01"),
        quoted("o004", "42", authority="unknown", date_published="2024-05-01"),
    ]
    ledger = book(figure("c001", "41"), official=pages)
    joined = {choice: {*join_official(ledger, pages=choice).claims} - {"c001"} for choice in ("all", "first", "last")}
    assert joined["all"] == {"o001", "o002", "o003", "o004"}
    assert joined["first"] == {"o001", "o003", "o004"}, "figures of unnamed authorities are not the same figure"
    assert joined["last"] == {"o002", "o003", "o004"}
    with pytest.raises(ValueError, match="pages must be one of all, first, last"):
        join_official(ledger, pages="best")
