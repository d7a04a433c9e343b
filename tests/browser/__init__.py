"""A package, so that its browser ends with it: Playwright's loop would keep asyncio from the tests that come after."""
