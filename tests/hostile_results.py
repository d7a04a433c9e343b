"""Results in which every name and text is markup, to see that pages show it as text."""

from typing import Any

from opendome.results import Results
from small_results import MANIFEST, results

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\'<b>'


def hostile() -> Results:
    """Results in which every name and text is markup."""
    small = results()
    data = small.scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    found = results(**_poisoned(data))
    tables = found.tables
    for name in ("threats", "sites", "shots", "prices", "assumptions", "replay_tracks", "replay_events"):
        frame = getattr(small.tables, name).copy()
        for column in frame.select_dtypes("category"):
            if column not in ("threat_class", "outcome", "reason", "grade", "event", "kind"):
                frame[column] = frame[column].cat.rename_categories(lambda label: label + EVIL)
        object.__setattr__(tables, name, frame)
    manifest = {**MANIFEST, "version": EVIL, "fidelity": EVIL, "scenario_sha256": EVIL, "catalogue_sha256": EVIL,
                "environment": {EVIL: EVIL}}
    return Results(tables, found.scenario, manifest)


def _poisoned(data: dict[str, Any]) -> dict[str, Any]:
    def names(found: dict[str, Any]) -> dict[str, Any]:
        return {name + EVIL: value for name, value in found.items()}

    for raid in data["raids"].values():
        raid["note"] = EVIL
        for wave in raid["waves"]:
            wave.update({"threat": wave["threat"] + EVIL, "from": names(wave["from"]), "at": names(wave["at"])})
    for layer in data["layers"].values():
        layer.update(interceptor=layer["interceptor"] + EVIL, note=EVIL, sites=names(layer["sites"]))
    for observation in data["observations"]:
        observation.update(raids=[name + EVIL for name in observation["raids"]], source="evil", note=EVIL)
    for kind in ("places", "areas", "sensors"):
        for found in data[kind].values():
            found["note"] = EVIL
    reference = {"author": EVIL, "title": EVIL, "year": 2026, "publisher": EVIL, "link": "javascript:alert(1)",
                 "note": EVIL}
    return {**data, "title": EVIL, "note": EVIL, "catalogue": {"references": {"evil": reference}},
            **{kind: names(data[kind]) for kind in ("places", "areas", "sensors", "layers", "raids")}}
