"""The documents are served from this origin alone, and a browser may run nothing but what the page names."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from shared.contracts.asyncapi import ATTRIBUTES, SOMETIMES, asyncapi
from shared.contracts.generate import examples_of, installed
from shared.envelope import Envelope, to_headers
from shared.web.docs import documents

MEMBERSHIP = installed()["membership"]
OPENAPI = {"openapi": "3.1.0", "info": {"title": "membership", "version": "1.0.0"}, "paths": {}}


@pytest.fixture
def client():
    app = Flask("membership")
    app.register_blueprint(documents(MEMBERSHIP, lambda: OPENAPI))
    return app.test_client()


def test_the_documents_are_served_as_json(client):
    assert client.get("/openapi.json").json == OPENAPI
    told = client.get("/asyncapi.json")
    assert told.content_type == "application/json"
    assert told.json == asyncapi(MEMBERSHIP, examples_of(MEMBERSHIP))


def test_an_unchanged_document_is_not_sent_again(client):
    first = client.get("/asyncapi.json")
    again = client.get("/asyncapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_asks_no_foreign_host(client):
    page = client.get("/docs").text
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", page)
    assert not re.search(r"(?:src|href|url)\W{1,4}(?:https?:)?//", page)
    assert "validatorUrl: null" in page
    for file in re.findall(r"(?:src|href)=\"([^\"]*)\"", page):
        assert client.get(file).status_code == 200, file


def test_the_page_lives_under_any_prefix(client):
    page = client.get("/docs", environ_overrides={"SCRIPT_NAME": "/membership"}).text
    assert 'url: "/membership/openapi.json"' in page
    assert 'src="/membership/docs/files/swagger-ui-bundle.js"' in page


def test_only_scripts_with_the_nonce_of_this_answer_run(client):
    first, second = client.get("/docs"), client.get("/docs")
    policies = [answer.headers["Content-Security-Policy"] for answer in (first, second)]
    (nonce,) = re.findall(r"script-src 'nonce-([\w-]{16,})';", policies[0])
    assert policies[0] != policies[1]
    assert first.headers["Cache-Control"] == "no-store"
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert len(scripts) == 2
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert "default-src 'none'" in policies[0]
    assert "unsafe" not in policies[0]
    assert not re.search(r"\son\w+=", first.text)


def test_the_headers_in_the_document_are_those_that_are_sent():
    whole = dict.fromkeys(Envelope.__struct_fields__, "x") | {"position": 2, "previous": 1}
    del whole["data"], whole["data_base64"]
    assert {name for name, _ in to_headers(Envelope(**whole))} == set(ATTRIBUTES)
    fewer = {name: value for name, value in whole.items() if f"ce_{name}" not in SOMETIMES}
    assert {name for name, _ in to_headers(Envelope(**fewer))} == set(ATTRIBUTES) - set(SOMETIMES)
