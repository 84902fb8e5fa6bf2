"""Which period a figure has: the rules of `report.propose.periods`, on sentences made up here and texts of others."""

from datetime import date

import pytest
import unseen
from hypothesis import given
from hypothesis import strategies as st
from mill_letter import write_mill

from report.propose.figures import read_line
from report.propose.letters import find_sentences, plain
from report.propose.periods import DatedText

DAY = date(2025, 5, 14)
UNITS = ("USD", "percent", "times", "t", "km", "day", "year", "calendar_year", "count", "rank")


def periods(text: str, *, is_flow: bool = False, is_stock: bool = False) -> dict[str, str]:
    """Return the period of each figure of a text, by its value."""
    lines = [plain(line) for line in text.split("\n")]
    seen = [read_line(line, DAY, UNITS) for line in lines]
    dated = DatedText(lines, [one.dates for one in seen], DAY)
    found = {}
    for number, (line, one) in enumerate(zip(lines, seen, strict=True), start=1):
        sentences = find_sentences(line)
        for figure in one.figures:
            sentence = next(each for each in sentences if each[0] <= figure.number_start < each[1])
            found[figure.value] = dated.find_period(
                figure, number, sentence, is_flow=is_flow, is_stock=is_stock
            ).period.key
    return found


TODAY = "2025-05-14"
IN_ITS_SENTENCE = [
    ("The mill is far from now busy towns, and sells 40 looms.", {"40": TODAY}),
    ("Now the mill sells 7 tons.", {"7": TODAY}),
    ("The kiln, 30 km long, holds 7 tons, and currently takes 5 tons.", {"30": "undated", "7": "undated", "5": TODAY}),
    ("In 2023 it sold 40 tons, up from 30 tons in 2022.", {"40": "2023", "30": "2022"}),
    ("It sold 40 tons, up from 30 tons in 2022.", {"40": "undated", "30": "2022"}),
    ("In 2023 it sold 40 tons, up from 30 tons.", {"40": "2023", "30": "undated"}),
    ("In 2023 sales rose from 12 to 15 percent.", {"12": "undated", "15": "2023"}),
    ("Sales rose from 12 percent to 15 percent in 2023.", {"12": "undated", "15": "2023"}),
    ("Sales rose from 12 percent in 2021 to 15 percent in 2023.", {"12": "2021", "15": "2023"}),
    ("It is his fifth visit, following a visit in September 2022.", {"5": TODAY}),
    ("Output grew 3 percent over 2024.", {"3": "undated"}),
    ("It sold 40 tons, twice the level of 2021.", {"40": "undated"}),
    ("It hired 60 people, as many as five years ago.", {"60": TODAY}),
    ("Wool sales of 9 tons were the best since 2019.", {"9": "undated"}),
    ("It leads in sales, which came to 24 tons over the past 15 years.", {"24": "2010-05-14/2025-05-14"}),
    ("It sold 40 tons to Ada, who moved in 2019.", {"40": "undated"}),
    ("Rents rose 4 percent, the mayor said on Monday.", {"4": "undated"}),
    ("The mill on Monday reported sales of 4 tons.", {"4": "undated"}),
    ("It announced plans for 40 looms and said that the fair is next year.", {"40": "undated"}),
    ("The mill, which opened in March 2025, sells 9 tons.", {"9": "undated"}),
    ("Ten years ago it sold 9 tons.", {"9": "2015"}),
    ("It sold 9 tons, twice that of 2021.", {"9": "undated", "2": "undated"}),
    ("It sold 9 tons in 2021 and doubled that in 2022.", {"9": "2021", "2": "2022"}),
    ("A decade ago it sold 9 tons.", {"9": "2015"}),
    ("It is 30 km long and now carries 60 trains.", {"30": "undated", "60": TODAY}),
    ("The mill, opened in 2009, sells 9 tons.", {"9": "undated"}),
    ("The mill, opened in 2009, has sold 9 tons so far.", {"9": "2009-01-01/2025-05-14"}),
    ("It lasted 31 days; on 2 May 2025 it ran 27 km.", {"31": "undated", "27": "2025-05-02"}),
    ("Its 2031 bond yields 7 percent.", {"7": "undated"}),
    ("It missed the 70 percent of the 2020-2025 plan.", {"70": "undated"}),
    ("In 2024 it sold 40 tons, and it plans to buy 12 looms.", {"40": "2024", "12": "undated"}),
    ("It plans to buy 12 looms by 2030.", {"12": "2025-05-14/by-2030-12-31"}),
    ("It has 40 looms, and will buy 12 more by 2030.", {"40": TODAY, "12": "2025-05-14/by-2030-12-31"}),
    ("Last year they spoke of 30 golden years.", {"30": "undated"}),
    ("Over the past 30 years it sold 8 tons.", {"30": "1995-05-14/2025-05-14", "8": "1995-05-14/2025-05-14"}),
    ("Over the past five years sales rose from 7 tons in 2020 to 9 tons in 2024.",
     {"5": "2020-01-01/2024-12-31", "7": "2020", "9": "2024"}),
    ("In 2023 it sold 40 looms, 12 percent more than 35 on the previous year.", {"40": "2023"}),
    ("In 2024 it sold 40 tons, and a kiln is to make 12 tons.", {"40": "2024", "12": "undated"}),
    ("They will debate the sale of 40 looms in March.", {"40": "2026-03-01/2026-03-31"}),
    ("This is the second within two years.", {"2": "2023-05-14/2025-05-14"}),
    ("It sold 9 tons at the second fair within two years.", {"9": "undated"}),
    ("By 2030, it sells 12 looms.", {"12": "2025-05-14/by-2030-12-31"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), IN_ITS_SENTENCE)
def test_a_phrase_of_time_dates_what_it_belongs_to(text, expected):
    found = periods(text)
    assert {value: found[value] for value in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2023 it sold 40 tons. Wool fell 3 percent.", {"-3": "2023"}),
        ("In 2023 it sold 40 tons.\n\nWool fell 3 percent.", {"-3": "2023"}),
        ("In 2023 it sold 40 tons.\nWhat comes next\nWool fell 3 percent.", {"-3": "undated"}),
        ("Sales in 2023\nWool fell 3 percent.", {"-3": "2023"}),
        ("In 2023 it sold 40 tons. The mill in Xi'an dyed 12 looms.", {"12": "2023"}),
        ("In 2023 it sold 40 tons. Wool is 3 percent of it.", {"3": "undated"}),
        ("In 2023 it sold 40 tons. It now has 12 looms.", {"12": TODAY}),
        ("In 2023 it sold 40 tons. It will buy 12 looms.", {"12": "undated"}),
        ("It sold 40 tons, up from 30 tons in 2022. Wool fell 3 percent.", {"-3": "undated"}),
        ("This year it sold 40 tons. Wool fell 3 percent.", {"-3": "undated"}),
        ("Since 2005 it sold 40 tons. Wool fell 3 percent.", {"-3": "undated"}),
        ("From 2005 to 2015 it sold 40 tons. Wool fell 3 percent.", {"-3": "undated"}),
        ("In 2023 it sold 40 tons. During the visit they signed 12 contracts.", {"12": TODAY}),
        ("In 2023 it sold 40 tons.\n1. They sold 12 looms.", {"12": TODAY}),
        ('In 2023 it sold 40 tons.\n"I bought 12 looms," she said.', {"12": TODAY}),
        ("They met on 2 May 2025.\n\nThe event drew 500 guests and 7 tons of wool.", {"500": "2025-05-02"}),
        ("They met on 2 May 2025. They sold 7 tons.", {"7": "undated"}),
        ("The mill opened in 2014. It has sold 500 looms.", {"500": "2014-01-01/2025-05-14"}),
        ("This year marks the 10th anniversary of the mill. It has sold 500 looms.", {"500": "2015-01-01/2025-05-14"}),
        ("The mill opened in 2014. Ada has sold 500 looms.", {"500": TODAY}),
    ],
)
def test_an_earlier_sentence_dates_what_happened(text, expected):
    found = periods(text)
    assert {value: found[value] for value in expected} == expected


def test_a_flow_in_the_present_has_the_period_before():
    text = "In 2023 it sold 40 tons. Wool is now first, with 3 percent of it."
    assert periods(text)["3"] == "undated"
    assert periods(text, is_flow=True)["3"] == "2023"
    assert periods(text.replace(" Wool", "\nWool"), is_flow=True)["3"] == "undated"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("In the first quarter it sold 9 tons, compared with 7 tons a year ago.", "2024-Q1"),
        ("In the first quarter it sold 9 tons, against 7 tons in the same period last year.", "2024-Q1"),
        ("It sold 9 tons in the three months to March. It fell to 9 tons from 7 tons a year earlier.", "2024-Q1"),
        ("On 29 February 2024 it sold 9 tons, compared with 7 tons a year earlier.", "2023-02-28"),
    ],
)
def test_a_year_earlier_means_the_same_months(text, key):
    assert periods(text)["7"] == key


def test_a_stock_at_the_end_of_a_year_is_that_of_its_last_day():
    text = "At the end of 2023 the mill held 40 tons. Of wool it held 30 tons."
    assert periods(text) == {"40": "2023", "30": "2023"}
    assert periods(text, is_stock=True)["40"] == "2023-12-31"


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("in the six months to March", "2024-10-01/2025-03-31"),
        ("in the three months to March 2024", "2024-Q1"),
        ("in the 12 months to December", "2024"),
        ("in the five years to 2024", "2020-01-01/2024-12-31"),
        ("in the same eight months of 2024", "2024-01-01/2024-08-31"),
        ("a decade ago", "2015"),
        ("over the past decade", "2015-05-14/2025-05-14"),
        ("in the past year", "2024-05-14/2025-05-14"),
        ("a year ago", "2024"),
        ("since August", "2024-08-01/2025-05-14"),
        ("by March", "2025-05-14/by-2026-03-31"),
        ("by July", "2025-05-14/by-2025-07-31"),
        ("which ended April", "2025-04-01/2025-04-30"),
        ("in the July-September period of last year", "2024-Q3"),
    ],
)
def test_months_without_a_year_are_the_nearest(phrase, key):
    (one,) = read_line(f"They sold it {phrase}.", DAY, UNITS).dates
    assert one.period.key == key


def read_mill(tmp_path, text: str) -> list[dict[str, str]]:
    mill = write_mill(tmp_path)
    mill.text.write_text(text, encoding="utf-8")
    return [dict(one.row) for one in mill.read("")[0].claims]


@pytest.mark.parametrize(
    "text",
    [
        "There are more than 37 hives.\n\nIn 1890 there were more than 37 hives.\n",
        "In 1890 there were more than 37 hives.\n\nThere are more than 37 hives.\n",
    ],
)
def test_a_repeated_figure_has_the_period_that_one_of_them_prints(tmp_path, text):
    rows = read_mill(tmp_path, text)
    assert [row["period_start"] for row in rows] == ["1890-01-01"] * 2


def test_a_phrase_of_time_is_not_lost_to_the_figure_that_it_repeats(tmp_path):
    rows = read_mill(tmp_path, "In 1890 there were more than 37 hives.\n\nIn 1895 there were more than 37 hives.\n")
    assert [row["period_start"] for row in rows] == ["1890-01-01", "1895-01-01"]


PHRASES = """
40 tons/12 percent/5 times/30 years/12 looms/2023/2030/in/since/by/from/to/last year/a year ago/the same period/August/
30 February/the past/ten/years/within/second/the six months to June/2 July 2024/now/,/./;/rose/will/which/over/than/
The mill opened/It has sold/the 10th anniversary/this year/'s/1600/9999
"""
WORDS = st.sampled_from([*(phrase.strip() for phrase in PHRASES.split("/")), "\n", "\n1. "])


@given(st.lists(WORDS, max_size=14), st.sampled_from([date(2024, 2, 29), date(1600, 1, 1), None]))
def test_any_order_of_words_is_dated_without_an_error(words, day):
    lines = [plain(line) for line in " ".join(words).split("\n")]
    seen = [read_line(line, day, UNITS) for line in lines]
    dated = DatedText(lines, [one.dates for one in seen], day)
    for number, (line, one) in enumerate(zip(lines, seen, strict=True), start=1):
        for figure in one.figures:
            period, _ = dated.find_period(figure, number, (0, len(line)), is_flow=True)
            days = [each for each in (period.start, period.end) if each]
            assert [date.fromisoformat(each) for each in days] == sorted(map(date.fromisoformat, days))


def test_on_texts_of_others_most_periods_are_right():
    tallies = {path.stem: unseen.period_tally(path) for path in unseen.texts() if unseen.periods_of(path)}
    right, listed = (sum(counts) for counts in zip(*tallies.values(), strict=True))
    print(tallies, right, listed)
    assert len(tallies) == 6 and listed > 220
    assert right >= 0.88 * listed
