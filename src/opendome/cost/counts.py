"""How many units an element has: counted in the scenario, or stated."""

from opendome.kernel import F64Array
from opendome.sampling import Sampler
from opendome.scenario.cost_names import counted
from opendome.scenario.cost_specs import Element
from opendome.scenario.specs import Scenario


def units_of(scenario: Scenario | None, name: str, element: Element, sampler: Sampler) -> F64Array:
    """(R,) units of an element at once, spares included; those of the scenario are drawn as the scenario draws them."""
    if element.n_units is not None:
        units = sampler.column(f"cost.elements.{name}.n_units", element.n_units)
    else:
        assert scenario is not None, "the checks see to it"
        units = sum((counted_in(scenario, key, sampler) for key in element.counts), start=sampler.zeros())
    spares = sampler.column(f"cost.elements.{name}.spares", element.spares)
    return units * (1.0 + spares)


def counted_in(scenario: Scenario, key: str, sampler: Sampler) -> F64Array:
    """(R,) number of what a key of `counts` names."""
    found = counted(key)
    assert found is not None, "the checks see to it"
    if found.section == "constellations":
        return sampler.constant(scenario.constellations[found.name].n_deployed, key)
    if found.section == "sensors":
        carrier = scenario.sensors[found.name].constellation
        return (sampler.constant(1, key) if carrier is None
                else sampler.constant(scenario.constellations[carrier].n_deployed, f"constellations.{carrier}"))
    sites = scenario.layers[found.name].sites
    if found.part == "sites":
        return sampler.constant(len(sites), key)
    if found.part == "launchers":
        return sampler.constant(sum(site.launchers for site in sites.values()), key)
    stocks = (sampler.column(f"layers.{found.name}.sites.{place}.stock", site.stock) for place, site in sites.items())
    return sum(stocks, start=sampler.zeros())
