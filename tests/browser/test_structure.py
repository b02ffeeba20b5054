"""A page that has, or lacks, what no page before it had or lacked is looked at; one that only says something else is not."""

from __future__ import annotations

import pytest

from tests.browser.structure import Structure

PAGE = (
    '<html lang="id"><title>t</title><main><h1>a</h1><p><a href="/x">b</a></p>'
    '<label for="q">z</label><input id="q"><img alt="x" src="/y"></main>'
)
NEW = [
    ('<a href="/x">b</a>', '<a href="/x"></a>'),
    ('<label for="q">z</label>', ""),
    (' alt="x"', ""),
    (' alt="x"', ' alt=""'),
    ("<h1>a</h1>", ""),
    ("h1", "h3"),
    (' lang="id"', ""),
    (">t<", "><"),
    ("<p>", '<p class="pale">'),
    (">b<", f">{'b' * 40}<"),
]
KNOWN = [(">b<", ">c<"), ('"/x"', '"/z"'), ('"q"', '"other"'), ("<p>", '<p><a href="/w">v</a></p><p>')]


@pytest.mark.parametrize(("was", "now"), NEW)
def test_what_is_new_or_missing_is_told(was: str, now: str) -> None:
    assert Structure(PAGE.replace(was, now)).parts - Structure(PAGE).parts


@pytest.mark.parametrize(("was", "now"), KNOWN)
def test_what_only_says_something_else_is_known(was: str, now: str) -> None:
    assert Structure(PAGE.replace(was, now)).parts <= Structure(PAGE).parts


@pytest.mark.parametrize(("was", "now"), [('<input id="q">', ""), ("<p>", '<p id="q">')])
def test_ids_that_are_shared_or_missing_are_told(was: str, now: str) -> None:
    assert Structure(PAGE).broken_ids == []
    assert Structure(PAGE.replace(was, now)).broken_ids == ["q"]
