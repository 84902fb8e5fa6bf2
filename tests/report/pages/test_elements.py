"""What differs between two versions of a page turns the one into the other, element by element."""

from __future__ import annotations

from functools import partial
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from report.pages.elements import Element, Piece, changes, elements

WORDS = st.text("ab <&\u00a0", max_size=4)
NAMES = st.sampled_from(("p", "a", "td", "div", "tbody", "tr", "g"))
ATTRIBUTES = st.dictionaries(st.sampled_from(("id", "href", "class")), st.text('ab "#', max_size=3), max_size=2)


def as_html(tree) -> str:
    """Return a tree of names, attributes and content as HTML."""
    if isinstance(tree, str):
        return escape(tree, quote=False)
    name, attributes, inside = tree
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(map(as_html, inside))}</{name}>"


TREES = st.recursive(WORDS, lambda inside: st.tuples(NAMES, ATTRIBUTES, st.lists(inside, max_size=5)), max_leaves=25)
PAIRS = st.tuples(*[st.lists(TREES, max_size=6)] * 2).map(
    lambda pair: tuple(as_html(("div", {"class": "x"}, inside)) for inside in pair)
)


def applied(element: Element, by_number: dict[int, list]) -> str:
    """Return an element as its changes make it."""
    attributes = dict(parts for parts in _attributes(element))
    content = None
    children = [applied(child, by_number) for child in element.children]
    for how, value in by_number.get(element.number, ()):
        if how == "html":
            content = value
        elif how == "list":
            content = "".join(map(partial(piece_as_html, children), value))
        elif value is None:
            attributes.pop(how[1:])
        else:
            attributes[how[1:]] = value
    if content is None:
        texts = element.between
        content = texts[0] + "".join(child + text for child, text in zip(children, texts[1:], strict=True))
    written = "".join(f' {key}="{value}"' for key, value in sorted(attributes.items()))
    return f"<{element.name}{written}>{content}</{element.name}>"


def piece_as_html(children: list[str], piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case int():
            return children[piece]
        case _:
            return "".join(children[slice(*piece)])


def _attributes(element: Element):
    from report.pages.elements import attributes

    return attributes(element).items()


def normal(html: str) -> str:
    """Return HTML with its attributes in order, as `applied` writes them."""
    [element] = elements(html)
    return applied(element, {})


@given(PAIRS)
def test_changes_turn_one_version_into_the_other(pair):
    [old], [new] = map(elements, pair)
    found: dict[int, list] = {}
    for number, how, value in changes(old, new):
        found.setdefault(number, []).append((how, value))
    made = applied(old, {number: sorted(its, key=lambda each: each[0] == "list") for number, its in found.items()})
    assert normal(made) == normal(pair[1])


@given(PAIRS)
def test_equal_versions_have_no_changes(pair):
    [old], [new] = elements(pair[0]), elements(pair[0])
    assert [*changes(old, new)] == []


def test_a_changed_number_is_all_that_changes():
    rows = '<tbody><tr id="c1"><td>{}</td><td>x</td></tr><tr id="c2"><td>2</td></tr></tbody>'
    [old], [new] = elements(rows.format("1")), elements(rows.format("3"))
    assert [*changes(old, new)] == [(2, "html", "3")]


def test_a_row_that_is_added_leaves_the_others():
    row = '<tr id="{0}"><td>{0}</td></tr>'
    [old], [new] = (elements(f"<tbody>{''.join(map(row.format, ids))}</tbody>") for ids in ("abd", "abcd"))
    assert [*changes(old, new)] == [(0, "list", [(0, 2), row.format("c"), (2, 3)])]


def test_a_row_that_moves_is_not_packed_again():
    row = '<tr id="{0}"><td>{0}</td></tr>'
    [old], [new] = (elements(f"<tbody>{''.join(map(row.format, ids))}</tbody>") for ids in ("abcd", "dabxc"))
    assert [*changes(old, new)] == [(0, "list", [3, (0, 2), row.format("x"), (2, 3)])]


def test_a_row_without_an_anchor_is_known_by_its_first_cell():
    [old], [new] = (
        elements(f"<tbody>{''.join(f'<tr><th>{name}</th><td>{value}</td></tr>' for name, value in rows)}</tbody>")
        for rows in ([("a", 1), ("b", 2), ("c", 3)], [("c", 4), ("a", 1)])
    )
    assert [*changes(old, new)] == [(0, "list", [2, (0, 1)]), (9, "html", "4")]
