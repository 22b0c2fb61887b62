import time
from tests.browser.test_accessibility import *
def test_profile(visits):
    t0=time.time(); rows=[]
    t=time.time()
    for state,page in visits:
        tv=time.time()-t
        t=time.time(); page.evaluate(AXE_SCRIPT); ti=time.time()-t
        ts=[]
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            for size in (PHONE, DESKTOP):
                page.set_viewport_size(size)
                t=time.time()
                page.evaluate(RUN, [rules, {}]); ts.append(time.time()-t)
        rows.append((tv,ti,*ts,state.name))
        t=time.time()
    open("/tmp/prof.txt","w").write("\n".join(" ".join(f"{x:.2f}" if not isinstance(x,str) else x for x in r) for r in rows))
    import statistics
    print([round(sum(r[i] for r in rows),1) for i in range(6)])
