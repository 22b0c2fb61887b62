"""What axe finds on a page, by day and by night."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}}
# Between day and night only colours change: these are the rules that look at colours, and they take half of axe's time.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
COLOURS = {"runOnly": {"type": "rule", "values": OF_COLOURS}}
ALL_ELSE = EVERYTHING | {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}}
# Where every kind of element has been looked at, or in a window of another width, something can still be wrong with
# names, with order, with what points where, and with what lies too close together.
OF_WORDS = [
    *("document-title", "page-has-heading-one", "heading-order", "empty-heading", "landmark-unique", "region"),
    *("image-alt", "role-img-alt", "svg-img-alt", "link-name", "button-name", "summary-name", "skip-link"),
    *("label", "select-name", "form-field-multiple-labels", "table-duplicate-name", "list", "listitem"),
    *("aria-valid-attr-value", "duplicate-id-aria", "definition-list", "scrollable-region-focusable", "target-size"),
]
WORDS = {"runOnly": {"type": "rule", "values": OF_WORDS}}

Rules = list[tuple[str, dict]]
CLOSELY: Rules = [("light", EVERYTHING), ("dark", COLOURS)]
BUT_COLOURS: Rules = [("light", ALL_ELSE)]
AT_COLOURS: Rules = [("light", COLOURS), ("dark", COLOURS)]
AT_WORDS: Rules = [("light", WORDS)]

# What axe finds in the templates of Django's own admin, and where. Ours are not excused.
DJANGO_ADMIN = {
    "link-in-text-block": ".breadcrumbs, .delete-confirmation",  # links there have no underline
    "target-size": "#changelist-filter",  # filters are 20 px high and stand close together
    "empty-table-header": ".inline-group .tabular thead",  # the column for an inline's own links has no title
    "aria-input-field-name": ".select2-container",  # a search field for related rows has no name while it is empty
    "aria-prohibited-attr": ".selector .help-tooltip",  # the two-list field for many-to-many links
}

RUN = """([options, excused, stacks]) => {
  document.getAnimations().forEach((animation) => animation.finish());
  const where = stacks ? { include: stacks.flatMap((stack) => window.stacks.get(stack)) } : document;
  return axe.run(where, { ...options, preload: false, resultTypes: ["violations"] }).then((found) =>
    found.violations.flatMap((rule) => rule.nodes
      .filter((node) => !(rule.id in excused && document.querySelector(node.target[0])?.closest(excused[rule.id])))
      .map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`)));
}"""


def violations(
    page: Page, *, is_admin: bool = False, rules: Rules = CLOSELY, stacks: Sequence[str] | None = None
) -> list[str]:
    """Each violation of WCAG 2.0 to 2.2, level A and AA, and of axe's best practices, in the window as it is.

    On the whole page, or of the elements of these `stacks`, which layout.js has found on it before.
    """
    found = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for scheme, some in rules:
        if scheme != "light":
            page.emulate_media(color_scheme=scheme)
        violated = page.evaluate(RUN, [some, DJANGO_ADMIN if is_admin else {}, stacks])
        found += [f"{scheme}: {violation}" for violation in violated]
        if scheme != "light":
            page.emulate_media(color_scheme="light")
    return found
