"""The scenario's own raid, simulated with other numbers of threats and with what is left of the stocks.

A template is one raid of the scenario. The threats of a class are spread over its waves in proportion to the counts of
the file. A stock that layers fire from stands at their sites as the scenario has it, as long as there is enough; below
that, what is left is spread in the same proportion. Layers whose interceptor is in no stock start every raid as the
scenario has them. Nothing else is carried from raid to raid.
"""

from dataclasses import dataclass

import numpy as np

from opendome.battle import CLASSES
from opendome.catalogue import Catalogue
from opendome.errors import OpenDomeError, Problem, ScenarioError
from opendome.kernel import F64Array, I64Array, U64Array, kernel
from opendome.raid import Problem as RaidProblem
from opendome.raid import Tables, empty_records, empty_replay, empty_scratch, lower, simulate
from opendome.raid.fight import Outcome
from opendome.raid.loop import Records, Scratch
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_specs import Munition
from opendome.threats import samples_max

N_CLASSES = len(CLASSES)

ENGAGED, BY_STOCKS, BY_OTHERS, HARMLESS = range(4)
"""What is counted of the threats of a class: fired at from stocks; destroyed from stocks; destroyed by other layers;
come down outside."""

PLENTY = 1_000_000
"""Rounds at a site that no raid uses up."""

_DESTROYED, _OUTSIDE = int(Outcome.DESTROYED), int(Outcome.OUTSIDE)


@dataclass(frozen=True)
class Template:
    """One raid, ready to be simulated with other numbers. R runs, B sites, L layers, J stocks, V waves, C classes."""

    problem: RaidProblem
    stocks: list[str]
    """(J,) interceptors of the stockpile that its layers fire."""
    group: I64Array
    """(L,) which of them a layer fires; -1 for none."""
    wave_class: I64Array
    """(V,) code of the class."""
    wave_samples: I64Array
    """(V,) most trajectory samples of one threat."""
    wave_counts: I64Array
    """(V,) threats as the scenario has them."""

    @property
    def has_class(self) -> I64Array:
        """(C,) 1 where the template has threats of the class."""
        return np.isin(np.arange(N_CLASSES), self.wave_class).astype(np.int64)

    @property
    def rounds_at_sites(self) -> I64Array:
        """(R, J) rounds of each stock that the sites hold when there are enough."""
        site_group = self.group[self.problem.tables.sites.layer]
        return np.column_stack([self.problem.tables.draws.stock[:, site_group == j].sum(axis=1)
                                for j in range(len(self.stocks))])


def make_template(scenario: Scenario, catalogue: Catalogue, name: str, munitions: dict[str, Munition], *, runs: int,
                  seed: int) -> Template:
    """The raid `name` of a scenario against its layers, of which those fire from stocks that a munition's type names.

    Raises `ScenarioError` where there is no such raid, or where no layer fires what is stocked.
    """
    if name not in scenario.raids:
        raise ScenarioError("scenario", [Problem("template", repr(name), "must name a raid of this scenario")])
    alone = scenario.model_copy(update={"raids": {name: scenario.raids[name]}, "observations": [], "stockpile": None,
                                        "campaigns": {}, "variants": {}})
    types = {munition.type: stock for stock, munition in reversed(munitions.items()) if munition.type is not None}
    fired = [types.get(layer.interceptor) for layer in scenario.layers.values()]
    stocks = list(dict.fromkeys(stock for stock in fired if stock is not None))
    if not stocks:
        raise ScenarioError("scenario", [Problem(
            "layers", "", "none fires an interceptor of the stockpile",
            'give the stockpile\'s interceptor a type: [stockpile.interceptors.NAME] type = "patriot-pac3-mse"')])
    problem = lower(alone, catalogue, runs=runs, seed=seed)
    tables = problem.tables
    first, n_routes = tables.waves.first_route, tables.waves.n_routes
    samples = [samples_max(problem.routes[q : q + n]) for q, n in zip(first, n_routes, strict=True)]
    return Template(problem, stocks, np.array([stocks.index(s) if s is not None else -1 for s in fired], np.int64),
                    np.asarray(tables.kinds.class_code[tables.waves.kind]), np.array(samples, np.int64),
                    np.array(tables.waves.n_threats))


def raid_key(seed: int, *place: int) -> U64Array:
    """(2,) key of one raid's random numbers, for `place` in a study: no raid shares its numbers with another."""
    return np.random.SeedSequence(seed, spawn_key=place).generate_state(2, np.uint32).astype(np.uint64)


def in_proportion(total: int, weights: I64Array | F64Array) -> I64Array:
    """`total` whole things spread in proportion to the weights: largest remainders, the first of equal ones."""
    exact = total * np.asarray(weights, np.float64) / max(float(np.sum(weights)), 1e-300)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = total - int(whole.sum())
    if left > 0 and np.sum(weights) > 0:
        whole[np.argsort(-(exact - whole), kind="stable")[:left]] += 1
    return whole


def raid_tables(template: Template, counts: I64Array, first: int, last: int, stock: I64Array,
                key: U64Array) -> Tables:
    """Tables of a raid of `counts` (C,) threats for the runs first .. last - 1, as rows from 0 on, with `stock`
    (last - first, B) rounds at the sites."""
    tables = template.problem.tables
    waves, raids, draws = tables.waves.copy(), tables.raids.copy(), tables.draws
    for c in np.unique(template.wave_class):
        mine = template.wave_class == c
        waves.n_threats[mine] = in_proportion(int(counts[c]), template.wave_counts[mine])
    flying = waves.n_threats * (1 + waves.n_decoys)
    raids.n_threats[0], raids.n_samples[0] = flying.sum(), (flying * template.wave_samples).sum()
    mine = draws._replace(**{name: column[first:last] for name, column in draws._asdict().items()})
    return tables._replace(key=key, waves=waves, raids=raids, draws=mine._replace(stock=stock))


def stock_at_sites(template: Template, run: int, stock: I64Array) -> I64Array:
    """(B,) rounds at the sites in a raid of one run, when `stock` (J,) rounds are left in all."""
    sites, full = template.problem.tables.sites, template.problem.tables.draws.stock[run]
    found = np.array(full, np.int64)
    group = template.group[sites.layer]
    for j, left in enumerate(stock):
        mine = group == j
        total = int(full[mine].sum())
        if left < total:
            found[mine] = in_proportion(int(left), full[mine])
    return found


def plenty_at_sites(template: Template, run: int) -> I64Array:
    """(B,) rounds at the sites where no stock that is fired from limits anything."""
    group = template.group[template.problem.tables.sites.layer]
    return np.where(group >= 0, PLENTY, template.problem.tables.draws.stock[run])


@dataclass(frozen=True)
class Bench:
    """Working memory of one thread for raids of up to a size, and what is counted. W runs at a time."""

    scratch: Scratch
    records: Records
    rounds: I64Array
    """(W, C, J) fired at each class from each stock."""
    met: I64Array
    """(W, C, 4) threats: ENGAGED, BY_STOCKS, BY_OTHERS, HARMLESS."""
    largest: I64Array
    """(C,) most threats of each class that there is room for."""


def empty_bench(template: Template, largest: I64Array, runs: int) -> Bench:
    """Working memory for raids of at most `largest` (C,) threats, `runs` at a time."""
    stock = np.zeros((runs, len(template.problem.tables.sites)), np.int64)
    tables = raid_tables(template, largest, 0, runs, stock, np.zeros(2, np.uint64))
    each, n_threats, n_samples = 1 + tables.waves.n_decoys, 0, 0
    for c in np.unique(template.wave_class):  # as if all of a class flew in its greediest wave
        mine = template.wave_class == c
        n_threats += int(largest[c] * each[mine].max())
        n_samples += int(largest[c] * (each * template.wave_samples)[mine].max())
    tables.raids.n_threats[0], tables.raids.n_samples[0] = n_threats, n_samples
    return Bench(empty_scratch(tables), empty_records(tables, runs),
                 np.zeros((runs, N_CLASSES, len(template.stocks)), np.int64),
                 np.zeros((runs, N_CLASSES, 4), np.int64), largest)


def fight(template: Template, tables: Tables, bench: Bench) -> None:
    """Simulate every run of a raid's tables, and count into the bench's `rounds` and `met`.

    Raises `OpenDomeError` when a flight could not be integrated.
    """
    runs = len(tables.draws.stock)
    bench.records.sites.kills[:], bench.records.failed[:] = 0, 0
    simulate(tables, 0, runs, bench.scratch, bench.records, empty_replay(0, 0))
    if bench.records.failed[:runs].any():
        raise OpenDomeError("a raid of a campaign could not be simulated: a flight could not be integrated\n"
                            "hint: please report this scenario")
    tally(tables, bench.records, runs, template.group, bench.rounds, bench.met)


@kernel
def tally(tables, records, runs, group, rounds, met):
    """Count what became of one raid in the first `runs` rows of the records, by class and stock.

    `group` (L,), `rounds` (W, C, J), `met` (W, C, 4). Rounds at decoys count for the class of their missile.
    """
    waves, kept = tables.waves, records.threats
    for run in range(runs):
        rounds[run], met[run] = 0, 0
        column = 0
        for wave in range(waves.shape[0]):
            c, each = tables.kinds.class_code[waves.kind[wave]], 1 + waves.n_decoys[wave]
            for k in range(waves.n_threats[wave] * each):
                is_engaged = False
                for layer in range(group.shape[0]):
                    if group[layer] >= 0:
                        rounds[run, c, group[layer]] += records.shots[run, column, layer]
                        is_engaged |= records.shots[run, column, layer] > 0
                if k % each == 0:
                    outcome = kept.outcome[run, column]
                    met[run, c, ENGAGED] += is_engaged
                    met[run, c, HARMLESS] += outcome == _OUTSIDE
                    if outcome == _DESTROYED:
                        is_ours = group[tables.sites.layer[kept.killer[run, column]]] >= 0
                        met[run, c, BY_STOCKS if is_ours else BY_OTHERS] += 1
                column += 1
