"""axe, every rule of its defaults, on a page as it stands. A browser journey looks at every state it comes through.

Contrast is two fifths of its work and looked at with --long only: colours are tokens, whose contrast a spec holds
(web/src/shared/tokens.spec.ts)."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
# What is right is neither described nor handed over, and nothing is fetched to be looked at: half of the time.
VIOLATIONS = """([within, rules]) =>
    axe.run(within ?? document, {resultTypes: ["violations"], preload: false, rules}).then((found) =>
        found.violations.map((one) => [one.id, one.nodes.map((node) => node.target)]))"""
RULES = {"color-contrast": {"enabled": True}}
# Three frames in which nothing moves: what has just been asked for begins to move in the next.
SETTLED = """async () => {
    for (let still = 0; still < 3; still++) {
        await new Promise(requestAnimationFrame)
        const moving = document.getAnimations().filter((one) =>
            one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity)
        if (moving.length > 0) still = -1
        await Promise.all(moving.map((one) => one.finished.catch(() => undefined)))
    }
}"""
WORST_SHOWN = 5


def leave_contrast_out() -> None:
    RULES["color-contrast"]["enabled"] = False


def faults(page: Page, within: str | None = None) -> list[str]:
    """By rule, on the page or in one part of it (a selector). Not before it is drawn, which has neither heading nor
    landmarks; not amid a fade, which has no contrast yet."""
    page.locator("h1").first.wait_for(state="attached")
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return [f"{page.url} {rule}: {where[:WORST_SHOWN]}" for rule, where in page.evaluate(VIOLATIONS, [within, RULES])]
