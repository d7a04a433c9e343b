"""The JSON Schema of scenario files, for editors."""

import json
from typing import Any

from opendome.scenario.specs import FORMAT, Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    found = Scenario.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, **found, "title": f"OpenDome scenario, format {FORMAT}"}


def schema_text() -> str:
    """The schema as it is shipped beside the scenarios."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
