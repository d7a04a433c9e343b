// Runs on the server: started, looked after twice a second, cancelled, and their result fetched.

import type { StoreOf } from "../state";
import { ApiError, type Api } from "./api";
import { IDLE, isBusy, type Desk } from "./desk";
import { keepRan, type Shelf } from "./kept";

/** Pause between two looks at a run at work, ms; and after a look that failed. */
const LOOK_MS = 500;
const LOOK_AGAIN_MS = 3000;

export interface Jobs {
  run(): Promise<void>;
  cancel(): Promise<void>;
  /** See what is at work or done, now and on as long as something is. */
  look(): Promise<void>;
}

export function jobsOf(api: Api, store: StoreOf<Desk>, shelf: Shelf, complain: (error: unknown) => void): Jobs {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = ++looks; // a look that another one overtook says nothing any more
    try {
      const progress = await api.progress();
      if (mine !== looks) return;
      const isNew = progress.state === "done" && store.state.result?.job !== progress.job;
      const result = isNew ? await api.result() : store.state.result;
      if (mine !== looks) return;
      store.set({ progress, result });
      if (isBusy({ progress })) timer = setTimeout(() => void look(), LOOK_MS);
    } catch (error) {
      if (mine !== looks) return;
      complain(error);
      const isGone = error instanceof ApiError && error.status !== 0 && error.status < 500;
      if (isGone) store.set({ progress: IDLE });
      else if (isBusy(store.state)) timer = setTimeout(() => void look(), LOOK_AGAIN_MS);
    }
  }

  return {
    look,
    run: async () => {
      const { chosen, draft, runs, seed } = store.state;
      if (!chosen) return;
      clearTimeout(timer);
      looks += 1;
      store.set({ progress: { ...IDLE, state: "waiting" }, trouble: "" });
      try {
        const { job } = await api.run(chosen.base, draft.changes, Number(runs), Number(seed));
        keepRan(job, chosen.base, shelf);
        await look();
      } catch (error) {
        store.set({ progress: IDLE });
        const { checked } = store.state;
        if (error instanceof ApiError && error.problems.length && checked) store.set({ checked: { ...checked, problems: error.problems } });
        complain(error);
        if (error instanceof ApiError && error.status === 409) await look();
      }
    },
    cancel: async () => {
      looks += 1;
      clearTimeout(timer);
      try {
        store.set({ progress: await api.cancel() });
      } catch (error) {
        complain(error);
      }
      if (isBusy(store.state)) timer = setTimeout(() => void look(), LOOK_MS);
    },
  };
}
