"""`python .ci/smoke.py ADDRESS BASE_URL`: does the production server at ADDRESS serve what BASE_URL promises?"""

import http.client
import re
import sys
import time
from urllib.parse import urlsplit


def get(address: str, host: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """The answer to a request that came over https through the proxy."""
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https", **headers})
    return connection.getresponse()


def expect(is_right: bool, what: str) -> None:
    print(f"  {'ok' if is_right else 'WRONG'}: {what}")
    if not is_right:
        sys.exit(1)


def main(address: str, base_url: str) -> None:
    """Each line says what was looked at; the first that is wrong ends it."""
    host = urlsplit(base_url).netloc
    for _ in range(300):
        try:
            if get(address, host, "/healthz").status == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    expect(get(address, host, "/healthz").status == 200, "/healthz: the process lives")
    expect(get(address, host, "/readyz").status == 200, "/readyz: the database answers, every migration is applied")
    plain = get(address, host, "/modules/", **{"X-Forwarded-Proto": "http"})
    expect(plain.status == 301 and plain.headers["Location"] == f"{base_url}/modules/", "http is sent to https")
    expect(get(address, "elsewhere.example", "/").status == 400, "another host name is refused")
    home = get(address, host, "/")
    page = home.read().decode()
    expect(home.status == 200, "the home page")
    expect("default-src 'none'" in home.headers["Content-Security-Policy"], "it has its Content-Security-Policy")
    expect("max-age=" in home.headers["Strict-Transport-Security"], "it has Strict-Transport-Security")
    for name, value in (("Content-Type", "text/html; x*=nope''a"), ("SCRIPT_NAME", "/x")):
        expect(get(address, host, "/modules/", **{name: value}).status == 200, f"an odd {name} disturbs no page")
    hashed = re.search(r'href="(/static/css/[\w-]+\.[0-9a-f]{12}\.css)"', page)
    expect(hashed is not None, "its style sheet has a hash in its name")
    for encoding in ("br", "gzip"):
        sheet = get(address, host, hashed[1] if hashed else "", **{"Accept-Encoding": encoding})
        expect(sheet.status == 200 and sheet.headers["Content-Encoding"] == encoding, f"which comes as {encoding}")
        expect("immutable" in sheet.headers["Cache-Control"], "and may be kept for ever")


if __name__ == "__main__":
    main(*sys.argv[1:])
