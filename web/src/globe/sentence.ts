// What the picture shows, as one sentence for those who do not see it.

import type { Replay } from "../data";
import { FLYING, type Places } from "../place";
import type { State } from "../state";

export function sentence(view: string, state: Readonly<State>, replay: Replay, places: Places): string {
  let threats = 0;
  let interceptors = 0;
  for (let row = 0; row < replay.objects.rows; row += 1) {
    if (places.state[row] !== FLYING) continue;
    if (replay.objects.kind[row] === "interceptor") interceptors += 1;
    else if (replay.objects.kind[row] === "threat") threats += 1;
  }
  const satellites = replay.satellites.rows;
  const minute = Math.floor(state.t_s / 60);
  return `${view}, ${minute} min ${Math.floor(state.t_s - 60 * minute)} s after the start: ${threats} threats and `
    + `${interceptors} interceptors in flight, ${satellites} satellites. The event log has the same as text.`;
}
