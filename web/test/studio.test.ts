import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, serverApi, STOPPED, type Api, type Checked } from "../src/studio/api";
import { CHECK_AFTER_MS, FILE_MAX, IDLE, mistakesOf, saidAt, studioOn, whyNotRun, type Studio } from "../src/studio/desk";
import { edited, redone, reset, settled, UNCHANGED, undone } from "../src/studio/draft";
import { keptDraft, readFragment, tokenOf, type Shelf } from "../src/studio/kept";
import { actionOf } from "../src/studio/keys";
import { sampleApi, sampleOpened, sampleRow } from "./studio-sample";

const NORTH = "layers.upper.sites.upper-0.stock";
const SOUTH = "layers.upper.sites.upper-1.stock";
const MADE_UP = { start: "made-up" };

/** What a browser's session storage does, without a browser. */
function shelf(): Shelf {
  const held = new Map<string, string>();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, text) => void held.set(key, text), removeItem: (key) => void held.delete(key) };
}

/** Answers that are given when the test says so. */
function later<T>(): { promise: Promise<T>; give: (found: T) => void } {
  let give = (_: T): void => {};
  const promise = new Promise<T>((resolve) => { give = resolve; });
  return { promise, give };
}

async function opened(api: Api = sampleApi(), kept: Shelf = shelf()): Promise<Studio> {
  const studio = await studioOn(api, kept);
  await studio.choose(MADE_UP);
  return studio;
}

const rowAt = (studio: Studio, path: string) => studio.store.state.rows.get(path)!;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

// ---- changes --------------------------------------------------------------------------------------------------------

const ROW = sampleRow({ path: "salvo", value: 2 });
const OTHER = sampleRow({ path: "count", value: 10 });

test("typing one value is one step; the value that it started with is no change", () => {
  const typed = edited(edited(UNCHANGED, ROW, 3), ROW, 30);
  expect(typed.changes).toEqual({ salvo: 30 });
  expect(undone(typed).changes).toEqual({});
  expect(edited(typed, ROW, 2).changes).toEqual({});
  expect(edited(settled(typed), ROW, 31).past).toHaveLength(2);
});

test("undo and redo walk the same way; a new edit ends the way forward", () => {
  const two = edited(settled(edited(UNCHANGED, ROW, 3)), OTHER, 11);
  const back = undone(two);
  expect(back.changes).toEqual({ salvo: 3 });
  expect(redone(back).changes).toEqual(two.changes);
  expect(edited(back, ROW, 4).future).toEqual([]);
  expect(undone(UNCHANGED).changes).toEqual({});
  expect(redone(two)).toEqual(settled(two));
});

test("reset takes back what is named, or all, and can itself be undone", () => {
  const two = edited(settled(edited(UNCHANGED, ROW, 3)), OTHER, 11);
  expect(reset(two, ["salvo"]).changes).toEqual({ count: 11 });
  expect(undone(reset(two)).changes).toEqual(two.changes);
  expect(reset(UNCHANGED)).toBe(UNCHANGED);
});

// ---- what the tab keeps ---------------------------------------------------------------------------------------------

test("the token comes from the address and stays in the tab", () => {
  const kept = shelf();
  expect(readFragment("#token=a-b_c&start=gulf-2026")).toEqual({ token: "a-b_c", start: "gulf-2026" });
  expect(tokenOf("", kept)).toBe("");
  expect(tokenOf("first", kept)).toBe("first");
  expect(tokenOf("", kept)).toBe("first");
  expect(tokenOf("second", kept)).toBe("second");
});

test("a tab that may keep nothing works all the same", async () => {
  const refuse = (): never => { throw new Error("not allowed"); };
  const studio = await opened(sampleApi(), { getItem: refuse, setItem: refuse, removeItem: refuse });
  studio.type(rowAt(studio, NORTH), "90");
  expect(studio.store.state.draft.changes).toEqual({ [NORTH]: 90 });
});

test("changes survive a reload, with the way back; those of each starting point are its own", async () => {
  const kept = shelf();
  const studio = await opened(sampleApi(), kept);
  studio.type(rowAt(studio, NORTH), "90");
  studio.setRuns("50");
  await studio.choose({ start: "gulf-2026" });
  expect(studio.store.state.draft.changes).toEqual({});
  studio.type(rowAt(studio, SOUTH), "60");
  const again = await studioOn(sampleApi(), kept);
  expect(again.store.state.chosen?.base).toEqual({ start: "gulf-2026" });
  expect(again.store.state.draft.changes).toEqual({ [SOUTH]: 60 });
  await again.choose(MADE_UP);
  expect([again.store.state.draft.changes, again.store.state.runs]).toEqual([{ [NORTH]: 90 }, "50"]);
  again.undo();
  expect(again.store.state.draft.changes).toEqual({});
});

test("what was kept and cannot be read is forgotten", () => {
  const kept = shelf();
  for (const text of ["", "{", "[]", '{"changes": 1}', '{"changes": {}, "past": [1], "future": [], "runs": "1", "seed": "1"}']) {
    kept.setItem("opendome-studio:start:made-up", text);
    expect(keptDraft(MADE_UP, kept)).toBeNull();
  }
});

test("another file starts without the changes of the one before; the same one has them", async () => {
  const kept = shelf();
  const studio = await studioOn(sampleApi(), kept);
  await studio.openFile("a.toml", "format = 1 # a");
  studio.type(rowAt(studio, NORTH), "90");
  await studio.openFile("a.toml", "format = 1 # a");
  expect(studio.store.state.draft.changes).toEqual({ [NORTH]: 90 });
  await studio.openFile("b.toml", "format = 1 # b");
  expect(studio.store.state.draft.changes).toEqual({});
  const again = await studioOn(sampleApi(), kept);
  expect(again.store.state.chosen).toEqual({ base: { toml: "format = 1 # b" }, file: "b.toml" });
});

test("a file that cannot be read, or is too large, is told by its name and changes nothing", async () => {
  const studio = await opened();
  await studio.openFile("bad.toml", "nothing");
  expect(studio.store.state.trouble).toMatch(/^bad\.toml: this is no scenario/);
  expect(studio.store.state.chosen?.base).toEqual(MADE_UP);
  await studio.openFile("long.toml", "x".repeat(FILE_MAX + 1));
  expect(studio.store.state.trouble).toMatch(/too large/);
});

test("the address may name what to start from; one that is not there is told", async () => {
  expect((await studioOn(sampleApi(), shelf(), "gulf-2026")).store.state.chosen?.base).toEqual({ start: "gulf-2026" });
  expect((await studioOn(sampleApi(), shelf(), "<b>")).store.state.trouble).toContain("<b>");
});

// ---- checks ---------------------------------------------------------------------------------------------------------

test("the server is asked once, a moment after the last key", async () => {
  const api = sampleApi();
  const check = vi.spyOn(api, "check");
  const studio = await opened(api);
  for (const typed of ["9", "90", "900"]) studio.type(rowAt(studio, NORTH), typed);
  expect(studio.store.state.isChecking).toBe(true);
  await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS + 1);
  expect(check.mock.calls.map(([, changes]) => changes)).toEqual([{ [NORTH]: 900 }]);
  expect(studio.store.state.isChecking).toBe(false);
  expect(studio.store.state.checked?.outside).toHaveLength(1);
});

test("an answer that comes late is dropped, and the newest changes are asked about", async () => {
  const api = sampleApi();
  const answers = [later<Checked>(), later<Checked>()];
  const asked: unknown[] = [];
  api.check = (_, changes) => {
    asked.push(changes);
    return answers[asked.length - 1]!.promise;
  };
  const studio = await opened(api);
  studio.type(rowAt(studio, NORTH), "-1");
  await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
  studio.type(rowAt(studio, NORTH), "80");
  await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
  expect(asked).toEqual([{ [NORTH]: -1 }]); // one question at a time
  answers[0]!.give({ toml: "old", problems: [{ path: NORTH, says: "must be 0 or more", hint: "" }], outside: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect(studio.store.state.checked?.toml).not.toBe("old");
  expect(asked).toEqual([{ [NORTH]: -1 }, { [NORTH]: 80 }]);
  answers[1]!.give({ toml: "new", problems: [], outside: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect([studio.store.state.checked?.toml, studio.store.state.isChecking]).toEqual(["new", false]);
});

test("what cannot be read is no change, stops a run, and goes away when it is mended", async () => {
  const api = sampleApi();
  const run = vi.spyOn(api, "run");
  const studio = await opened(api);
  studio.type(rowAt(studio, NORTH), "9o");
  expect(studio.store.state.draft.changes).toEqual({});
  expect(mistakesOf(studio.store.state).map(({ path }) => path)).toEqual([NORTH]);
  await studio.run();
  expect(run).not.toHaveBeenCalled();
  expect(studio.store.state.trouble).toMatch(/One mistake/);
  studio.type(rowAt(studio, NORTH), "90");
  expect(mistakesOf(studio.store.state)).toEqual([]);
  expect(whyNotRun(studio.store.state)).toBe("");
});

test("mistakes stand in the order of the form, each without the name that stands before it", async () => {
  const studio = await opened();
  studio.type(rowAt(studio, SOUTH), "-4");
  await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
  studio.type(rowAt(studio, NORTH), "x");
  expect(mistakesOf(studio.store.state).map(({ label, says }) => [label, says])).toEqual([
    ["sites upper-0: stock", "A number is wanted here, such as 72."], ["sites upper-1: stock", "Must be from 0 to any"]]);
  expect(saidAt({ path: "raids.a.waves.0.count", says: "raids.a.waves[0].count = -1: must be 0: or more" })).toBe("Must be 0: or more");
  expect(saidAt({ path: "layers.upper.salvo", says: "layers.upper: must have sites" })).toBe("upper: must have sites");
  expect(saidAt({ path: "layers.upper.salvo", says: "raids: must have one" })).toBe("raids: must have one");
});

test.each([["0", /Runs: A whole number from 1 to 2000/], ["2001", /Runs: At most 2000/], ["1.5", /Runs/], ["", /Runs/]])(
  "%j runs are not run", async (runs, why) => {
    const studio = await opened();
    studio.setRuns(runs);
    expect(whyNotRun(studio.store.state)).toMatch(why);
  });

// ---- runs -----------------------------------------------------------------------------------------------------------

test("a run is followed to its result, which then is of what the form holds until it changes", async () => {
  const studio = await opened();
  studio.type(rowAt(studio, NORTH), "90");
  studio.setRuns("10");
  await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
  await studio.run();
  expect(studio.store.state.progress.state).toBe("running");
  expect(whyNotRun(studio.store.state)).toMatch(/at work/);
  await vi.advanceTimersByTimeAsync(7000);
  expect(studio.store.state.progress.state).toBe("done");
  expect(studio.store.state.result?.changes.map(({ path, to }) => [path, to])).toEqual([[NORTH, 90]]);
  expect(studio.isOfNow()).toBe(true);
  studio.type(rowAt(studio, NORTH), "91");
  expect(studio.isOfNow()).toBe(false);
  studio.undo();
  studio.setSeed("8");
  expect(studio.isOfNow()).toBe(false);
});

test("who comes back while it runs sees how far it is, and the result when it is done", async () => {
  const api = sampleApi();
  const kept = shelf();
  const studio = await opened(api, kept);
  await studio.run();
  const again = await studioOn(api, kept);
  await vi.advanceTimersByTimeAsync(600);
  expect(again.store.state.progress.state).toBe("running");
  await vi.advanceTimersByTimeAsync(7000);
  expect(again.store.state.result?.job).toBe(1);
});

test("cancelling ends the looks at it", async () => {
  const api = sampleApi();
  const studio = await opened(api);
  await studio.run();
  await studio.cancel();
  const look = vi.spyOn(api, "progress");
  await vi.advanceTimersByTimeAsync(5000);
  expect(studio.store.state.progress.state).toBe("cancelled");
  expect(look).not.toHaveBeenCalled();
});

test("a result is not asked for before there is one", async () => {
  const api = sampleApi();
  const result = vi.spyOn(api, "result");
  await opened(api);
  await vi.advanceTimersByTimeAsync(2000);
  expect(result).not.toHaveBeenCalled();
});

test("a run that the server refuses says why, and shows its mistakes", async () => {
  const api = sampleApi();
  api.run = async () => { throw new ApiError(422, "not valid", [{ path: NORTH, says: "too few", hint: "" }]); };
  const studio = await opened(api);
  await studio.run();
  expect([studio.store.state.trouble, studio.store.state.progress]).toEqual(["not valid", IDLE]);
  expect(mistakesOf(studio.store.state).map(({ says }) => says)).toEqual(["too few"]);
});

test("a server that stopped is told, and looked for again while a run was at work", async () => {
  const api = sampleApi();
  const studio = await opened(api);
  await studio.run();
  const works = api.progress;
  api.progress = async () => { throw new ApiError(0, STOPPED); };
  await vi.advanceTimersByTimeAsync(1000);
  expect(studio.store.state.trouble).toBe(STOPPED);
  api.progress = works;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(studio.store.state.progress.state).toBe("done");
});

// ---- questions and keys ---------------------------------------------------------------------------------------------

test("questions carry the token; a body is JSON; a refusal is its sentence and its problems", async () => {
  const asked: [string, RequestInit][] = [];
  const answers = [new Response('{"starts": []}'), new Response('{"job": 3}'), new Response('{"error": "no", "problems": [{"path": "", "says": "x", "hint": ""}]}', { status: 422 }),
                   new Response("<html>", { status: 500 })];
  const api = serverApi("secret", async (address, how) => {
    asked.push([address, how]);
    return answers[asked.length - 1]!;
  });
  await api.starts();
  expect(await api.run({ toml: "t" }, { a: 1 }, 5, 7)).toEqual({ job: 3 });
  await expect(api.open({ start: "x" })).rejects.toMatchObject({ status: 422, message: "no", problems: [{ says: "x" }] });
  await expect(api.result()).rejects.toMatchObject({ status: 500, message: "The studio answered with status 500." });
  expect(asked.map(([address, { method }]) => [address, method])).toEqual([["/api/starts", "GET"], ["/api/run", "POST"], ["/api/open", "POST"], ["/api/result", "GET"]]);
  expect(asked.every(([, { headers }]) => (headers as Record<string, string>)["x-opendome-token"] === "secret")).toBe(true);
  expect(JSON.parse(String(asked[1]![1].body))).toEqual({ toml: "t", changes: { a: 1 }, runs: 5, seed: 7 });
});

test("a server that is not there is a sentence", async () => {
  const api = serverApi("secret", async () => { throw new TypeError("failed to fetch"); });
  await expect(api.starts()).rejects.toMatchObject({ status: 0, message: STOPPED });
});

test("keys do what the list of keys says, and a field keeps those of its text", async () => {
  const studio = await opened();
  const ways = { focusFilter: vi.fn(), help: vi.fn() };
  const press = (key: string, held: Partial<{ ctrlKey: boolean; shiftKey: boolean; metaKey: boolean }> = {}, isInText = false): boolean => {
    const act = actionOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held }, isInText, studio, ways);
    act?.();
    return act !== null;
  };
  studio.set(rowAt(studio, NORTH), 90);
  press("z", { ctrlKey: true });
  expect(studio.store.state.draft.changes).toEqual({});
  press("Z", { metaKey: true, shiftKey: true });
  expect(studio.store.state.draft.changes).toEqual({ [NORTH]: 90 });
  expect(press("z", { ctrlKey: true }, true)).toBe(false);
  press("/");
  expect([press("/", {}, true), press("t", {}, true), press("x")]).toEqual([false, false, false]);
  press("?");
  press("t");
  expect([ways.focusFilter.mock.calls.length, ways.help.mock.calls.length, studio.store.state.theme]).toEqual([1, 1, "light"]);
  press("Enter", { ctrlKey: true }, true);
  await vi.advanceTimersByTimeAsync(0);
  expect(studio.store.state.progress.state).toBe("running");
});

test("the made-up scenario has what the form can show", () => {
  expect(new Set(sampleOpened().rows.map(({ kind }) => kind))).toEqual(new Set(["text", "choice", "integer", "number", "switch", "date"]));
});
