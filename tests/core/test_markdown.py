"""Authors' Markdown becomes HTML that can do no harm and looks as it should."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.markdown import ALLOWED_TAGS, MAX_LENGTH, plain_of, plain_text, render_markdown, reveals_in, slips_in
from tests import make

pytestmark = pytest.mark.once

DANGEROUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<style>body{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](illustrations/trolley.svg "x\\" onerror=alert(1)")',
    '![x" onerror="alert(1)](illustrations/trolley.svg)',
    '[x](https://a.example "t\\" onmouseover=alert(1)")',
    "```html\n<script>alert(1)</script>\n```",
    "::: callout <script>alert(1)</script>\nx\n:::",
    "::: then <img src=x onerror=alert(1)>\nx\n:::",
    "<!-- --><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x]: javascript:alert(1)\n\n[x]",
    *(f"[x]({scheme}:1)" for scheme in ("sms", "callto", "facetime", "skype", "intent", "ftp", "http", "geo")),
]
# What a phone would do something else with than ring a number up, and what only looks like `tel`.
DANGEROUS_NUMBERS = [
    *("tel:*%2306%23", "tel:*21*07700900000%23", "tel:#31#116123", "tel:%2B441632960001", "tel:%31%31%36"),
    *("tel:116123;ext=1", "tel:116123;phone-context=evil.example", "tel:116123,,1", "tel:116123?x=1", "tel:116123#x"),
    *("tel:", "tel:+", "tel:-", "tel:1-", "tel:1--2", "tel:+-1", "tel:++1", "tel:1+1", "tel:(116)123", "tel:116.123"),
    *(
        "tel://evil.example",
        "tel:/116",
        "tel:javascript:alert(1)",
        "tel:0x74",
        "tel:samaritans",
        "tel:１１６",
        "tel:١١٦",
    ),
    *("TEL:*21", "Tel:116;x", "tel&colon;*21", "t&#101;l:*21", "&Tab;tel:*21", "&#1;tel:*21", "te&#10;l:*21"),
    f"tel:{'1' * 100}",
]

TAG = re.compile(r"<(/?)([a-z0-9]+)((?:\s[^<>]*)?)>")


def assert_harmless(rendered: str) -> None:
    """Only our tags, no handler, no address but https, mailto, telephone numbers and our own."""
    bare = TAG.sub("", rendered)
    assert "<" not in bare, bare
    for _, tag, attributes in TAG.findall(rendered):
        assert tag in ALLOWED_TAGS, tag
        names = re.findall(r'([a-zA-Z-]+)="[^"]*"', attributes)
        assert set(names) <= {
            "href",
            "title",
            "rel",
            "src",
            "alt",
            "width",
            "height",
            "loading",
            "start",
            "scope",
            "class",
            *("media", "srcset"),
        }
        assert re.fullmatch(r'(\s+[a-zA-Z-]+="[^"]*")*\s*/?', attributes), attributes
        for address in re.findall(r'(?:href|src|srcset)="([^"]*)"', attributes):
            assert_harmless_address(address)


def assert_harmless_address(address: str) -> None:
    """Read as browsers do: without what they drop before and in a scheme."""
    scheme, colon, rest = re.sub(r"[\x00-\x20]", "", html.unescape(address)).partition(":")
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        assert scheme.lower() in {"https", "mailto", "tel"}, address
        if scheme.lower() == "tel":
            assert re.fullmatch(r"[+]?[0-9][0-9-]*", rest), address


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_dangerous_comes_through(text: str) -> None:
    assert_harmless(render_markdown(text))


@given(
    st.text(max_size=400)
    | st.text("tel:+-*#%,;0123456789１ \t", max_size=30).map("[x](tel:{})".format)
    | st.lists(st.sampled_from([*DANGEROUS, "\n", "> ", "- ", "|", ":::", "`", "*"])).map("".join)
)
def test_no_text_at_all_is_dangerous(text: str) -> None:
    assert_harmless(render_markdown(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("Some *text* and **more**.", "<p>Some <em>text</em> and <strong>more</strong>.</p>"),
        ("# One", "<h2>One</h2>"),
        ("## Two", "<h2>Two</h2>"),
        ("###### Six", "<h4>Six</h4>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("> quote", "<blockquote>\n<p>quote</p>\n</blockquote>"),
        ("", ""),
    ],
)
def test_markdown_means_what_authors_expect(text: str, html: str) -> None:
    assert render_markdown(text) == html


def test_links_lead_safely_out_and_within_the_page() -> None:
    assert render_markdown("[a](https://a.example)") == (
        '<p><a href="https://a.example" rel="noopener noreferrer">a</a></p>'
    )
    assert 'href="#source-oxtoby-2013"' in render_markdown("[Oxtoby](#source-oxtoby-2013)")
    assert 'href="mailto:a@example.org"' in render_markdown("[a](mailto:a@example.org)")
    assert "http://" not in render_markdown("[a](http://a.example)")


@pytest.mark.parametrize(
    "number", ["116123", "999", "03301231245", "020-7383-6707", "+44-20-7383-6707", "+442073836707"]
)
def test_a_number_can_be_rung(number: str) -> None:
    assert render_markdown(f"[116 123](tel:{number})") == (
        f'<p><a href="tel:{number}" rel="noopener noreferrer">116 123</a></p>'
    )


@pytest.mark.parametrize("address", DANGEROUS_NUMBERS)
@pytest.mark.parametrize("link", ["[x]({})", "[x](<{}>)", '[x]({} "t")', "[x]\n\n[x]: {}", "<{}>", "![x]({})"])
def test_no_other_number_can_be_rung(link: str, address: str) -> None:
    rendered = render_markdown(link.format(address))
    assert_harmless(rendered)
    assert not re.search(r'="\s*tel:', rendered, re.IGNORECASE)


def test_authors_bring_no_classes_ids_or_styles() -> None:
    html = render_markdown('<p class="sl-hidden" id="x" style="color:red">x</p>\n\n{.sl-hidden #x}\n\n# T {#main}')
    assert not re.search(r'<[^>]*(class|id|style)="', html)


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "/static/illustrations/x.svg",
        "images/icon.svg",
        "illustrations/../images/icon.svg",
        "../illustrations/x.svg",
        "data:image/png;base64,AAAA",
        "Illustrations/x.svg",
    ],
)
def test_pictures_come_only_from_our_illustrations(source: str) -> None:
    assert "<img" not in render_markdown(f"![alt]({source})")


def test_a_picture_alone_is_a_figure_with_its_caption() -> None:
    html = render_markdown('![An *empty* trolley](illustrations/trolley.svg "On the ward")')
    assert html == (
        '<figure class="sl-figure"><picture><source media="screen and (prefers-color-scheme: dark)"'
        ' srcset="/static/illustrations/trolley-dark.svg"><img src="/static/illustrations/trolley.svg"'
        ' alt="An empty trolley" width="480" height="300" loading="lazy"></picture>'
        "<figcaption>On the ward</figcaption></figure>"
    )


def test_a_picture_without_a_caption_is_no_figure_since_that_would_have_no_name() -> None:
    html = render_markdown("![Alt](illustrations/trolley.svg)")
    assert re.fullmatch('<div class="sl-figure"><picture><source [^>]*><img [^>]*></picture></div>', html)


def test_captions_and_alternative_texts_are_escaped() -> None:
    html = render_markdown('![a "b" <c>](illustrations/trolley.svg "<script>alert(1)</script> & \\"more\\"")')
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert_harmless(html)


def test_a_picture_in_a_sentence_stays_in_it() -> None:
    html = render_markdown("Look ![alt](illustrations/trolley.svg) here")
    assert html.startswith("<p>Look <picture><source ")
    assert "figure" not in html


def test_a_drawing_without_a_twin_stands_alone() -> None:
    html = render_markdown("![Alt](illustrations/no-such.svg)")
    assert re.fullmatch('<div class="sl-figure"><img [^>]*></div>', html)


def test_a_callout_has_its_title() -> None:
    assert render_markdown("::: callout Bleep? Go.\nWe keep *your* place.\n:::") == (
        '<div class="sl-callout">\n<p class="sl-callout__title">Bleep? Go.</p>\n'
        "<p>We keep <em>your</em> place.</p>\n</div>"
    )
    assert "sl-callout__title" not in render_markdown("::: callout\nx\n:::")


def test_then_and_now_stand_side_by_side() -> None:
    html = render_markdown(":::: then-now\n::: then 2009\nOld.\n:::\n::: now 2024\nNew.\n:::\n::::")
    assert html == (
        '<div class="sl-thennow">\n<div class="sl-then">\n<h3>2009</h3>\n<p>Old.</p>\n</div>\n'
        '<div class="sl-now">\n<h3>2024</h3>\n<p>New.</p>\n</div>\n</div>'
    )


def test_titles_of_callouts_are_escaped() -> None:
    html = render_markdown("::: callout A & B <b>c</b>\nx\n:::")
    assert '<p class="sl-callout__title">A &amp; B &lt;b&gt;c&lt;&#x2F;b&gt;</p>' in html.replace(
        "&lt;/b", "&lt;&#x2F;b"
    )


REVEAL = ":::: reveal What now?\nIt is *late*.\n\n::: answer\n**Sleep.** It keeps.\n:::\n::::"


def test_a_reveal_asks_and_keeps_its_answer_closed() -> None:
    assert render_markdown(f"## Nights\n\n{REVEAL}") == (
        '<h2>Nights</h2>\n<div class="sl-panel sl-reveal">\n<h3 class="sl-h-s">What now?</h3>\n'
        "<p>It is <em>late</em>.</p>\n"
        "<details>\n<summary>Show the answer</summary>\n<div>\n<p><strong>Sleep.</strong> It keeps.</p>\n"
        "</div>\n</details>\n</div>"
    )


def test_the_heading_of_a_reveal_leaves_out_no_level() -> None:
    assert '<h2 class="sl-h-s">What would you do?</h2>' in render_markdown(REVEAL.replace(" What now?", ""))


def test_of_several_reveals_each_answer_says_which_it_is() -> None:
    html = render_markdown(f"{REVEAL}\n\n{REVEAL}\n\n{REVEAL}")
    assert re.findall("<summary>(.*?)</summary>", html) == ["Show the answer", "Show answer 2", "Show answer 3"]


def test_what_an_answer_says_counts_and_what_opens_it_does_not() -> None:
    assert re.findall(r"\w+", plain_of(REVEAL)) == ["What", "now", "It", "is", "late", "Sleep", "It", "keeps"]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("Nothing.", []),
        (f"{REVEAL}\n\n{REVEAL}", [True, True]),
        (":::: reveal\nIt is late.\n::::", [False]),
        (":::: reveal\nIt is late.\n\n::: answer\n:::\n::::", [False]),
        ("::: answer\nSleep.\n:::", [False]),
        (":::::: reveal\n::::: answer\n:::: reveal\n::: answer\nx\n:::\n::::\n:::::\n::::::", [True, True]),
        (f"::: answers\nSleep.\n:::\n\n{REVEAL}", [True]),
    ],
)
def test_reveals_are_found_with_whether_they_are_answered(text: str, answered: list[bool]) -> None:
    assert [*reveals_in(text)] == answered


COLONS = "colons (:::) that open or close nothing and show on the page"


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("Nothing.", []),
        (f"{REVEAL}\n\n{REVEAL}", []),
        (f"{REVEAL}\n", []),
        (REVEAL.replace("\n", "\r\n"), []),
        ("::: callout\nx\n:::", []),
        (":::: then-now\n::: then 2010\nx\n:::\n::: now\ny\n:::\n::::", []),
        ("> ::: callout\n> x\n> :::", []),
        ("- one\n\n  ::: callout\n  x\n  :::\n- two", []),
        ("```\n::: reveal\n```\n\n`:::` and ::: in a line", []),
        (REVEAL.removesuffix("\n::::"), ["a reveal that is never closed"]),
        (REVEAL.replace("\n:::\n", "\n"), ["an answer that is never closed"]),
        ("::: callout\nx", ["a callout that is never closed"]),
        ("> ::: callout\n> x\n\n:::", ["a callout that is never closed", COLONS]),
        (":::: then-now\n::: then\nx\n:::\n::: now\ny\n::::", ["a now that is never closed"]),
        (REVEAL.replace("::::", ":::"), ["an answer that is never closed", COLONS]),
        (REVEAL.replace("reveal", "revealed"), [COLONS, COLONS]),
        ("It is late.\n::: calout\nx", [COLONS]),
        (REVEAL.replace("What now?", "x" * 120), []),
        (REVEAL.replace("What now?", "x" * 121), ["a reveal whose question is longer than 120 characters"]),
        (REVEAL.replace("\n::::", "\n::: answer\nOr not.\n:::\n::::"), ["a reveal with more than one answer"]),
    ],
)
def test_colons_that_an_author_did_not_mean_are_found(text: str, slips: list[str]) -> None:
    assert [*slips_in(text)] == slips


def test_titles_of_reveals_are_escaped() -> None:
    assert ">A &amp; B &lt;b&gt;c&lt;/b&gt;</h2>" in render_markdown(":::: reveal A & B <b>c</b>\nx\n::::")


@pytest.mark.parametrize("half", ["then", "now"])
def test_titles_of_then_and_now_are_escaped(half: str) -> None:
    assert "<h3>A &amp; B &lt;b&gt;c&lt;/b&gt;</h3>" in render_markdown(f"::: {half} A & B <b>c</b>\nx\n:::")


def test_a_table_has_headings_with_a_scope() -> None:
    html = render_markdown("| A | B |\n|---|---|\n| 1 | 2 |")
    assert '<th scope="col">A</th>' in html
    assert "<td>1</td>" in html
    assert "style" not in render_markdown("| A |\n|:-:|\n| 1 |")


def test_an_over_long_text_is_refused() -> None:
    assert render_markdown("x" * MAX_LENGTH)
    with pytest.raises(ValueError, match="longer than 64,000 characters"):
        render_markdown("x" * (MAX_LENGTH + 1))


@pytest.mark.django_db
def test_an_over_long_text_is_not_stored() -> None:
    page = make.reading(make.draft())
    page.body = "x" * (MAX_LENGTH + 1)
    with pytest.raises(ValueError, match="longer than"):
        page.save()
    page.refresh_from_db()
    assert page.body == "Some *text*."


@pytest.mark.parametrize(
    "text", ["[" * 5000, "*" * 20000, "> " * 2000 + "x", "::: callout\n" * 500, "::: reveal\n" * 500, "`" * 30000]
)
def test_no_text_takes_for_ever(text: str) -> None:
    """A text that made the renderer slow would show as a test that hangs."""
    assert_harmless(render_markdown(text))


@pytest.mark.django_db
def test_html_is_rendered_when_a_row_is_saved() -> None:
    page = make.reading(make.draft(), body="*a*")
    assert page.body_html == "<p><em>a</em></p>"
    page.body = "*b*"
    page.save()
    page.refresh_from_db()
    assert page.body_html == "<p><em>b</em></p>"


@pytest.mark.parametrize(
    "text",
    [
        "It is quiet. “Look!” he said; 3 of 4 did (and I’d not): 5% + 2 = a-b ~c $d #e!",
        "One.\n\nTwo",
        "One\ntwo\n- three",
        "A *word* & [a link](https://example.org), 1 < 2",
        "1. One\n2. Two",
        "# Head\n\nWords",
        "a | b\n--|--\nc | d",
        "A\\*b, &amp; c",
    ],
)
def test_plain_words_are_what_their_html_says(text: str) -> None:
    assert plain_of(text).split() == plain_text(render_markdown(text)).split()
