"""What a text is held to when it is entered or corrected: its normal form, its characters, its length, its pattern."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line and paragraph separators
_INVISIBLE = frozenset({"Cf", "Zs", "Cc"})


class Miswritten(Exception):
    """A text that a field does not take: the stable slug that says why, and what its sentence speaks about."""

    def __init__(self, slug: str, **about: Any) -> None:
        super().__init__(slug)
        self.slug = slug
        self.about = about


def control_free(value: str, multiline: bool) -> bool:
    """Whether a text has no control character, lone surrogate or line break; `multiline` allows newline and tab."""
    allowed = "\n\t" if multiline else ""
    return value.isprintable() or not any(unicodedata.category(char) in _FORBIDDEN and char not in allowed for char in value)


def worded(value: str, least: int, most: int, *, multiline: bool, pattern: str | None, example: str | None) -> str:
    """The text in Unicode normal form C, blanks at its ends not counted; raises Miswritten."""
    told = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if multiline else value).strip()
    if not control_free(told, multiline):
        raise Miswritten("text-has-control-characters")
    if len(told) > most:
        raise Miswritten("text-too-long", most=most)
    if len(told) < least or (least and all(unicodedata.category(char) in _INVISIBLE for char in told)):
        raise Miswritten("text-too-short", least=least)
    if pattern and not re.fullmatch(pattern, told, re.ASCII):
        raise Miswritten("text-does-not-match", example=example)
    return told
