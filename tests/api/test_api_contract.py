"""The API keeps what its OpenAPI document promises."""

import json
from typing import Any

import hypothesis
import pytest
import schemathesis
from api_world import World
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi_checks

_EXAMPLES_EACH = 12


def operations(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    paths = world.app.openapi()["paths"]
    return [(path, method, operation) for path, item in paths.items() for method, operation in item.items()]


def test_operations_are_named_tagged_and_described(world: World) -> None:
    found = operations(world)
    names = [operation["operationId"] for _, _, operation in found]
    assert sorted(names) == [
        "add_events", "add_outcomes", "hear_tone", "label_tone", "list_alerts", "list_risks", "move_alert", "read_alert",
        "read_client", "read_evidence", "read_health", "read_history", "score",
    ]  # fmt: skip
    told = {tag["name"] for tag in world.app.openapi_tags or []}
    for _, _, operation in found:
        assert operation["description"]
        assert set(operation["tags"]) <= told
        assert operation["security"][0] == {"api_key": []}
        for code, answer in operation["responses"].items():
            if code != "200":
                assert answer["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }


def test_the_document_is_served_to_anyone_and_complete(world: World) -> None:
    document = world.http.get("/v1/openapi.json").json()
    assert document == json.loads(json.dumps(world.app.openapi()))
    text = json.dumps(document)
    named = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in text


def test_every_example_can_be_sent_as_it_stands(world: World) -> None:
    sent = 0
    for path, method, operation in operations(world):
        for example in (
            operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {}).values()
        ):
            address = path.replace("{case_id}", "c-17:2026-03-01")
            answer = world.http.request(method, address, json=example["value"], headers=world.bearer("all"))
            assert answer.status_code == 200, (path, answer.text)
            assert not answer.json().get("rejected")
            assert not answer.json().get("problems")
            sent += 1
    assert sent == 7


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_whatever_fits_the_schema_or_not_is_answered_as_promised(world: World) -> None:
    """Made-up requests, good and bad, against every operation."""
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", world.app)
    promised = [
        not_a_server_error, openapi_checks.status_code_conformance, openapi_checks.content_type_conformance,
        openapi_checks.response_schema_conformance, openapi_checks.negative_data_rejection,
    ]  # fmt: skip
    limits = hypothesis.settings(
        max_examples=_EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @limits
        @hypothesis.given(case=operation.as_strategy())
        def send(case: Any) -> None:
            tried.append(case.operation.label)
            case.call_and_validate(checks=promised, headers=world.bearer("all"))

        send()
    assert len(set(tried)) == len(operations(world))
