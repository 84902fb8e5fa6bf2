"""Which indicator is suggested first: the one that is named, in any form of its words, or that of the paragraph."""

from dataclasses import replace

from mill_letter import write_mill

from report.propose.candidates import Ranking


def ranking(tmp_path, labels: dict[str, str]) -> Ranking:
    """Return the suggestions of a ledger whose indicators have these labels, and nothing else to know them by."""
    _, ledger = write_mill(tmp_path).read()
    like = next(iter(ledger.indicators.values()))
    named = {id: replace(like, id=id, label=label, definition="", unit="t") for id, label in labels.items()}
    return Ranking(replace(ledger, indicators=named, claims={}))


def test_what_is_completed_is_named_by_completions(tmp_path):
    looms = ranking(tmp_path, {"a": "Looms completed", "b": "Looms sold"})
    assert looms.indicators("completions of 5 t", "completions of 5 t", "t") == ["a"]


def test_an_indicator_with_all_its_words_comes_first(tmp_path):
    wool = ranking(tmp_path, {"a": "Wool traded", "b": "Wool of hills"})
    long = replace(
        wool.ledger.indicators["b"], definition=4 * "Bales that carts bring down from farms above our valley. "
    )
    told = Ranking(replace(wool.ledger, indicators={**wool.ledger.indicators, "b": long}))
    words = "the wool of its hills, 5 t"
    assert told.indicators(words, words, "t")[0] == "b"


def test_what_is_summed_since_a_year_comes_before_a_year(tmp_path):
    wool = ranking(tmp_path, {"a": "Wool and flax of the mill sold", "b": "Wool and flax of the mill, summed"})
    now, since = "wool and flax sold by the mill came to 5 t", "wool and flax of the mill sold since 2005 came to 5 t"
    assert wool.indicators(now, now, "t")[0] == "a"
    assert wool.indicators(since, since, "t")[0] == "b"


def test_where_a_sentence_names_nothing_its_paragraph_does(tmp_path):
    mill = write_mill(tmp_path)
    mill.text.write_text("The honey harvest was 5 percent up. Then 7%.\n", encoding="utf-8")
    one, other = mill.read("")[0].claims
    assert one.row["indicator"] and other.row["indicator"] in one.candidates
