"""The table of routes, and what is made of it."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from streams.gateway.describe.asyncapi import asyncapi
from streams.gateway.describe.openapi import openapi
from streams.gateway.describe.parameters import PARAMETERS, PATH
from streams.gateway.route import Route
from streams.gateway.routes import ROUTES

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_route_is_documented(route: Route) -> None:
    """With its method and path, and all of its parameters."""
    text = DOCUMENT.read_text(encoding="utf-8")

    assert f"`{route.method} {route.path}`" in text
    missing = {name for name in route.parameters or () if f"`{name}`" not in text and f"`{name}=" not in text}
    assert not missing


def test_nothing_is_documented_that_is_no_route() -> None:
    """A route that was taken away leaves the page, too."""
    named = set(re.findall(r"`(GET|POST|PATCH|DELETE) (/[^`?\s]*)`", DOCUMENT.read_text(encoding="utf-8")))

    assert named == {(route.method, route.path) for route in ROUTES}


def test_names_and_paths_are_unique() -> None:
    """A name leads to one handler, a method and a path to one name."""
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def test_each_parameter_is_described() -> None:
    """A route that takes a new one says what it means."""
    taken = {name for route in ROUTES for name in route.parameters or ()}

    assert taken == PARAMETERS.keys()
    assert {name for route in ROUTES for name in re.findall(r"\{(\w+)\}", route.path)} == PATH.keys()


def test_the_description_is_openapi() -> None:
    """Somebody else's validator takes it, and every route that a client may use stands in it."""
    described = openapi(ROUTES, "https://live.example")

    OpenAPIV31SpecValidator(described).validate()
    assert {(method.upper(), path) for path, methods in described["paths"].items() for method in methods} == {
        (route.method, route.path) for route in ROUTES if not route.is_socket
    }


def test_the_streams_are_described_as_asyncapi_has_it() -> None:
    """Each reference leads somewhere, each payload is a JSON Schema, each stream is a channel with its operation."""
    described = asyncapi(ROUTES, "https://live.example")
    streams = {route.path for route in ROUTES if route.media_type == "text/event-stream"}
    sockets = {route.path for route in ROUTES if route.is_socket}

    assert described["asyncapi"] == "3.0.0"
    assert described["servers"]["gateway"] == {
        "host": "live.example", "protocol": "https", "description": "This gateway.",
    }  # fmt: skip
    assert {channel["address"] for channel in described["channels"].values()} == streams | sockets
    assert len(described["operations"]) == len(streams) + 2 * len(sockets)
    references = re.findall(r"'\$ref': '#/([^']+)'", str(described))
    assert references
    for reference in references:
        place = described
        for name in reference.split("/"):
            place = place[name]
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for channel in described["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel.get("parameters", {}))
