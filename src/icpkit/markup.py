"""HTML, XML and Markdown from text that nobody trusts: whatever is not markup already is escaped."""

import re
from binascii import b2a_base64  # `base64` and `html` would cost every import of icpkit a millisecond
from collections.abc import Container, Iterable, Sequence


class Markup(str):
    """Text that is markup already, and is not escaped again; anything made of it by string methods is plain text."""

    __slots__ = ()


def visible(text: str) -> str:
    r"""Show what does not print by its number: control characters, bidirectional overrides, lone surrogates.

    What is left is one line that every encoding for the web and every XML parser takes.

    >>> visible("Acme\n\u202etxt")
    'Acme\\x0a\\x202etxt'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def escape(text: str) -> Markup:
    """Make text harmless in HTML and XML, between tags and in attributes; markup stays as it is.

    >>> escape("<b>Ben & Jerry's</b>")
    '&lt;b&gt;Ben &amp; Jerry&#x27;s&lt;/b&gt;'
    """
    return text if isinstance(text, Markup) else Markup(visible(text).translate(_ENTITIES))


def joined(parts: Iterable[str]) -> Markup:
    """Put texts and markup one after the other.

    >>> joined([element("b", "Fit"), " > 80"])
    '<b>Fit</b> &gt; 80'
    """
    return Markup("".join(map(escape, parts)))


def element(tag: str, *children: str, **attributes: str | float | None) -> Markup:
    """Write one element of HTML or SVG.

    Args:
        tag: its name, never from data.
        children: texts, which are escaped, and markup; without any the element is empty: ``<br/>``.
        attributes: an underscore stands for a hyphen, one at the end for nothing; None leaves the attribute out;
            numbers have two decimals at most.

    >>> element("td", "a < b", element("br"), class_="x", colspan=2, title=None)
    '<td class="x" colspan="2">a &lt; b<br/></td>'
    """
    texts = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    start = tag + "".join(f' {name}="{_attribute(value)}"' for name, value in texts.items())
    return Markup(f"<{start}>{joined(children)}</{tag}>" if children else f"<{start}/>")


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return escape(str(value))
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # no negative zero


_CELL = "padding:2px 10px 2px 0;vertical-align:top;text-align:"


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Container[int] = ()) -> Markup:
    """Write a table of HTML, styled in place, so that notebooks show it as it is.

    Args:
        header: the columns' names.
        rows: as many cells each, texts or markup.
        right: the positions of the columns that are aligned to the right.

    >>> html_table(["name"], [["<Acme>"]])[-38:]
    '&lt;Acme&gt;</td></tr></tbody></table>'
    """
    styles = [_CELL + ("right;white-space:nowrap" if place in right else "left") for place in range(len(header))]
    head = joined(element("th", name, scope="col", style=style) for name, style in zip(header, styles, strict=True))
    body = joined(
        element("tr", *(element("td", cell, style=style) for cell, style in zip(row, styles, strict=True)))
        for row in rows
    )
    return element(
        "table", element("thead", element("tr", head)), element("tbody", body), style="border-collapse:collapse"
    )


# What Markdown (CommonMark, GitHub's and Jupyter's dialects) takes for more than text: anywhere, in an address, and
# where a line begins: headings, lists, rules. The last character of each gets the backslash.
# Compiled when first used, and kept by `re`: most who import icpkit write no Markdown.
_MARKDOWN = r"(?i)[\\`*_<>\[\]|~&$]|(?<=:)/(?=/)|(?<=www)\.|^#|^[+-](?= |$)|^[=-](?=[=-]* *$)|^\d{1,9}[.)](?= |$)"


def markdown(text: str) -> Markup:
    r"""Make text harmless in Markdown, in a table as well; markup stays as it is.

    >>> print(markdown("# *Acme* | [x](https://x.example)"))
    \# \*Acme\* \| \[x\](https:\//x.example)
    """
    if isinstance(text, Markup):
        return text
    return Markup(re.sub(_MARKDOWN, lambda found: f"{found[0][:-1]}\\{found[0][-1]}", visible(text).strip()))


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Container[int] = ()) -> Markup:
    r"""Write a table of Markdown.

    Args:
        header: the columns' names.
        rows: as many cells each, texts or markup.
        right: the positions of the columns that are aligned to the right.

    >>> print(markdown_table(["name", "fit"], [["a|b", "72.4"]], right={1}))
    | name | fit |
    | --- | ---: |
    | a\|b | 72.4 |
    """
    rule = [Markup("---:" if place in right else "---") for place in range(len(header))]
    lines = (" | ".join(markdown(cell) for cell, _ in zip(row, header, strict=True)) for row in (header, rule, *rows))
    return Markup("\n".join(f"| {line} |" for line in lines))


def data_url(svg: str) -> str:
    """Put a picture into an address, for the ``src`` of an ``img``: the one way that every notebook shows.

    >>> data_url("<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return "data:image/svg+xml;base64," + b2a_base64(svg.encode(), newline=False).decode()


# A page loads and runs nothing, whatever it holds.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;"
    "color:#1f2328;background:#fff}"
    "@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#111}}"
)


def page(title: str, body: Markup, *, language: str = "en") -> str:
    """Write a whole page of HTML, for light and dark screens, that loads and runs nothing.

    Args:
        title: its title.
        body: what it shows.
        language: the language of its text.

    >>> print(page("Acme", element("p", "72.4")))
    <!doctype html>
    <html lang="en"><head>...<title>Acme</title>...</head><body><p>72.4</p></body></html>
    """
    head = joined(
        (
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="viewport", content="width=device-width,initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", title),
            element("style", Markup(_STYLE)),
        )
    )
    return f"<!doctype html>\n{element('html', element('head', head), element('body', body), lang=language)}\n"
