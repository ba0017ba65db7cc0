"""Sphinx settings. The build needs no network, and a warning fails it."""

from typing import Any

import icpkit
from icpkit._version import __version__

project = "icpkit"
author = "The icpkit developers"
copyright = author
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_autodoc_typehints",  # after napoleon: it fills in the types that napoleon leaves out
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"icpkit {version}"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # fields of a NamedTuple are members already

# The release for Python 3.11 cannot follow two names that stand further down in their module; it shows them as text.
suppress_warnings = ["sphinx_autodoc_typehints.forward_reference"]

# Every reference to a name of ours must have a target. Other projects' names would need their inventories,
# which are fetched from the network.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!icpkit\.).*"),
    # How things are made: no reading matter.
    (r"py:class", r"icpkit\.(columns\.\w+|adapters\.source\.Source|batch\.(leaves|moments|kernels|causes|moves)\.\w+)"),
    (r"py:(class|obj)", r"icpkit\.(history\.listing\.Item|analysis\.splits\.\w+)"),
    (r"py:class", r"icpkit\.(_attrs\.Pairs|criteria\.criterion\._Several|views\.Moment|explanation\.Reading)"),
]


def resolve_public_name(app: Any, env: Any, node: Any, contnode: Any) -> Any:
    """Lead from where a name is defined (icpkit.criteria.Range) to where it is documented (icpkit.Range)."""
    target = node.get("reftarget", "")
    name = target.removeprefix("icpkit.").rpartition(".")[2]
    if not target.startswith("icpkit.") or target == f"icpkit.{name}" or name not in icpkit.__all__:
        return None
    return env.get_domain("py").resolve_xref(env, node["refdoc"], app.builder, "obj", f"icpkit.{name}", node, contnode)


def setup(app: Any) -> None:
    """Connect the handler above."""
    app.connect("missing-reference", resolve_public_name)
