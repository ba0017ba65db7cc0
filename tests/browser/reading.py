"""What a browser makes of a face: read in the page itself, after styles, sanitizers and themes have had their say."""

from typing import Any, NamedTuple

from tests.browser.cases import HIT

#: Colours as the browser blends them, and their contrast as WCAG 2 defines it.
_COLORS = """
const brush = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
const rgba = color => {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
};
const over = (top, ground) => top.slice(0, 3).map((part, place) => part * top[3] + ground[place] * (1 - top[3]));
const luminance = color => {
  const [red, green, blue] = color.map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
"""
_READ = (
    "async root => {"
    + _COLORS
    + """
// The ground of the page, where no element has one of its own.
const bare = document.createElement('div');
bare.style.backgroundColor = 'Canvas';
document.body.append(bare);
const canvas = rgba(getComputedStyle(bare).backgroundColor);
bare.remove();
const groundOf = node => {
  const layers = [];
  for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((ground, layer) => over(layer, ground), canvas);
};
const contrasts = [];
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim(), holder = walker.currentNode.parentElement;
  if (!text) continue;
  if (!holder.checkVisibility({opacityProperty: true, visibilityProperty: true})) contrasts.push([text, 0]);
  let ink = rgba(getComputedStyle(holder).color);
  for (let at = holder; at; at = at.parentElement) ink[3] *= Number(getComputedStyle(at).opacity);
  const ground = groundOf(holder);
  contrasts.push([text, contrast(over(ink, ground), ground)]);
}
const pictures = await Promise.all([...root.querySelectorAll('img')].map(async image => {
  await image.decode().catch(() => null);
  const {width, height} = image.getBoundingClientRect();
  return {alt: image.alt, natural: image.naturalWidth, high: image.naturalHeight, width, height};
}));
const barsOf = cell => [...cell.querySelectorAll('span')].filter(span => !span.textContent).map(span => {
  const style = getComputedStyle(span), {width, height} = span.getBoundingClientRect();
  const color = style.backgroundColor !== 'rgba(0, 0, 0, 0)' ? style.backgroundColor : style.borderTopColor;
  return {width, height, contrast: contrast(over(rgba(color), groundOf(span.parentElement)),
    groundOf(span.parentElement)), hatched: style.backgroundImage.startsWith('linear-gradient')};
});
const tables = [...root.querySelectorAll('table')].map(table => [...table.querySelectorAll('tbody tr')].map(row => ({
  cells: [...row.cells].map(cell => cell.innerText.trim()),
  bars: [...row.cells].flatMap(barsOf),
})));
const looks = ['background-color', 'background-image', 'background-size', 'border-top', 'border-radius', 'box-sizing',
  'color', 'cursor', 'display', 'font-weight', 'height', 'line-height', 'margin', 'max-width', 'overflow-x', 'padding',
  'text-align', 'vertical-align', 'white-space', 'width'];
const elements = [...root.querySelectorAll('*')].map(one => [
  one.tagName,
  Object.fromEntries([...one.attributes].filter(({name}) => name !== 'style').map(({name, value}) => [name, value])),
  Object.fromEntries(looks.map(name => [name, getComputedStyle(one).getPropertyValue(name)])),
]);
const wide = Math.max(...[root, ...root.querySelectorAll('div')].map(one => one.scrollWidth - one.clientWidth));
return {pictures, tables, contrasts, elements, wide, text: root.innerText};
}"""
)
_READ_SVG = (
    "() => {"
    + _COLORS
    + """
const root = document.documentElement;
const texts = [...document.querySelectorAll('text')].filter(text => text.textContent);
const shown = text => [...text.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('');
const boxes = texts.map(text => {
  const {left, right, top, bottom} = text.getBoundingClientRect();
  const clip = text.closest('[clip-path]')?.getAttribute('clip-path').slice(5, -1);
  const edge = clip ? document.getElementById(clip).firstElementChild : null;
  const end = edge ? edge.x.baseVal.value + edge.width.baseVal.value : Infinity;
  return {text: shown(text), left, right: Math.min(right, end), top, bottom, cut: right > end};
});
const contrasts = texts.map((text, place) => {
  const {left, right, top, bottom} = boxes[place];
  const below = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2).find(one =>
    one.tagName === 'rect' && getComputedStyle(one).fill.startsWith('rgb'));
  return [shown(text), below ? contrast(rgba(getComputedStyle(text).fill), rgba(getComputedStyle(below).fill)) : 0];
});
return {
  tag: root.tagName, errors: document.querySelectorAll('parsererror').length, scripts: document.scripts.length,
  title: root.querySelector('title').textContent, desc: root.querySelector('desc').textContent,
  width: root.width.baseVal.value, height: root.height.baseVal.value, boxes, contrasts,
};
}"""
)


class Visit(NamedTuple):
    """What was seen on a page.

    Attributes:
        medium: where the faces were shown.
        faces: what was read of each thing that is shown, by its name.
        errors: what the console complained about, and what was thrown.
        outside: the addresses that the page asked for, other than its own.
        hit: whether a text of an account or a profile was run.
        probed: whether a script of the notebook's author was run, as it is where a notebook is trusted.
    """

    medium: str
    faces: dict[str, dict[str, Any]]
    errors: list[str]
    outside: list[str]
    hit: bool
    probed: bool


class Watched:
    """A page of a browser that reaches nothing but this machine, and remembers what happens."""

    def __init__(self, browser: Any, scheme: str) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.context = browser.new_context(color_scheme=scheme, viewport={"width": 1100, "height": 2400})
        self.context.route("**/*", self._stay_here)
        self.page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, said: Any) -> None:
        if said.type == "error":
            self.errors.append(said.text)

    def _stay_here(self, route: Any) -> None:
        address = route.request.url
        if address.startswith(("http://127.0.0.1:", "file:", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(address)
            route.abort()

    def read(self, face: Any) -> dict[str, Any]:
        """Unfold the details of a face, as a reader does, and read what is there."""
        for details in face.locator("details:not([open])").all():
            details.locator("summary").click()
        read: dict[str, Any] = face.evaluate(_READ)
        return read

    def read_svg(self) -> dict[str, Any]:
        """Read the picture that is the page itself."""
        read: dict[str, Any] = self.page.evaluate(_READ_SVG)
        return read

    def visit(self, medium: str, faces: dict[str, dict[str, Any]]) -> Visit:
        """Say what was seen, and close the page."""
        hit, probed = self.was_hit(), self.page.evaluate("window.probe === 1")
        self.context.close()
        return Visit(medium, faces, self.errors, self.outside, hit, probed)

    def was_hit(self) -> bool:
        """Say whether the page ran a text of an account or a profile, once what runs late has had its time."""
        self.page.wait_for_timeout(100)
        hit: bool = self.page.evaluate(f"window.{HIT} === 1")
        return hit
