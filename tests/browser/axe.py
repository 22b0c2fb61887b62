"""What axe finds on a page, by day and by night."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}}
# Between day and night only colours change: these are the rules that look at colours, and they take half of axe's time.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
COLOURS = {"runOnly": {"type": "rule", "values": OF_COLOURS}}
ALL_BUT_COLOURS = EVERYTHING | {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}}

# What axe finds in the templates of Django's own admin, and where. Ours are not excused.
DJANGO_ADMIN = {
    "link-in-text-block": ".breadcrumbs, .delete-confirmation",  # links there have no underline
    "target-size": "#changelist-filter",  # filters are 20 px high and stand close together
    "empty-table-header": ".inline-group .tabular thead",  # the column for an inline's own links has no title
    "label": ".inline-group .tabular",  # the fields of a tabular inline are named by their column only
    "select-name": ".inline-group .tabular",
    "label-title-only": ".inline-group .tabular",
    "aria-input-field-name": ".select2-container",  # a search field for related rows has no name while it is empty
    "aria-prohibited-attr": ".selector .help-tooltip",  # the two-list field for many-to-many links
}

RUN = """([options, excused]) => {
  document.getAnimations().forEach((animation) => animation.finish());
  return axe.run(document, { ...options, preload: false, resultTypes: ["violations"] }).then((found) =>
    found.violations.flatMap((rule) => rule.nodes
      .filter((node) => !(rule.id in excused && document.querySelector(node.target[0])?.closest(excused[rule.id])))
      .map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`)));
}"""


def violations(page: Page, *, is_admin: bool = False, with_colours: bool = True) -> list[str]:
    """Each violation of WCAG 2.0 to 2.2, level A and AA, and of axe's best practices, in the window as it is.

    Colours are looked at by day and by night.
    """
    found = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    schemes = [("light", EVERYTHING), ("dark", COLOURS)] if with_colours else [("light", ALL_BUT_COLOURS)]
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)
        violated = page.evaluate(RUN, [rules, DJANGO_ADMIN if is_admin else {}])
        found += [f"{scheme}: {violation}" for violation in violated]
    page.emulate_media(color_scheme="light")
    return found
