"""The door's guards: marshmallow fields that take exactly what JSON gives, and answer with stable slugs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load

from shared.wording import Miswritten, worded

SLUGS = (
    "field-missing",
    "field-unknown",
    "field-empty",
    "not-an-object",
    "not-a-list",
    "not-a-text",
    "text-too-short",
    "text-too-long",
    "text-has-control-characters",
    "text-does-not-match",
    "not-a-whole-number",
    "number-too-small",
    "number-too-large",
    "not-true-or-false",
    "not-a-date",
    "not-a-time",
    "not-an-id",
    "not-a-choice",
    "too-few-entries",
    "too-many-entries",
    "entry-twice",
)
"""Every slug that a field may be refused with; each needs a sentence in the interface's language."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Slug(str):
    """A slug that remembers what its sentence speaks about: `Slug("text-too-long", most=80)`."""

    about: dict[str, Any]

    def __new__(cls, slug: str, **about: Any) -> Slug:
        made = super().__new__(cls, slug)
        made.about = about
        return made


def refuse(slug: str, **about: Any) -> ValidationError:
    """The refusal of one field; never says what the value was."""
    return ValidationError(Slug(slug, **about))


class Guard(fields.Field[Any]):
    """A field that says with slugs when it is missing or null."""

    default_error_messages = {"required": "field-missing", "null": "field-empty"}  # noqa: RUF012 (as marshmallow has it)


class Text(Guard):
    """A text, blanks at its ends not counted, in Unicode normal form C."""

    def __init__(self, least: int, most: int, *, multiline: bool, pattern: str | None, example: str | None, **more: Any) -> None:
        super().__init__(**more)
        self.least, self.most = least, most
        self.form: dict[str, Any] = {"multiline": multiline, "pattern": pattern, "example": example}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise refuse("not-a-text")
        try:
            return worded(value, self.least, self.most, **self.form)
        except Miswritten as wrong:
            raise refuse(wrong.slug, **wrong.about) from None


class StoredText(Guard):
    """A text of a fact, taken as it stands: what was written is not judged again."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise refuse("not-a-text")
        return value


class Whole(Guard):
    """A whole number, never out of a text, a fraction or a truth value."""

    def __init__(self, *, minimum: int | None, maximum: int | None, **more: Any) -> None:
        super().__init__(**more)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if type(value) is not int:
            raise refuse("not-a-whole-number")
        if self.minimum is not None and value < self.minimum:
            raise refuse("number-too-small", minimum=self.minimum)
        if self.maximum is not None and value > self.maximum:
            raise refuse("number-too-large", maximum=self.maximum)
        return value


class Flag(Guard):
    """True or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("not-true-or-false")
        return value


class Day(Guard):
    """A date, `2025-06-10`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return _parsed(value, _DATE, date.fromisoformat, "not-a-date")


class Moment(Guard):
    """A point in time with its offset (RFC 3339), given as UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return _parsed(value, _TIME, lambda told: datetime.fromisoformat(told.upper()).astimezone(UTC), "not-a-time")


class Id(Guard):
    """A UUID in its usual form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return _parsed(value, _ID, UUID, "not-an-id")


def _parsed(value: Any, form: re.Pattern[str], parse: Callable[[str], Any], slug: str) -> Any:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise refuse(slug)
    try:
        return parse(value)
    except (ValueError, OverflowError) as error:
        raise refuse(slug) from error


class Choice(Guard):
    """One value of an enumeration."""

    def __init__(self, *, choices: type[StrEnum], **more: Any) -> None:
        super().__init__(**more)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> StrEnum:
        try:
            return self.choices(value)
        except ValueError:
            raise refuse("not-a-choice", choices=[member.value for member in self.choices]) from None


class Part(fields.Nested):
    """An object inside another."""

    default_error_messages = {**Guard.default_error_messages, "type": "not-an-object"}  # noqa: RUF012


class Entries(Guard):
    """A list of entries; where `unique`, a set of them."""

    def __init__(self, inner: fields.Field[Any], *, least: int, most: int | None, unique: bool, **more: Any) -> None:
        super().__init__(**more)
        self.inner, self.least, self.most, self.unique = inner, least, most, unique

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise refuse("not-a-list")
        if len(value) < self.least:
            raise refuse("too-few-entries", least=self.least)
        if self.most is not None and len(value) > self.most:
            raise refuse("too-many-entries", most=self.most)
        entries = self._each(value)
        return frozenset(entries) if self.unique else tuple(entries)

    def _each(self, values: Any) -> list[Any]:
        entries: dict[int, Any] = {}
        errors: dict[int, Any] = {}
        for index, value in enumerate(values):
            try:
                entry = self.inner.deserialize(value)
            except ValidationError as error:
                errors[index] = error.messages
                continue
            if self.unique and entry in entries.values():
                errors[index] = [Slug("entry-twice")]
            entries[index] = entry
        if errors:
            raise ValidationError(errors)
        return list(entries.values())


class Shape(Schema):
    """The schema that stands before one dataclass: `load` gives an instance of it."""

    error_messages = {"unknown": "field-unknown", "type": "not-an-object"}  # noqa: RUF012
    __shape__: tuple[type, bool]
    """The dataclass, and whether the schema stands at the door; dunder, so that no field's name can hide it."""

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Any:
        return self.__shape__[0](**data)
