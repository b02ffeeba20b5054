"""Personal fields as ciphertext: AES-256-GCM, bound to stream, version and field, so that ciphertext cannot be moved."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import Unreadable
from shared.facts import encode, personal_fields
from shared.privacy.keys import KeyStore

MARK = "pkp1"


def subjects(fact: Any) -> set[str]:
    """The ids of the subjects whose personal fields this fact holds."""
    data = msgspec.to_builtins(fact)
    return {
        holder[field.subject]
        for field in personal_fields(type(fact))
        for holder in _holders(data, field.path)
        if holder[field.path[-1]] is not None
    }


def seal(fact: Any, stream: str, version: int, keys: Mapping[str, bytes]) -> str:
    """The fact as stored: JSON text whose personal fields are `pkp1:<subject>:<version>:<nonce and ciphertext>`.

    `keys` holds the key of every subject of the fact (KeyStore.for_writing). Facts without personal fields are plain JSON.
    """
    declared = personal_fields(type(fact))
    if not declared:
        return encode(fact)
    data = msgspec.to_builtins(fact)
    for field in declared:
        name = field.path[-1]
        for holder in _holders(data, field.path):
            if holder[name] is not None:
                holder[name] = _encrypt(holder[name], holder[field.subject], stream, version, field.path, keys)
    return encode(data)


def _encrypt(text: str, subject: str, stream: str, version: int, path: tuple[str, ...], keys: Mapping[str, bytes]) -> str:
    nonce = os.urandom(12)
    sealed = AESGCM(keys[subject]).encrypt(nonce, text.encode(), _bound(stream, version, path, subject))
    return f"{MARK}:{subject}:{version}:{urlsafe_b64encode(nonce + sealed).decode()}"


def reveal(store: KeyStore, sealed: str, stream: str, path: tuple[str, ...], version: int | None = None) -> str | None:
    """The plain text of one sealed field read from `stream`; None when its subject was erased.

    `path` is the field's place in its fact, `("parties", "contact")`; `version` that of the fact where the field is read
    from one (a register's row may hold fields of older facts). Raises Unreadable when the ciphertext was moved or changed.
    """
    return revealer(store, [sealed])(sealed, stream, path, version)


def revealer(store: KeyStore, sealed: list[str]) -> Callable[..., str | None]:
    """`reveal` for many sealed fields with one look into the key store; keep it no longer than one request."""
    keys = store.existing(_parts(one)[0] for one in sealed)

    def open_one(one: str, stream: str, path: tuple[str, ...], at: int | None = None) -> str | None:
        subject, version, box = _parts(one)
        if at is not None and at != version:
            raise Unreadable("a personal field does not belong where it stands")
        if subject not in keys:
            return None
        try:
            return AESGCM(keys[subject]).decrypt(box[:12], box[12:], _bound(stream, version, path, subject)).decode()
        except InvalidTag as error:
            raise Unreadable("a personal field does not belong where it stands") from error

    return open_one


def _parts(sealed: str) -> tuple[str, int, bytes]:
    try:
        mark, rest = sealed.split(":", 1)
        subject, version, box = rest.rsplit(":", 2)
        if mark != MARK:
            raise ValueError(mark)
        return subject, int(version), urlsafe_b64decode(box)
    except ValueError as error:
        raise Unreadable("not a sealed field") from error


def _bound(stream: str, version: int, path: tuple[str, ...], subject: str) -> bytes:
    return "\n".join((stream, str(version), ".".join(path), subject)).encode()


def _holders(data: Any, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The dicts in which the last name of `path` stands."""
    if data is None:
        return
    if isinstance(data, (list, tuple)):  # to_builtins keeps tuples
        for entry in data:
            yield from _holders(entry, path)
    elif len(path) == 1:
        yield data
    else:
        yield from _holders(data[path[0]], path[1:])
