import base64
import html
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from icpkit.markup import (
    Markup,
    data_url,
    element,
    escape,
    html_table,
    joined,
    markdown,
    markdown_table,
    page,
    visible,
)

# Any text at all: control characters, bidirectional overrides, lone surrogates.
anything = st.text(st.characters(), max_size=30)
# Texts that mean something in a markup.
signs = st.text(st.sampled_from("<>&\"'`*_[]()|#+-=~\\$!:/.1 a\n\t\0\u202e\ud800"), max_size=20)
hostile = anything | signs


class Read(HTMLParser):
    """Collects the tags and the text of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data


# Text.


@given(hostile)
def test_escaped_text_stays_text(text: str) -> None:
    """Escaped, any text is one run of text to a parser of HTML and to one of XML, and can be encoded."""
    escaped = escape(text)
    read = Read(f"<p>{escaped}</p>")
    assert (read.tags, read.text) == (["p"], visible(text))
    assert (ET.fromstring(f"<p>{escaped}</p>").text or "") == visible(text)
    assert escaped.encode().decode() == escaped
    assert not set(escaped) & set("<>\"'\n\0\u202e\ud800")


@given(hostile)
def test_markup_is_not_escaped_twice(text: str) -> None:
    """What is escaped stays as it is; what string methods make of it is text again."""
    assert escape(escape(text)) == escape(text)
    assert escape(escape(f"{text}<") + "") == html.escape(escape(f"{text}<") + "")


# Elements.


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (element("br"), "<br/>"),
        (element("td", ""), "<td></td>"),
        (element("p", "a < b", element("i", "x"), " & c"), "<p>a &lt; b<i>x</i> &amp; c</p>"),
        (element("a", "", title='"><b>'), '<a title="&quot;&gt;&lt;b&gt;"></a>'),
        (element("a", "", class_="x", aria_label="y", viewBox="0"), '<a class="x" aria-label="y" viewBox="0"></a>'),
        (element("a", "", title=None), "<a></a>"),
        (
            element("r", x=1, y=2.5, z=0.126, u=-0.001, v=100, w=-3.0),
            '<r x="1" y="2.5" z="0.13" u="0" v="100" w="-3"/>',
        ),
        (element("a", "", title=Markup("<b>")), '<a title="&lt;b&gt;"></a>'),
        (joined(["<", element("br"), ">"]), "&lt;<br/>&gt;"),
    ],
)
def test_elements(made: Markup, expected: str) -> None:
    """Elements hold escaped text and other elements; attributes are escaped, and numbers are short."""
    assert made == expected


@given(hostile)
def test_a_text_never_leaves_its_attribute(text: str) -> None:
    """An attribute's value stays in its quotes."""
    read = Read(element("img", alt=text))
    assert (read.tags, read.attributes, read.text) == (["img"], [("alt", visible(text))], "")


# Tables.


@given(st.lists(st.tuples(hostile, hostile), max_size=3), hostile)
def test_a_table_of_html_holds_its_texts(rows: list[tuple[str, str]], name: str) -> None:
    """A table has a row for each row and a cell for each text, whatever the texts are."""
    read = Read(html_table([name, "n"], rows, right={1}))
    assert read.tags == ["table", "thead", "tr", "th", "th", "tbody", *["tr", "td", "td"] * len(rows)]
    assert read.text == "".join(map(visible, [name, "n", *(text for row in rows for text in row)]))


def test_columns_of_numbers_are_aligned_to_the_right() -> None:
    """The chosen columns are aligned to the right, the others to the left, in the header and below it."""
    made = html_table(["a", "n"], [["x", element("b", "1")]], right={1})
    assert re.findall(r"text-align:(\w+)", made) == ["left", "right"] * 2
    assert "<b>1</b>" in made
    assert markdown_table(["a", "n"], [["x", "1"]], right={1}) == "| a | n |\n| --- | ---: |\n| x | 1 |"


@pytest.mark.parametrize("table", [html_table, markdown_table])
def test_a_row_of_another_length_is_an_error(table: object) -> None:
    """A row has as many cells as the header: one more would shift what people read."""
    assert callable(table)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        table(["a", "b"], [["1"]])


# Markdown.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, 18.5 (a-b) 20 %", "plain, 18.5 (a-b) 20 %"),
        ("a|b", r"a\|b"),
        ("`*_<>[]~&$\\", r"\`\*\_\<\>\[\]\~\&\$" + "\\\\"),
        ("a\nb", r"a\\x0ab"),
        ("# x", r"\# x"),
        ("c#", "c#"),
        ("- x", r"\- x"),
        ("+ x", r"\+ x"),
        ("-12.5", "-12.5"),
        ("---", r"\---"),
        ("- - -", r"\- - -"),
        ("===", r"\==="),
        ("12. x", r"12\. x"),
        ("12) x", r"12\) x"),
        ("12.5", "12.5"),
        ("    code", "code"),
        ("https://a.example", r"https:\//a.example"),
        ("WWW.a.example", r"WWW\.a.example"),
        (Markup("**x**"), "**x**"),
    ],
)
def test_text_in_markdown(text: str, expected: str) -> None:
    """What Markdown would take for markup gets a backslash, and nothing else does."""
    assert markdown(text) == expected


@given(hostile)
def test_markdown_keeps_the_text(text: str) -> None:
    """Without the backslashes that were added, the text is what it was."""
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown(text)) == visible(text).strip()


@given(hostile)
@example("\\|")
def test_no_sign_of_markdown_is_left(text: str) -> None:
    """No character that makes markup stands without a backslash, so that a cell stays one cell and text stays text."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown(text))
    assert not set(bare) & set("`*_<>[]|~&$\n")
    assert "://" not in bare
    assert not re.match(r"#|[+-](?: |$)|[=-]+ *$|\d{1,9}[.)](?: |$)", markdown(text))


@given(st.lists(hostile, min_size=2, max_size=3))
def test_a_table_of_markdown_keeps_its_cells(cells: list[str]) -> None:
    """A row of Markdown has one line, and as many bars as it has cells and one more."""
    lines = markdown_table(cells, [cells]).split("\n")
    assert len(lines) == 3
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {len(cells) + 1}


# Pages.


def test_a_data_url_holds_the_picture() -> None:
    """The address holds the picture itself, in UTF-8."""
    assert base64.b64decode(data_url("<svg>ü</svg>").removeprefix("data:image/svg+xml;base64,")).decode() == (
        "<svg>ü</svg>"
    )


@given(hostile)
def test_a_page_is_whole_and_loads_nothing(title: str) -> None:
    """A page has a title, a language and both colour schemes, and forbids whatever could load or run."""
    made = page(title, element("p", title), language="de")
    read = Read(made)
    assert made.startswith("<!doctype html>\n")
    assert read.tags == ["html", "head", *["meta"] * 4, "title", "style", "body", "p"]
    assert {("lang", "de"), ("charset", "utf-8"), ("content", "light dark")} <= set(read.attributes)
    assert any((value or "").startswith("default-src 'none'") for _, value in read.attributes)
    assert made.encode()
