"""Findings, and the sentences, links and outputs made from them."""

from __future__ import annotations

import html
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from claims.content import phrases
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger import model as ledger
from claims.ledger.intervals import Interval, Reading
from claims.results import finding, store
from claims.results.finding import Finding, as_json, computed, counted, derive, digits12
from claims.results.store import keep
from claims.words import sentences
from claims.words.labels import claim_text
from claims.words.sentences import phrase, pieces, plain, say, text
from hypothesis import given
from hypothesis import strategies as st
from made_up import QUOTED, RATE, SMALL, TRADE, book, count, figure, percent, quoted
from markdown_it import MarkdownIt

pytestmark = pytest.mark.usefixtures("nothing_kept_of_a_small_ledger")


@pytest.fixture
def displayed(monkeypatch) -> list:
    """Return what a notebook would hand to Jupyter."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda what, raw=False: shown.append(what))
    return shown


@pytest.fixture
def base(displayed) -> Finding:
    found = derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)
    keep(found)
    return found


def test_a_finding_is_its_formula_with_the_claims_put_in(base):
    # 31/1.32 = 23.48…; 30.5/1.325 = 23.01…, 31.5/1.315 = 23.95…
    assert (str(base), base.range) == ("$23.5 billion", "$23.0 to 24.0 billion")
    assert (base.inputs, base.unit) == ({"last": "c003", "growth": "c002"}, "USD")
    assert base.interval.low == Fraction("30.5e9") / Fraction("1.325")


def test_a_finding_may_be_made_from_a_finding_and_a_constant(base):
    twice = derive(SMALL, "twice", "Twice that", "last_of_multiple", first=base, multiple=2)
    assert twice.value == 2 * base.value
    assert twice.inputs == {"first": "base_2022", "multiple": "2"}


def test_a_count_names_what_it_counted_and_a_table_stands_for_all_its_rows():
    assert counted("n", "N", 2, "claims", inputs=[TRADE, "c002"]).inputs == {"of": ("c001", "c002")}
    assert computed("x", "X", 1, "percent", "e", inputs={"rows": "claims.csv", "years": 4}).inputs == {
        "rows": "claims.csv",
        "years": "4",
    }


def test_a_finding_without_a_value_is_shown_as_its_range(displayed):
    only_a_range = computed("open", "O", None, "percent", "e", Interval(Fraction(31), Fraction(33)))
    keep(only_a_range)
    shown = {"{open}", "{open:range}", "{open:size}", "{open:number}"}
    assert {plain(form) for form in shown} == {only_a_range.range} == {"31% to 33%"}
    assert as_json(only_a_range)["text"] == "31% to 33%"


def test_a_constant_enters_as_the_decimal_it_is_written_as():
    found = derive(SMALL, "more", "A tenth more", "last_of_multiple", first="c003", multiple=1.1)
    assert found.value == Fraction("34.1e9")


def test_text_links_numbers_to_where_they_come_from_and_plain_does_not(base):
    assert text("Trade was {base_2022}, then {c001}.") == (
        r"Trade was [\$23.5 billion](#f-base-2022), then [more than \$41 billion](#c001)."
    )
    assert plain("Trade was {base_2022}, then {c001}.") == "Trade was $23.5 billion, then more than $41 billion."


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{base_2022:range}", r"[\$23.0 to 24.0 billion](#f-base-2022)"),
        ("{base_2022:plain}", r"[\$23.5 billion](#f-base-2022)"),
        ("{c001:plain}", r"[\$41 billion](#c001)"),
        ("{c001:period} in {c001:source}", "[2023](#c001) in [S1](#S1)"),
        ("{o001}, {o001:plain}", r"[about \$31.2 billion](#o001), [\$31.2 billion](#o001)"),
        ("{o001:period} in {o001:source}", "[2023](#o001) in [New Energy](#o001)"),
        ("{year} and {c002}", "<data>2030</data> and [32%](#c002)"),
        ("no number at all", "no number at all"),
    ],
)
def test_a_name_may_ask_for_another_form(base, template, filled):
    assert text(template, year=2030) == filled


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](https://y.z)", "*a* | `b`", "{base_2022}"])
def test_words_put_into_a_sentence_stay_words(base, hostile):
    shown = MarkdownIt("commonmark").enable("table").render(text("{word}", word=hostile))
    assert shown == f"<p><data>{html.escape(hostile)}</data></p>\n"
    assert plain("{word}", word=hostile) == hostile


def test_what_is_given_may_lead_somewhere_itself(base):
    shown = text("{a}, {b}, {c}", a=base, b=Link("*5*", "S1"), c=Phrase(("in ", Marked("1992", "date"))))
    assert shown == r"[\$23.5 billion](#f-base-2022), [\*5\*](#S1), in <time>1992</time>"


def test_an_alt_text_remembers_where_its_numbers_come_from(base):
    told = pieces(r"From {c001} \| {year} to {base_2022}", year=2030)
    assert str(told) == plain(r"From {c001} \| {year} to {base_2022}", year=2030)
    assert told.parts == (
        "From ", Link("more than $41 billion", "c001"), " | ", Marked("2030", "parameter"), " to ",
        Link("$23.5 billion", "f-base-2022"),
    )  # fmt: skip


def test_a_phrase_is_the_same_words_in_markdown_with_its_links():
    told = phrase("{a} of {b} and *not*", a=RATE, b=Link("S1", "S1")) + Phrase((" in ", Marked("2017", "citation")))
    assert str(told) == "32% of S1 and *not* in 2017"
    assert told.markdown == r"[32%](#c002) of [S1](#S1) and \*not\* in <cite>2017</cite>"


def test_a_mark_of_no_kind_is_refused():
    with pytest.raises(ValueError, match="one of date, citation, parameter, formula, got 'year'"):
        Marked("1992", "year")


def test_unknown_names_are_named_all_at_once_with_the_nearest_known_one(base):
    with pytest.raises(KeyError) as caught:
        text("{base_2202} {c001} {c0002} {xyzzy} {c9} {c9}")
    assert isinstance(caught.value, sentences.UnknownName)
    assert str(caught.value).splitlines() == [
        "“{base_2202} {c001} {c0002} {xyzzy} {c9} {c9}”",
        "  {base_2202} is neither kept nor a claim; did you mean {base_2022}?",
        "  {c0002} is no claim; did you mean {c002}? See data/claims.csv",
        "  {xyzzy} is neither kept nor a claim",
        "  {c9} is no claim; see data/claims.csv",
        sentences.REMEDY,
    ]


def test_a_mistyped_claim_is_looked_for_in_the_ledger_and_not_among_findings():
    with pytest.raises(sentences.UnknownName) as caught:
        text("As {c0033} says")
    assert str(caught.value) == "“As {c0033} says”\n  {c0033} is no claim; did you mean {c003}? See data/claims.csv"


def test_a_mistyped_official_figure_is_looked_for_among_those():
    with pytest.raises(sentences.UnknownName) as caught:
        text("As {o0011} says")
    said = "{o0011} is no official figure; did you mean {o001}? See data/official.csv"
    assert str(caught.value) == f"“As {{o0011}} says”\n  {said}"


@pytest.mark.parametrize("mistyped", ["{ base_2022}", "{base_2022 }", "{Base-2022}", "{base_2022:}", "{base_2022:A}"])
def test_braces_around_what_is_no_name_never_pass_as_words(base, mistyped):
    with pytest.raises(sentences.UnknownName) as caught:
        text(f"It was {mistyped}.")
    assert f"  {mistyped} is no name; did you mean {{base_2022}}?" in str(caught.value)


@pytest.mark.parametrize("mistyped", ["{base_2022", "base_2022}", "{}", "{{base_2022}}", "{2022}"])
def test_a_brace_without_its_partner_or_a_name_never_passes_as_words(base, mistyped):
    with pytest.raises(sentences.UnknownName, match="is no name"):
        text(mistyped)


@pytest.mark.parametrize("words", ["{base_2022}", "{ base }", "a } b {", "{{base_2022}}", "\\", "\\{x\\}"])
def test_escaped_words_pass_whatever_braces_they_have(base, words):
    assert plain(phrases.escaped(words) + " {base_2022}") == f"{words} $23.5 billion"


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        ("{year:range}", "none"),
        ("{base_2022:rnage}", "range, size, number and plain"),
        ("{c001:range}", "plain, period and source"),
        ("{o001:range}", "plain, period and source"),
    ],
)
def test_an_unknown_form_is_an_error_and_not_another_form(base, asked, forms):
    with pytest.raises(sentences.UnknownName) as caught:
        text(asked, year=2030)
    assert str(caught.value) == f"“{asked}”\n  {asked} is no form; it has {forms}"


def test_what_is_given_may_ask_for_another_form_too(base):
    assert plain("{it:range}, {of:period}", it=base, of=TRADE) == "$23.0 to 24.0 billion, 2023"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{wath} is so", "{wath} is not given; did you mean {what}?"),
        ("{what:plain} is so", "{what:plain} is no form; a phrase has none"),
        ("{ what} is so", "{ what} is no name; did you mean {what}?"),
    ],
)
def test_a_phrase_refuses_what_is_not_given_and_says_where(template, said):
    with pytest.raises(sentences.UnknownName) as caught:
        phrase(template, what="it")
    assert str(caught.value) == f"“{template}”\n  {said}"


def test_say_displays_the_sentence_as_markdown(base, displayed):
    say("It was {base_2022}.")
    assert displayed[-1]._repr_markdown_() == r"It was [\$23.5 billion](#f-base-2022)."


def test_the_report_gets_every_kept_finding_as_valid_json(base, displayed):
    handed = json.loads(json.dumps(displayed[0][finding.MIME], allow_nan=False))
    assert handed == {"findings": [as_json(base)]}
    assert displayed[0]["text/plain"] == "1 finding kept"


def test_a_finding_kept_again_with_another_value_replaces_the_first(base):
    keep(computed("base_2022", "The level of 2022", Fraction(7), "USD", "typed"))  # a cell is run again
    assert plain("{base_2022}") == "$7.00"


def test_a_finding_is_refused_without_the_inputs_of_its_formula():
    with pytest.raises(ValueError, match="growth takes last, first; check first"):
        derive(SMALL, "x", "X", "growth", last=TRADE)


def test_quantities_of_different_units_are_refused_and_what_has_none_must_be_given_one():
    rate = percent("c9", "5")
    with pytest.raises(ValueError, match="x: growth needs quantities of one unit, got last in USD, first in percent"):
        derive(book(TRADE, rate), "x", "X", "growth", last=TRADE, first=rate)
    with pytest.raises(ValueError, match="x: say the unit of change"):
        derive(SMALL, "x", "X", "change", last=3, first=2)
    assert str(derive(SMALL, "x", "X", "change", unit="times", last=3, first=2)) == "1.00 times"


def test_numbers_that_are_inputs_keep_twelve_digits_and_exact_ones_their_ends():
    third = derive(SMALL, "x", "X", "change", unit="times", last=Fraction(1, 3), first=Fraction(1, 10**12 + 1))
    assert third.inputs == {"last": "0.333333333333", "first": "0.000000000000999999999999"}
    assert third.interval.low_closed and third.interval.high_closed
    assert counted("texts", "Texts", 5, "rows").interval == Interval(*[Fraction(5)] * 2, True, True)
    assert counted("texts", "Texts", 5, "rows").inputs == {}


def test_a_claim_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ledger.UnknownId, match="did you mean 'c00"):
        derive(SMALL, "x", "X", "growth", last="c0001", first="c003")


def test_a_finding_may_be_made_from_official_figures_or_their_ids():
    # 41/31.2 = 1.314…
    by_id = derive(SMALL, "x", "X", "growth", last="c001", first="o001")
    assert by_id == derive(SMALL, "x", "X", "growth", last=TRADE, first=QUOTED)
    assert (by_id.inputs, f"{float(by_id.value):.1f}") == ({"last": "c001", "first": "o001"}, "31.4")
    with pytest.raises(ledger.UnknownId, match="no official figure 'o0001'; did you mean 'o001'"):
        derive(SMALL, "x", "X", "growth", last="c001", first="o0001")


def test_an_official_figure_stands_wherever_a_claim_does():
    assert claim_text(QUOTED) == "about $31.2 billion"
    assert claim_text(quoted("o002", "31.20"), hedge=False) == "$31.20 billion"
    assert phrase("{a}", a=QUOTED).parts == pieces("{a}", a=QUOTED).parts == (Link("about $31.2 billion", "o001"),)


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_written_values_have_twelve_significant_digits(x):
    written = digits12(x)
    assert abs(written - x) <= abs(x) * 5.0001e-12
    assert len(f"{written:e}".partition("e")[0].replace("-", "").replace(".", "").rstrip("0")) <= 12


def test_whole_values_are_written_without_a_point():
    assert [repr(digits12(x)) for x in (Fraction(2), 41e9, 0.1 + 0.2)] == ["2", "41000000000", "0.3"]


def test_findings_are_read_back_as_they_were_written(base, tmp_path):
    texts = counted("texts", "Texts", 5, "rows", inputs=["S1", "S2"])
    kept = [base, texts, computed("open", "O", 1, "percent", "e", Interval(None, 2))]
    payload = {"findings": [as_json(finding) for finding in kept]}
    (tmp_path / "findings.json").write_text(json.dumps(payload), encoding="utf-8")
    read, origin = store.load(tmp_path)
    assert [as_json(finding) for finding in read.values()] == payload["findings"]
    assert str(tmp_path) in origin


def test_findings_are_read_from_the_folder_the_environment_names(base, tmp_path, monkeypatch):
    (tmp_path / "findings.json").write_text(json.dumps({"findings": [as_json(base)]}), encoding="utf-8")
    monkeypatch.setenv("REPORT_FINDINGS", str(tmp_path))
    read, origin = store.load()
    assert (list(read), origin) == (["base_2022"], "the findings of this run")


def test_a_folder_without_findings_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"findings\.json is missing: run `make report` once"):
        store.load(tmp_path)


def test_borrowed_findings_are_known_to_say_and_not_handed_on(base, displayed):
    store.forget()
    displayed.clear()
    store.borrow({base.id: base})
    assert plain("{base_2022}") == "$23.5 billion"
    assert displayed == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (TRADE, "more than $41 billion"),
        (figure("c1", "2.50"), "$2.50 billion"),
        (figure("c1", "1700", multiplier=10**6), "$1.7 billion"),
        (figure("c1", "2436", multiplier=10**6), "$2.436 billion"),
        (figure("c1", "1700.5", multiplier=10**6), "$1.7005 billion"),
        (figure("c1", "0.5"), "$500 million"),
        (figure("c1", "750000", multiplier=1, unit="t"), "750,000 tonnes"),
        (percent("c1", "28.3", "about"), "about 28.3%"),
        (percent("c1", "1/3", "nearly", multiplier=100, precision="1/30"), "1/3"),  # as printed
        (percent("c1", "-5.25"), "−5.25%"),
        (count("c1", "4700", "more_than"), "more than 4,700"),
        (figure("c1", "5500", "at_most", multiplier=1, unit="day"), "up to 5,500 days"),
    ],
)
def test_a_claim_is_said_with_all_digits_it_was_printed_with(claim, said):
    assert claim_text(claim) == said


@given(st.integers(1, 10**7), st.integers(0, 3), st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_no_digit_of_a_printed_figure_is_ever_lost(digits, decimals, multiplier):
    printed = str(Decimal(digits).scaleb(-decimals))
    claim = figure("c1", printed, multiplier=multiplier)
    number, _, word = claim_text(claim).removeprefix("$").replace(",", "").partition(" ")
    scale = {"": 1, "million": 10**6, "billion": 10**9}[word]
    assert Fraction(number) * scale == claim.point


def test_a_reading_widens_a_finding():
    usual = derive(SMALL, "x", "X", "growth", Reading(), last=TRADE, first="c003")
    wide = derive(SMALL, "x", "X", "growth", Reading(hedge_width=2), last=TRADE, first="c003")
    assert (usual.value, usual.interval.low) == (wide.value, wide.interval.low)
    assert usual.interval.high < wide.interval.high


THIRD = percent("c004", "1/3", "nearly", multiplier=100, precision="1/30")


@pytest.mark.parametrize(
    ("value", "interval", "unit", "said"),
    [
        ("123e9", Interval(Fraction("123e9"), Fraction("140e9"), False), "USD", "more than $123 billion"),
        ("123.6e9", Interval(Fraction("123.6e9"), None, False), "USD", "more than $123 billion"),  # 124 might not hold
        ("123.4e9", Interval(None, Fraction("123.4e9")), "USD", "less than $124 billion"),
        ("40", Interval(Fraction(41), Fraction(49), True, True), "count", "more than 40"),
        ("-5", Interval(Fraction(-7), Fraction(-5)), "percent", "less than −5.0%"),
        ("5", Interval(Fraction(5), Fraction(6)), "percent", "5.0%"),
        ("5.5", Interval(Fraction(5), Fraction(6)), "percent", "5.5%"),
    ],
)
def test_a_point_that_a_hedge_excludes_is_said_as_the_limit_it_is(value, interval, unit, said):
    found = computed("x", "X", Fraction(value), unit, "e", interval)
    assert str(found) == as_json(found)["text"] == said


def test_more_than_41_billion_by_nearly_a_third_is_more_than_123_billion(displayed):
    # 41 ÷ 1/3 = 123; every value above 41 divided by every value below a third is more
    ledger = book(TRADE, THIRD)
    found = derive(ledger, "all", "All trade", "implied_total", part=TRADE, share=THIRD)
    assert (found.value, found.interval.low) == (Fraction("123e9"), Fraction("123e9"))
    keep(found)
    assert plain("{all}") == "more than $123 billion"
    assert (found.size, plain("{all:number}")) == ("$123 billion", "123,000,000,000")


def test_an_anchor_shows_where_a_number_stands(base):
    assert base.anchor == "f-base-2022"
