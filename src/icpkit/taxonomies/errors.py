"""What can go wrong with taxonomies, as types that carry the objects concerned."""

from collections.abc import Iterable

from icpkit.errors import IcpkitError, TextError, near


class NoSuchTaxonomyError(IcpkitError, LookupError):
    """No taxonomy of this name comes with icpkit.

    Attributes:
        name: the name as it was given.
        known: the names that exist.
    """

    name: str
    known: tuple[str, ...]

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Say what was looked for, and what is there."""
        self.name, self.known = name, tuple(known)
        hint = near(name, self.known) or f"known ones: {', '.join(self.known)}; Taxonomy.load(path) reads your own"
        super().__init__(f"no taxonomy {name!r} comes with icpkit\n\nHint: {hint}")


class NoSuchEntryError(IcpkitError, LookupError):
    """A taxonomy has no entry, or no category, for any of some texts.

    Attributes:
        taxonomy: the taxonomy's name.
        texts: what was looked for.
        hint: the way out.
    """

    taxonomy: str
    texts: tuple[str, ...]
    hint: str

    def __init__(self, taxonomy: str, texts: Iterable[str], problem: str, *, hint: str) -> None:
        """Say what was looked for, and the way out."""
        self.taxonomy, self.texts, self.hint = taxonomy, tuple(texts), hint
        super().__init__(f"the taxonomy {taxonomy!r} {problem}\n\nHint: {hint}")


class TaxonomyTextError(TextError):
    """The text of a taxonomy has mistakes."""
