"""What a catalogue entry of each kind holds. Every number is a `Quantity`: value, range, grade, source."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from opendome.scenario.quantity import NotNegative, Positive, Probability, Quantity, Spec, within
from opendome.scenario.threat_class import ThreatClass

Elevation = Annotated[Quantity, within(-10.0, 90.0)]


class _Entry(Spec):
    _apart: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of fields of which the first stays below the second wherever in their ranges they are drawn."""

    note: str
    """One plain sentence: what this is, and whether it stands for a real system."""

    @model_validator(mode="after")
    def _check_apart(self) -> Self:
        wrong = [
            f"{low} (up to {least:g}) must stay below {high} (from {most:g})"
            for low, high in self._apart
            if (least := getattr(self, low).high_or_value) >= (most := getattr(self, high).low_or_value)
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class _Threat(_Entry):
    threat_class: ThreatClass
    """Family that kill probabilities and results are given by."""
    rcs_m2: Positive
    """Mean radar cross-section as the defence sees it."""
    swerling: Literal[1, 3] = 1
    """Fluctuation of the cross-section: 1 many scatterers, 3 one dominant."""
    cep_m: NotNegative
    """Circular error probable at the aim point: half of the hits fall inside."""
    p_stray: Probability
    """Share that goes wrong by itself and comes down far from its aim point."""
    stray_km: NotNegative
    """How far such a stray comes down from its aim point, on average."""
    cost_musd: NotNegative
    """Unit price."""


class BallisticThreat(_Threat):
    """A ballistic missile class: a smooth kinematic boost to a burnout state, then free flight."""

    _apart = (("range_min_km", "range_max_km"),)

    kind: Literal["ballistic"]
    range_min_km: Positive
    """Shortest ground range the class flies."""
    range_max_km: Positive
    """Longest ground range the class flies."""
    burn_s: Annotated[Quantity, within(maximum=900.0, above=0.0)]
    """Duration of the boost."""
    burnout_alt_km: Positive
    """Altitude at burnout."""
    beta_kg_m2: Positive
    """Ballistic coefficient m / (Cd A) after burnout and on re-entry."""
    separating: bool
    """Whether a re-entry vehicle separates at burnout; else the whole body comes down."""
    plume_kw_sr: Positive
    """Radiant intensity of the plume in 2.69 to 2.95 um, mean over the burn."""
    plume_k: Positive
    """Temperature of the grey body whose spectrum stands for the plume's: takes its intensity to other bands."""
    body_m2: Positive
    """What glows after burnout, seen from the side: projected area times emissivity."""
    nose_radius_m: Positive
    """Radius of the nose, which heats on re-entry."""


class WaypointThreat(_Threat):
    """A one-way drone or cruise missile: constant speed and height over ground, then a dive."""

    kind: Literal["waypoint"]
    range_max_km: Positive
    """Longest path the class flies."""
    speed_m_s: Positive
    """Ground speed."""
    altitude_m: Positive
    """Height over ground on the way."""
    dive_deg: Annotated[Quantity, within(1.0, 90.0)]
    """Angle of the final dive, down from the horizontal."""


class GlideThreat(_Threat):
    """A hypersonic glider class: boosted like a ballistic missile, then carried by lift at the edge of the air, then a
    dive."""

    _apart = (("burnout_speed_min_m_s", "burnout_speed_max_m_s"),)

    kind: Literal["glide"]
    burn_s: Annotated[Quantity, within(maximum=900.0, above=0.0)]
    """Duration of the boost."""
    burnout_alt_km: Positive
    """Altitude at burnout."""
    burnout_deg: Annotated[Quantity, within(0.0, 45.0)]
    """Flight-path angle at burnout, up from the horizontal."""
    burnout_speed_min_m_s: Positive
    """Slowest burnout: sets the shortest range."""
    burnout_speed_max_m_s: Positive
    """Fastest burnout: sets the longest range."""
    lift_to_drag: Positive
    """Lift over drag in the glide."""
    beta_kg_m2: Positive
    """Ballistic coefficient m / (Cd A) in the glide."""
    load_max_g: Annotated[Quantity, within(maximum=50.0, above=0.0)]
    """Largest lift it can bear, in weights at the ground: limits the pull-up, the turns and the dive."""
    bank_max_deg: Annotated[Quantity, within(maximum=89.0, above=0.0)]
    """Steepest bank in a turn."""
    glide_end_m_s: Positive
    """Speed at which the glide ends and the dive begins."""
    dive_deg: Annotated[Quantity, within(1.0, 90.0)]
    """Angle of the final dive, down from the horizontal."""
    nose_radius_m: Positive
    """Radius of the nose, which gets hottest."""
    nose_max_k: Annotated[Quantity, within(500.0, 6000.0)]
    """Temperature that the nose stands."""
    manoeuvre_g: NotNegative
    """Sideways acceleration that the defence must reckon with, mean over an interceptor's flight."""
    plume_kw_sr: Positive
    """Radiant intensity of the plume in 2.69 to 2.95 um, mean over the burn."""
    plume_k: Positive
    """Temperature of the grey body whose spectrum stands for the plume's."""
    glow_kw_sr: Positive
    """Radiant intensity of the hot body in 2.69 to 2.95 um at 6 km/s and 49.7 km."""
    glow_k: Positive
    """Temperature there of the grey body that stands for it; goes with the fourth root of the heating."""


class Radar(_Entry):
    """A radar by its reference range: where a target of `rcs_ref_m2` gives `snr_ref_db` in one look."""

    _apart = (("el_min_deg", "el_max_deg"),)

    kind: Literal["radar"]
    range_ref_km: Positive
    """Reference range."""
    rcs_ref_m2: Positive
    """Cross-section that the reference range is given for."""
    snr_ref_db: Annotated[Quantity, within(-20.0, 60.0)]
    """Signal-to-noise ratio of one look at the reference range."""
    range_max_km: Positive
    """Instrumented range: nothing is seen beyond it."""
    p_false_alarm: Annotated[Quantity, within(1e-12, 0.1)]
    """False-alarm probability of one look (sets the detection threshold)."""
    scan_s: Positive
    """Time between two looks at the same target."""
    el_min_deg: Elevation
    """Lower edge of coverage, up from the horizontal."""
    el_max_deg: Elevation
    """Upper edge of coverage, up from the horizontal."""
    sector_deg: Annotated[Quantity, within(1.0, 360.0)]
    """Width of coverage in azimuth, centred on where the radar faces; 360 for all round."""
    antenna_m: NotNegative
    """Height of the antenna over ground (moves the horizon)."""
    sigma_range_m: Positive
    """Range error (one standard deviation) at the reference signal-to-noise ratio."""
    sigma_angle_mrad: Positive
    """Error in azimuth and in elevation at the reference signal-to-noise ratio."""
    track_capacity: Annotated[Quantity, within(1.0, 100000.0)]
    """Targets it can hold at the same time."""
    latency_s: NotNegative
    """From the look to the track in the command post."""


class InfraredSensor(_Entry):
    """An infrared sensor on a satellite: what it can detect, how often it looks, and how well it points."""

    _apart = (("band_min_um", "band_max_um"),)

    kind: Literal["infrared"]
    mode: Literal["scan", "stare"]
    """`scan`: each place is swept once every revisit; `stare`: all of the field of view at once, frame by frame."""
    band_min_um: Positive
    """Short end of its band."""
    band_max_um: Positive
    """Long end of its band."""
    aperture_m: Positive
    """Diameter of the optics."""
    pixel_urad: Positive
    """Angle of one pixel."""
    nei_w_m2: Positive | None = None
    """Noise-equivalent irradiance of one look, against cold space; or give `threshold_kw_sr`."""
    threshold_kw_sr: Positive | None = None
    """Radiant intensity that one look detects half of the time from `threshold_range_km`; or give `nei_w_m2`."""
    threshold_range_km: Positive | None = None
    """Distance that the threshold is meant for."""
    snr_needed: Positive
    """Signal-to-noise ratio that one look detects half of the time."""
    clutter_earth: Annotated[Quantity, within(1.0)]
    """Noise against the Earth, over that against cold space."""
    clutter_limb: Annotated[Quantity, within(1.0)]
    """Noise against the bright limb, over that against cold space."""
    limb_km: NotNegative
    """A line of sight that passes the Earth above this height has cold space behind it."""
    needs_cold_space: bool
    """Whether it is used against cold space alone, as for faint bodies in midcourse."""
    field_of_regard_deg: Annotated[Quantity, within(1.0, 360.0)]
    """Full angle of the cone about straight down that it can look into."""
    revisit_s: Positive
    """Time between two looks at the same place."""
    looks_needed: Annotated[Quantity, within(1.0, 20.0)]
    """Detections needed before a warning goes out."""
    latency_s: NotNegative
    """From the last of those looks to the warning, or the track, in the command post."""
    sigma_los_urad: Positive
    """Error of one line of sight that stays however strong the signal: attitude and timing."""
    cloud_break_km: NotNegative
    """Height above which a plume can be seen; below it there are clouds."""
    cue_gain_db: NotNegative
    """What a radar gains in signal-to-noise by searching only where it was told to."""

    @model_validator(mode="after")
    def _one_sensitivity(self) -> Self:
        if (self.nei_w_m2 is None) == (self.threshold_kw_sr is None):
            raise ValueError("give either nei_w_m2 or threshold_kw_sr")
        if (self.threshold_range_km is None) != (self.threshold_kw_sr is None):
            raise ValueError("threshold_kw_sr needs threshold_range_km, the distance that it is meant for")
        return self


class KillProbabilities(Spec):
    """Single-shot kill probability by threat class; a class left out is not engaged."""

    ballistic: Probability | None = None
    """Against ballistic missiles."""
    cruise: Probability | None = None
    """Against cruise missiles."""
    drone: Probability | None = None
    """Against one-way drones."""
    glide: Probability | None = None
    """Against hypersonic gliders that fly straight on and are tracked without error."""


class Interceptor(_Entry):
    """An interceptor, or a gun burst: where it can be and when, what it does, what it costs."""

    _apart = (("range_min_km", "range_max_km"), ("alt_min_km", "alt_max_km"))

    kind: Literal["interceptor"]
    burnout_speed_m_s: Positive
    """Speed at the end of the burn."""
    burn_s: Positive
    """Duration of the burn."""
    beta_kg_m2: Positive
    """Ballistic coefficient after the burn."""
    range_min_km: NotNegative
    """Nearest ground range of an intercept."""
    range_max_km: Positive
    """Farthest ground range of an intercept."""
    alt_min_km: NotNegative
    """Lowest altitude of an intercept."""
    alt_max_km: Positive
    """Highest altitude of an intercept."""
    flight_max_s: Positive
    """Longest flight."""
    p_kill: KillProbabilities
    """Single-shot kill probability by threat class."""
    common_mode: Probability
    """Share of the misses whose cause all shots of a layer at one target have in common."""
    track_sigma_m: Positive
    """Track error (one standard deviation in position) beyond which no shot is taken."""
    reaction_s: NotNegative
    """From the decision to the interceptor leaving its launcher."""
    assess_s: NotNegative
    """From the intercept to knowing whether the target still flies."""
    shot_spacing_s: NotNegative
    """Between two shots of one salvo."""
    per_launcher: Annotated[Quantity, within(1.0, 10000.0)]
    """Rounds ready on one launcher."""
    reload_s: NotNegative
    """To reload one empty launcher."""
    channels: Annotated[Quantity, within(1.0, 1000.0)]
    """Engagements that one site handles at the same time."""
    cost_musd: NotNegative
    """Price of one round (of one burst for a gun)."""
    divert_m_s: Positive | None = None
    """Sideways speed that it can spend on following a target that turns; needed with p_kill.glide."""
    basket_km: Positive | None = None
    """How far off its predicted place its seeker still finds a target and it can still go; needed with p_kill.glide."""

    @model_validator(mode="after")
    def _can_follow(self) -> Self:
        lacking = [name for name in ("divert_m_s", "basket_km") if getattr(self, name) is None]
        if self.p_kill.glide is not None and lacking:
            raise ValueError(f"p_kill.glide needs {' and '.join(lacking)}: what it can do about a target that turns")
        return self


class SpaceInterceptor(_Entry):
    """An interceptor that waits in orbit: it leaves its satellite in any direction, burns, then coasts."""

    _apart = (("alt_min_km", "alt_max_km"),)

    kind: Literal["space-interceptor"]
    speed_km_s: Positive
    """Speed that it gains over its satellite: its delta-v less what it keeps to divert."""
    accel_g: Positive
    """Mean acceleration while it burns."""
    flight_max_s: Positive
    """Longest flight."""
    alt_min_km: NotNegative
    """Lowest altitude of an intercept."""
    alt_max_km: Positive
    """Highest altitude of an intercept."""
    needs_plume: bool
    """Whether it homes on the plume, and so must meet its target before burnout."""
    per_satellite: Annotated[Quantity, within(1.0, 100.0)]
    """Rounds on one satellite."""
    p_kill: KillProbabilities
    """Single-shot kill probability by threat class."""
    common_mode: Probability
    """Share of the misses whose cause all shots of a layer at one target have in common."""
    reaction_s: NotNegative
    """From the decision to the interceptor leaving its satellite."""
    assess_s: NotNegative
    """From the intercept to knowing whether the target still flies."""
    cost_musd: NotNegative
    """Price of one round."""


Threat = Annotated[BallisticThreat | WaypointThreat | GlideThreat, Field(discriminator="kind")]
Sensor = Annotated[Radar | InfraredSensor, Field(discriminator="kind")]
AnyInterceptor = Annotated[Interceptor | SpaceInterceptor, Field(discriminator="kind")]


class Reference(Spec):
    """Where a value comes from."""

    author: str
    title: str
    year: int
    publisher: str
    link: str = ""
    """Web address; empty where none was seen."""
    note: str = ""
    """What was actually seen of it (for example: quoted in another text)."""
