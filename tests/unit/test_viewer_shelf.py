"""Runs that are flown again when they are asked for: once each, one after the other, and not kept for ever."""

import asyncio
import threading

import pytest

import served
from opendome.errors import InputError
from opendome.viewer import shelf as shelves
from opendome.viewer.shelf import BusyError, check_beside, check_run


def _ask(shelf, *keys):
    async def every():
        return await asyncio.gather(*(shelf.piece(*key) for key in keys), return_exceptions=True)

    return asyncio.run(every())


def test_pieces_of_one_replay_are_flown_together_once():
    flights = []

    def fly(run, raid):
        flights.append((run, raid))
        return served.pieces(run, raid)

    shelf = served.shelf(fly)
    meta, objects, none = _ask(shelf, *((1, "night", name) for name in ("meta.json", "objects.arrow", "events.arrow")))
    assert meta.kind == "application/json"
    assert objects.kind == "application/vnd.apache.arrow.stream"
    assert none is None
    again, = _ask(shelf, (1, "night", "meta.json"))
    assert again == meta
    assert flights == [(1, "night")]
    shelf.close()


@pytest.mark.parametrize("key", [(3, "night", "meta.json"), (-1, "night", "meta.json"), (0, "day", "meta.json"),
                                 (0, "", "meta.json"), (0, "night", "manifest.json"), (0, "night", "../meta.json"),
                                 (0, "night", "meta.json\n"), (0, "night", "tracks-.arrow"),
                                 (0, "night", "tracks-99999.arrow"), (0, "night", "")])
def test_what_is_in_no_table_is_never_flown(key):
    def fly(run, raid):
        raise AssertionError

    assert _ask(served.shelf(fly), key) == [None]


def test_a_run_that_cannot_be_flown_says_why_and_the_next_one_flies():
    def fly(run, raid):
        if run == 0:
            raise InputError("made by another version")
        return served.pieces(run, raid)

    shelf = served.shelf(fly)
    first, second = _ask(shelf, (0, "night", "meta.json"), (1, "night", "meta.json"))
    assert isinstance(first, InputError)
    assert second is not None
    assert not shelf.is_flying
    shelf.close()


def test_few_may_wait_and_closing_frees_them():
    go = threading.Event()

    def fly(run, raid):
        go.wait(10)
        return served.pieces(run, raid)

    shelf = served.shelf(fly, {**served.INDEX, "runs": 20})

    async def crowd():
        asked = [asyncio.create_task(shelf.piece(run, "night", "meta.json")) for run in range(8)]
        await asyncio.sleep(0.1)
        assert shelf.is_flying
        shelf.close()
        go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    found = asyncio.run(crowd())
    assert found[0].kind == "application/json"
    assert [type(one) for one in found[1:]] == [BusyError] * 7


def test_who_goes_away_does_not_stop_the_flight_for_others():
    go = threading.Event()

    def fly(run, raid):
        go.wait(10)
        return served.pieces(run, raid)

    shelf = served.shelf(fly)

    async def one_leaves():
        leaving, staying = (asyncio.create_task(shelf.piece(0, "night", "meta.json")) for _ in range(2))
        await asyncio.sleep(0.05)
        leaving.cancel()
        await asyncio.sleep(0.05)
        go.set()
        return await staying

    assert asyncio.run(one_leaves()) is not None
    shelf.close()


@pytest.mark.parametrize("among", [1, 2])
@pytest.mark.parametrize(("name", "bound"), [("KEPT_MAX", 3), ("KEPT_BYTES", 400)])
def test_memory_is_bounded_and_the_oldest_goes_first(monkeypatch, name, bound, among):
    flights = []

    def fly(run, raid):
        flights.append(run)
        return {"objects.arrow": bytes(range(100)) + bytes([run])}  # some 120 bytes, compressed

    monkeypatch.setattr(shelves, name, bound * among)  # shelves that share the bound have an equal part each
    shelf = served.shelf(fly, {**served.INDEX, "runs": 20}, among=among)
    for run in (*range(10), 9, 0):
        assert _ask(shelf, (run, "night", "objects.arrow")) != [None]
        assert len(shelf._flown) <= 4
    assert flights == [*range(10), 0]
    shelf.close()


def test_a_run_that_is_not_there_is_named():
    check_run(served.shelf(), None)
    check_run(served.shelf(), 2)
    with pytest.raises(InputError, match="from 0 to 2: the study has 3 runs"):
        check_run(served.shelf(), 3)


def test_a_campaign_cannot_stand_beside():
    raids, months = served.shelf(name="raids"), served.shelf(index={**served.INDEX, "raids": []}, name="months")
    check_beside(raids, raids)
    for two in ((raids, months), (months, raids)):
        with pytest.raises(InputError, match=r"--beside: months has no replay .*(\n.*)*hint: look at each by itself"):
            check_beside(*two)
