"""The hook by which OpenAPI 3.1 documents show commands with the very JSON Schema that `shared.shape` gives."""

from __future__ import annotations

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from shared.shape import json_schema


class _Converter(OpenAPIConverter):
    """Schemas made by `schema_for` are shown as `json_schema` describes them: OpenAPI 3.1 takes 2020-12."""

    def schema2jsonschema(self, schema: Any) -> Any:
        described = getattr(schema, "__shape__", None)
        if described is None:
            return super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        return {keyword: value for keyword, value in json_schema(described[0]).items() if keyword != "$schema"}


class ShapePlugin(MarshmallowPlugin):
    """`Api(app, spec_kwargs={"marshmallow_plugin": ShapePlugin()})`; one instance per application."""

    Converter = _Converter
