import pytest, re
from pathlib import Path
from tests.browser.states import *
LAYOUT = Path("/work/main/tests/browser/layout.js").read_text()
@pytest.fixture
def visits(course, opened, sign_in, watch, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    return Visits(World(course), opened, sign_in, watch)
def test_proto(visits):
    out=[]
    def look(page, what): return page.evaluate(f"({LAYOUT.strip()}).{what}()")
    import collections
    lens=collections.Counter()
    for state in visits.world.states():
        page=visits.to(state)
        out += [f"{state.name} TARGET {f}" for f in look(page,"targets")]
        out += [f"{state.name} clipped390 {f}" for f in look(page,"clipped")]
        for w in (320,256):
            page.set_viewport_size({"width":w,"height":800})
            out += [f"{state.name} OVERFLOW {w} {f}" for f in look(page,"overflow")]
        page.set_viewport_size({"width":1280,"height":900})
        l=look(page,"measure")
        if l: out.append(f"{state.name} MEASURE max {max(l)} mean {sum(l)/len(l):.1f} over75 {sum(x>75 for x in l)}/{len(l)}")
        cdp=page.context.new_cdp_session(page)
        cdp.send("Page.setFontSizes",{"fontSizes":{"standard":32,"fixed":26}})
        if state.name=="home": print("root", page.evaluate("getComputedStyle(document.documentElement).fontSize"))
        for w in (1280,390):
            page.set_viewport_size({"width":w,"height":900})
            out += [f"{state.name} ZOOM {w} {f}" for f in look(page,"overflow")+look(page,"clipped")]
            if state.name in("home","question, single","scene, consequence") : page.screenshot(path=f"/tmp/zoom-{w}-{state.name}.png",full_page=True)
        cdp.send("Page.setFontSizes",{"fontSizes":{"standard":16,"fixed":13}})
        cdp.detach()
        page.set_viewport_size({"width":390,"height":844})
    Path("/tmp/proto.txt").write_text("\n".join(out+visits.wrong+visits.watch.complaints))
