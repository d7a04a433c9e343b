// Starts the replay inside a report, and goes back to its text. The page's own script runs only when asked for.
(() => {
  const part = (id) => document.getElementById(id);
  const [start, back, app, code] = ["replay-start", "replay-back", "app", "replay-code"].map(part);
  const text = part("report-style"), page = part("page-style");
  let isLoaded = false;

  const load = () => {
    const script = document.createElement("script");
    script.type = "module";
    script.textContent = code.textContent;
    document.body.append(script);
    isLoaded = true;
  };
  const show = (isReplay) => {
    document.documentElement.classList.toggle("replaying", isReplay);
    text.media = isReplay ? "print" : "all";
    page.media = isReplay ? "screen" : "not all";
    app.hidden = !isReplay;
    if (isReplay && !isLoaded) load();
    window.dispatchEvent(new Event("resize"));
    (isReplay ? back : start).focus({ preventScroll: isReplay });
  };
  // A link into the replay has the state of the page behind the mark, as #t=1300; links to sections have no "=".
  const follow = () => { if (location.hash.includes("=")) show(true); };

  start.addEventListener("click", () => show(true));
  back.addEventListener("click", () => {
    if (window.__page?.state().playing) window.__page.set({ playing: false });
    show(false);
  });
  // A second click on the same link changes no address, so links are followed by their clicks too.
  document.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#"][href*="="]')) show(true);
  });
  window.addEventListener("hashchange", follow);
  start.hidden = false;
  follow();
})();
