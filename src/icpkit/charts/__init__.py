"""The faces of one score: picture, HTML, Markdown and one line, all drawn from the same rows of one explanation."""

from icpkit.charts.pages import html_of, line_of, markdown_of
from icpkit.charts.picture import svg_of

__all__ = ["html_of", "line_of", "markdown_of", "svg_of"]
