"""What JupyterLab leaves of the HTML in a notebook that is not trusted: the part of it that ours may use.

Source: the class ``Sanitizer`` in packages/apputils/src/sanitizer.ts of JupyterLab, read at 4.6.6. The patterns are
narrower than JupyterLab's own. `test_lab.py` shows every tag, attribute and sample to the JupyterLab that is installed.
"""

import re
from html.parser import HTMLParser

_COLOR = r"(#[0-9a-f]{3}|#[0-9a-f]{6}|transparent)"
_LENGTH = r"(0|\d+(\.\d+)?(px|%))"
_STOP = rf"{_COLOR}( \d+%)?"

#: The attributes that every tag may have. ``id`` is not among them: JupyterLab gives it another name.
EVERYWHERE = frozenset({"class", "dir", "hidden", "lang", "style", "title"})
#: The tags, and the attributes that each may have beside those.
TAGS: dict[str, frozenset[str]] = {
    tag: frozenset(attributes.split())
    for tag, attributes in {
        **dict.fromkeys(("b", "br", "caption", "code", "div", "em", "i", "li", "ol", "p", "pre", "small", "span"), ""),
        **dict.fromkeys(("strong", "sub", "summary", "sup", "table", "tbody", "tfoot", "thead", "tr", "ul"), ""),
        "details": "open",
        "img": "alt height src width",
        "meter": "high low max min value",
        "td": "colspan headers rowspan scope",
        "th": "colspan headers rowspan scope",
    }.items()
}
#: The properties of ``style``: the pattern of a value, and values to try.
STYLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "background-color": (_COLOR, ("#3b82c4", "#fff", "transparent")),
    "background-image": (
        rf"linear-gradient\(\d+deg, {_STOP}(, {_STOP})+\)",
        ("linear-gradient(135deg, #3b82c4 25%, transparent 25%, transparent 50%, #3b82c4 50%, transparent)",),
    ),
    "background-size": (rf"{_LENGTH} {_LENGTH}", ("6px 6px",)),
    "border": (rf"\d+px (solid|dashed|dotted) {_COLOR}", ("1px solid #3b82c4", "1px dashed #fff")),
    "border-collapse": ("collapse|separate", ("collapse",)),
    "border-radius": (_LENGTH, ("12px",)),
    "box-sizing": ("border-box|content-box", ("border-box",)),
    "color": (_COLOR, ("#000000", "#fff")),
    "cursor": ("default|help|pointer", ("pointer",)),
    "display": ("block|inline-block|none", ("inline-block",)),
    "font-size": (_LENGTH, ("12px", "90%")),
    "font-style": ("italic|normal", ("italic",)),
    "font-weight": ("bold|normal|[1-9]00", ("600", "bold")),
    "height": (rf"auto|{_LENGTH}", ("auto", "10px")),
    "line-height": (rf"normal|\d+(\.\d+)?|{_LENGTH}", ("10px", "1.5")),
    "margin": (rf"{_LENGTH}( {_LENGTH}){{0,3}}", ("4px 0", "0 0 0 20px")),
    "max-width": (rf"none|{_LENGTH}", ("100%", "320px")),
    "min-width": (rf"auto|{_LENGTH}", ("120px",)),
    "overflow-x": ("auto|hidden|scroll|visible", ("auto",)),
    "padding": (rf"{_LENGTH}( {_LENGTH}){{0,3}}", ("0", "2px 10px 2px 0")),
    "padding-left": (_LENGTH, ("14px",)),
    "padding-right": (_LENGTH, ("14px",)),
    "table-layout": ("auto|fixed", ("fixed",)),
    "text-align": ("center|left|right", ("right",)),
    "vertical-align": ("baseline|bottom|middle|top", ("top",)),
    "white-space": ("normal|nowrap|pre-wrap", ("nowrap",)),
    "width": (rf"auto|{_LENGTH}", ("120px", "43.21%")),
    "word-wrap": ("normal|break-word", ("break-word",)),
}
#: A picture comes along, from nowhere else.
PICTURE = re.compile(r"data:image/(svg\+xml|png);base64,[A-Za-z0-9+/]+={0,2}")


class _Reader(HTMLParser):
    """Collects what JupyterLab would take away."""

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare a tag with the list."""
        if tag not in TAGS:
            self.offences.append(f"<{tag}>")
        for name, value in attrs:
            if name not in EVERYWHERE | TAGS.get(tag, frozenset()):
                self.offences.append(f"<{tag} {name}>")
            elif name == "style":
                self.offences += [f"<{tag}> {one}" for one in _declarations(value or "") if not _let_through(one)]
            elif name == "src" and not PICTURE.fullmatch(value or ""):
                self.offences.append(f"<{tag} src> {(value or '')[:40]}")

    def handle_comment(self, data: str) -> None:
        """Comments are taken away."""
        self.offences.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """So are declarations."""
        self.offences.append(f"<!{decl}>")


def _declarations(style: str) -> list[str]:
    return [one for one in style.split(";") if one.strip()]


def _let_through(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return name in STYLES and re.fullmatch(STYLES[name][0], value, re.IGNORECASE) is not None


def offences(html: str) -> list[str]:
    """Give what is in HTML that JupyterLab would take away, or that is not known to stay."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.offences


def everything() -> dict[str, str]:
    """Give HTML that holds every tag, attribute and sample of the list once, by what it tries."""
    tried = {f"<{tag}>": f"<{tag}>x</{tag}>" for tag in TAGS if tag not in {"br", "img"} | _IN_TABLES}
    tried["<br>"], tried["<img>"] = "<br>", '<img alt="x">'
    tried["<table>"] = _TABLE
    values = {"src": "data:image/png;base64,AAAA", "dir": "rtl", "scope": "col", "lang": "de"}
    for tag, attributes in TAGS.items():
        if tag not in _IN_TABLES:
            for name in attributes:
                alt = ' alt="x"' if tag == "img" and name != "alt" else ""  # JupyterLab gives one to pictures without
                tried[f"<{tag} {name}>"] = f'<{tag} {name}="{values.get(name, "1")}"{alt}></{tag}>'
    for cell in ("td", "th"):
        for name in TAGS[cell]:
            row = f'<{cell} {name}="{values.get(name, "1")}">x</{cell}>'
            tried[f"<{cell} {name}>"] = f"<table><tbody><tr>{row}</tr></tbody></table>"
    for name in EVERYWHERE - {"style"}:
        tried[f"<span {name}>"] = f'<span {name}="{values.get(name, "x")}">x</span>'
    for name, (_, samples) in STYLES.items():
        for sample in samples:
            tried[f"{name}:{sample}"] = f'<div style="{name}:{sample}">x</div>'
    return tried


_IN_TABLES = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_ROW = "<tr><th>x</th><td>x</td></tr>"
_TABLE = f"<table><caption>x</caption><thead>{_ROW}</thead><tbody>{_ROW}</tbody><tfoot>{_ROW}</tfoot></table>"
