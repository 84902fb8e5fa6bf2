"""The sentences that a build lists to be read again: those with other numbers or links than in the published report."""

from report.proof import changed_sentences
from report.proof.changed_sentences import ChangedSentence, find_changed_sentences

BEFORE = """# Trade of [2](#f-texts) countries

## <a id="growth-rates"></a>3 How fast?

### <a id="growth-rates-boom"></a>3.1 A boom in 2023

Trade grew by [7%](#f-growth) in <time>2024</time>.
It may go on, as [Table 4](#tbl-pace) shows.
Nobody knows why.

- **They are [firm](#c012).**
  *Holds in* [5](#f-holding) of [8](#f-holding) readings.

<a id="fig-pace"></a>**Figure 3** Trade is [\\$41 billion](#c012)

![A line. 2023 41 billion.](../../figures/pace.svg)

| year | value | From |
| --- | --: | --- |
| 2023 | 41 | [F12](#f-growth) |

F12 and V3 are in [F12](#f-growth).
"""


def changed(*replacements: tuple[str, str], before: str = BEFORE) -> list[ChangedSentence]:
    after = before
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    return find_changed_sentences(before, after, ["20_growth_rates"])


def test_a_sentence_with_another_number_is_listed_with_what_it_was():
    (one,) = changed(("[7%]", "[6%]"))
    assert one == ChangedSentence(
        "20_growth_rates, 3.1 A boom in 2023",
        "Trade grew by 6% in <time>2024</time>.",
        "Trade grew by 7% in <time>2024</time>.",
    )


def test_another_link_or_a_number_in_a_title_is_a_change():
    assert [one.now for one in changed(("(#c012).", "(#c040)."))] == ["They are firm."]
    assert [one.now for one in changed(("$41 billion](#c012)", "$42 billion](#c012)"))] == ["Trade is $42 billion"]
    (title,) = changed(("[2](#f-texts)", "[3](#f-texts)"))
    assert (title.place, title.now) == ("title page", "Trade of 3 countries")


def test_what_is_only_numbered_anew_is_no_change():
    codes = [("[F12]", "[F13]"), ("**Figure 3**", "**Figure 4**"), ("[Table 4]", "[Table A5]"), ("3.1 A", "3.2 A")]
    assert changed(*codes) == []
    assert changed(('## <a id="growth-rates"></a>3 How', '## <a id="growth-rates"></a>4 How')) == []


def test_tables_pictures_and_other_words_are_left_out():
    assert changed(("| 2023 | 41 |", "| 2023 | 42 |"), ("2023 41 billion.]", "2023 42 billion.]")) == []
    assert changed(("Trade grew by", "Their trade rose by"), ("Nobody knows", "Everybody knows")) == []


def test_a_sentence_that_moved_is_no_change_and_a_new_one_is():
    line = "Trade grew by [7%](#f-growth) in <time>2024</time>.\n"
    assert find_changed_sentences(BEFORE, BEFORE.replace(line, "") + line) == []
    (new,) = find_changed_sentences(BEFORE.replace(line, ""), BEFORE)
    assert new.was == ""


def test_the_first_twenty_are_printed_and_all_are_in_the_file():
    many = [ChangedSentence("3.1 A boom", f"Number {number} " + "and more " * 30, "was") for number in range(25)]
    head, *lines = changed_sentences.as_lines(many, "report/build/changed_sentences.md")
    assert head == (
        "numbers or links differ from the published report in 25 sentences, to read again; the first 20, all are in "
        "report/build/changed_sentences.md:"
    )
    assert len(lines) == 20
    assert lines[0].startswith("  3.1 A boom: Number 0 and more") and lines[0].endswith("…")
    assert max(map(len, lines)) <= 152
    text = changed_sentences.as_file(many)
    assert (text.count("- Number "), text.count("  - was: was"), text.count("## 3.1")) == (25, 25, 1)
    assert changed_sentences.as_lines([], "x") == []


def test_a_build_writes_them_only_where_something_changed(clone):
    folders, path = clone.folders, clone.folders.build / "changed_sentences.md"
    assert changed_sentences.write_changed_sentences(folders, BEFORE.encode(), []) == []
    folders.published.mkdir(parents=True, exist_ok=True)
    (folders.published / "report.md").write_text(BEFORE, encoding="utf-8")
    assert changed_sentences.write_changed_sentences(folders, BEFORE.encode(), []) == []
    assert not path.exists()
    after = BEFORE.replace("[7%]", "[6%]").encode()
    head, line = changed_sentences.write_changed_sentences(folders, after, [])
    assert head == (
        "numbers or links differ from the published report in 1 sentence, to read again, also in "
        "report/build/changed_sentences.md:"
    )
    assert line == "  3.1 A boom in 2023: Trade grew by 6% in <time>2024</time>."
    assert "- Trade grew by 6%" in path.read_text(encoding="utf-8")
    assert changed_sentences.write_changed_sentences(folders, BEFORE.encode(), []) == [] and not path.exists()
