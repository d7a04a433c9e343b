// A replay without rows: what a campaign shows, which keeps no paths.

import type { Replay } from "./data";

export function emptyReplay(run: number, raid: string): Replay {
  const none = (): Float64Array => new Float64Array(0);
  const ids = (): Int32Array => new Int32Array(0);
  return {
    run, raid, meta: { end_s: 0, thinned_m: 0, gmst_rad: 0, notes: [] },
    objects: { rows: 0, id: ids(), start_s: none(), end_s: none(), target: ids(), satellite: ids(), raid_number: ids(), kind: [],
               name: [], type: [], threat_class: [], layer: [], site: [], place: [], area: [], fate: [], reason: [] },
    tracks: { rows: 0, id: ids(), t_s: none(), x_km: none(), y_km: none(), z_km: none(), phase: ids() },
    events: { rows: 0, t_s: none(), object: ids(), other: ids(), x_km: none(), y_km: none(), z_km: none(), kind: [], layer: [], site: [],
              sensor: [], satellite: ids(), satellite_2: ids() },
    satellites: { rows: 0, id: ids(), a_km: none(), e: none(), i_rad: none(), raan_rad: none(), argp_rad: none(), m_rad: none(),
                  raan_rad_s: none(), argp_rad_s: none(), m_rad_s: none(), works: ids(), rounds: ids(), constellation: [] },
    beliefs: { rows: 0, object: ids(), t_s: none(), x_km: none(), y_km: none(), z_km: none(), sigma_km: none(), xx_km2: none(), xy_km2: none(),
               xz_km2: none(), yy_km2: none(), yz_km2: none(), zz_km2: none() },
  };
}
