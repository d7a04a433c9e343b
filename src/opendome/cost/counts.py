"""How many units an element has: counted in the scenario, or stated."""

from opendome.kernel import F64Array
from opendome.sampling import Sampler
from opendome.scenario.cost_specs import Element
from opendome.scenario.specs import Scenario


def units_of(scenario: Scenario | None, name: str, element: Element, sampler: Sampler) -> F64Array:
    """(R,) units of an element at once, spares included; those of the scenario are drawn as the scenario draws them."""
    if element.n_units is not None:
        counted = sampler.column(f"cost.elements.{name}.n_units", element.n_units)
    else:
        assert scenario is not None, "the checks see to it"
        counted = sum((counted_in(scenario, key, sampler) for key in element.counts), start=sampler.zeros())
    spares = sampler.column(f"cost.elements.{name}.spares", element.spares)
    return counted * (1.0 + spares)


def counted_in(scenario: Scenario, key: str, sampler: Sampler) -> F64Array:
    """(R,) number of what a key of `counts` names."""
    section, name, *what = key.split(".")
    if section == "constellations":
        return sampler.constant(scenario.constellations[name].n_deployed, key)
    if section == "sensors":
        carrier = scenario.sensors[name].constellation
        return (sampler.constant(1, key) if carrier is None
                else sampler.constant(scenario.constellations[carrier].n_deployed, f"constellations.{carrier}"))
    sites = scenario.layers[name].sites
    if what == ["sites"]:
        return sampler.constant(len(sites), key)
    if what == ["launchers"]:
        return sampler.constant(sum(site.launchers for site in sites.values()), key)
    return sum((sampler.column(f"layers.{name}.sites.{place}.stock", site.stock) for place, site in sites.items()),
               start=sampler.zeros())
