"""How words are compared: as everywhere in icpkit."""

import unicodedata


def fold(text: str) -> str:
    """Fold text as comparisons do: NFC, strip, casefold, NFC.

    >>> fold("  Straße ") == fold("STRASSE")
    True
    """
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().casefold())
