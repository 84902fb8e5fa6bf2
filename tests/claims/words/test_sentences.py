"""Sentences: what replaces the names in braces, where it links to, and what is refused."""

from __future__ import annotations

import html
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content import phrases
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger import conventions, loading, official
from claims.ledger.intervals import Interval
from claims.results.finding import computed, derive
from claims.results.store import Results
from claims.words.labels import claim_text
from claims.words.sentences import REMEDY, Sentences, UnknownName, phrase
from claims.words.values import finding_json, range_text
from made_up import QUOTED, RATE, SMALL, TRADE, quoted
from markdown_it import MarkdownIt

BASE = derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)


@pytest.fixture
def sentences() -> Sentences:
    """Return sentences on a small ledger, with a finding kept."""
    results = Results(SMALL)
    results.keep(BASE)
    return Sentences(results)


def test_text_links_its_numbers_and_plain_does_not(sentences):
    assert sentences.text("Trade was {base_2022}, then {c001}.") == (
        r"Trade was [\$23.5 billion](#f-base-2022), then [more than \$41 billion](#c001)."
    )
    assert (
        sentences.plain("Trade was {base_2022}, then {c001}.") == "Trade was $23.5 billion, then more than $41 billion."
    )


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
def test_a_name_may_have_another_form(sentences, template, filled):
    assert sentences.text(template, year=2030) == filled


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](https://y.z)", "*a* | `b`", "{base_2022}"])
def test_words_put_into_a_sentence_stay_words(sentences, hostile):
    page = MarkdownIt("commonmark").enable("table").render(sentences.text("{word}", word=hostile))
    assert page == f"<p><data>{html.escape(hostile)}</data></p>\n"
    assert sentences.plain("{word}", word=hostile) == hostile


def test_values_may_be_links_themselves(sentences):
    text = sentences.text("{a}, {b}, {c}", a=BASE, b=Link("*5*", "S1"), c=Phrase(("in ", Marked("1992", "date"))))
    assert text == r"[\$23.5 billion](#f-base-2022), [\*5\*](#S1), in <time>1992</time>"


def test_an_alt_text_keeps_the_links_of_its_numbers(sentences):
    text = sentences.pieces(r"From {c001} \| {year} to {base_2022}", year=2030)
    assert str(text) == sentences.plain(r"From {c001} \| {year} to {base_2022}", year=2030)
    assert text.parts == (
        "From ", Link("more than $41 billion", "c001"), " | ", Marked("2030", "parameter"), " to ",
        Link("$23.5 billion", "f-base-2022"),
    )  # fmt: skip


def test_a_phrase_is_the_same_words_in_markdown_with_its_links():
    text = phrase("{a} of {b} and *not*", a=RATE, b=Link("S1", "S1")) + Phrase((" in ", Marked("2017", "citation")))
    assert str(text) == "32% of S1 and *not* in 2017"
    assert text.markdown == r"[32%](#c002) of [S1](#S1) and \*not\* in <cite>2017</cite>"


def test_a_mark_of_no_kind_is_refused():
    with pytest.raises(ValueError, match="one of date, citation, parameter, formula, got 'year'"):
        Marked("1992", "year")


def test_all_unknown_names_are_listed_with_the_nearest_name(sentences):
    with pytest.raises(KeyError) as caught:
        sentences.text("{base_2202} {c001} {c0002} {xyzzy} {c9} {c9}")
    assert isinstance(caught.value, UnknownName)
    assert str(caught.value).splitlines() == [
        "“{base_2202} {c001} {c0002} {xyzzy} {c9} {c9}”",
        "  {base_2202} is neither kept nor a claim; did you mean {base_2022}?",
        "  {c0002} is no claim; did you mean {c002}? See data/claims.csv",
        "  {xyzzy} is neither kept nor a claim",
        "  {c9} is no claim; see data/claims.csv",
        REMEDY,
    ]


def test_a_mistyped_claim_is_compared_with_claims_only(sentences):
    with pytest.raises(UnknownName) as caught:
        sentences.text("As {c0033} says")
    assert str(caught.value) == "“As {c0033} says”\n  {c0033} is no claim; did you mean {c003}? See data/claims.csv"


def test_a_mistyped_official_figure_is_compared_with_those_only(sentences):
    with pytest.raises(UnknownName) as caught:
        sentences.text("As {o0011} says")
    message = "{o0011} is no official figure; did you mean {o001}? See data/official.csv"
    assert str(caught.value) == f"“As {{o0011}} says”\n  {message}"


@pytest.mark.parametrize("mistyped", ["{ base_2022}", "{base_2022 }", "{Base-2022}", "{base_2022:}", "{base_2022:A}"])
def test_braces_around_what_is_no_name_are_refused(sentences, mistyped):
    with pytest.raises(UnknownName) as caught:
        sentences.text(f"It was {mistyped}.")
    assert f"  {mistyped} is no name; did you mean {{base_2022}}?" in str(caught.value)


@pytest.mark.parametrize("mistyped", ["{base_2022", "base_2022}", "{}", "{{base_2022}}", "{2022}"])
def test_a_brace_without_partner_or_name_is_refused(sentences, mistyped):
    with pytest.raises(UnknownName, match="is no name"):
        sentences.text(mistyped)


@pytest.mark.parametrize("words", ["{base_2022}", "{ base }", "a } b {", "{{base_2022}}", "\\", "\\{x\\}"])
def test_escaped_braces_are_words(sentences, words):
    assert sentences.plain(phrases.escaped(words) + " {base_2022}") == f"{words} $23.5 billion"


@pytest.mark.parametrize(
    ("form", "forms"),
    [
        ("{year:range}", "none"),
        ("{base_2022:rnage}", "range, size, number and plain"),
        ("{c001:size}", "range, plain, period and source"),
        ("{o001:size}", "range, plain, period and source"),
    ],
)
def test_an_unknown_form_is_refused(sentences, form, forms):
    with pytest.raises(UnknownName) as caught:
        sentences.text(form, year=2030)
    assert str(caught.value) == f"“{form}”\n  {form} is no form; it has {forms}"


def test_values_have_other_forms_too(sentences):
    assert sentences.plain("{it:range}, {of:period}", it=BASE, of=TRADE) == "$23.0 to 24.0 billion, 2023"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{wath} is so", "{wath} is not given; did you mean {what}?"),
        ("{what:plain} is so", "{what:plain} is no form; a phrase has none"),
        ("{ what} is so", "{ what} is no name; did you mean {what}?"),
    ],
)
def test_a_phrase_refuses_a_name_without_a_value(template, message):
    with pytest.raises(UnknownName) as caught:
        phrase(template, what="it")
    assert str(caught.value) == f"“{template}”\n  {message}"


def test_an_official_figure_is_shown_like_a_claim(sentences):
    assert claim_text(QUOTED) == "about $31.2 billion"
    assert claim_text(quoted("o002", "31.20"), hedge=False) == "$31.20 billion"
    assert (
        phrase("{a}", a=QUOTED).parts
        == sentences.pieces("{a}", a=QUOTED).parts
        == (Link("about $31.2 billion", "o001"),)
    )


def test_a_finding_without_a_value_is_shown_as_its_range(sentences):
    only_a_range = computed("open", "O", None, "percent", "e", Interval(Fraction(31), Fraction(33)))
    sentences.results.keep(only_a_range)
    forms = {"{open}", "{open:range}", "{open:size}", "{open:number}"}
    assert {sentences.plain(form) for form in forms} == {range_text(only_a_range)} == {"31% to 33%"}
    assert finding_json(only_a_range)["text"] == "31% to 33%"


def test_a_sentence_prints_the_figure_of_the_author_s_ledger():
    own = loading.load_ledger()
    book = conventions.apply_conventions(own, with_official="china_customs")
    usual = Sentences(Results(book)).plain("{c012}")
    other = replace(book.claims["c012"], printed="$57 billion", text="57", value=Fraction(57))
    changed = replace(book, claims={**book.claims, "c012": other})
    assert usual == Sentences(Results(own)).plain("{c012}") == "$41 billion"
    assert Sentences(Results(changed)).plain("{c012}") == "$57 billion"


def test_a_joined_official_figure_still_names_its_publisher():
    joined = Sentences(Results(official.join_official(SMALL)))
    assert joined.text("{o001} by {o001:source}") == r"[about \$31.2 billion](#o001) by [New Energy](#o001)"


OPENED: list[str] = []
COUNTING: list[bool] = []


def count_reads(event: str, arguments: tuple) -> None:
    """Record what this process opens or lists while a test counts; an audit hook can never be removed."""
    if COUNTING and event in ("open", "os.listdir", "os.scandir"):
        OPENED.append(str(arguments[0]))


def test_a_sentence_with_eight_names_reads_no_file():
    results = Results(loading.load_ledger())
    results.keep([computed(f"n{number}", "N", number, "percent", "e") for number in range(4)])
    names = [*results.findings, "c012", "c094:period", "c008:source", "o001"]
    template = " ".join(f"{{{name}}}" for name in names)
    sys.addaudithook(count_reads)
    COUNTING.append(True)
    filled = Sentences(results).text(template)
    reads_of_sentence = list(OPENED)
    loading.load_ledger()
    COUNTING.clear()
    assert filled.count("](#") == len(names) == 8
    assert reads_of_sentence == []
    assert any(path.endswith("claims.csv") for path in OPENED)  # the hook sees what is read
