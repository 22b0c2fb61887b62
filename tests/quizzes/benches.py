"""The form of a workbench as a browser has it: what stands in it, and what a button sends."""

import re
from html.parser import HTMLParser

TYPED = {"hidden", "text", "number", "date"}


class BenchForm(HTMLParser):
    """The fields of the form on a workbench, its buttons, and what the page says."""

    def __init__(self, response):
        super().__init__()
        self.status, self.body = response.status_code, response.content.decode()
        self.fields, self.buttons, self.ids, self.labels = {}, {}, set(), set()
        self._words, self._is_in, self._area, self._select = [], False, None, None
        self.feed(self.body)

    @property
    def words(self):
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id", ""))
        self.labels.add(given.get("for", ""))
        if tag == "form":
            self._is_in = given.get("id") == "bench"
        if tag == "button" and given.get("name") == "do" and (self._is_in or given.get("form") == "bench"):
            self.buttons[given["value"]] = "disabled" not in given
        if self._is_in:
            self._field(tag, given)

    def _field(self, tag, given):
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "input" and (kind in TYPED or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value", "" if kind in TYPED else "on"))
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif tag == "select":
            self._select = name
            self.fields[name] = []
        elif tag == "option" and ("selected" in given or not self.fields[self._select]):
            self.fields[self._select] = [given["value"]]

    def handle_data(self, data):
        self._words.append(data)
        if self._area:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_in = False
        if tag == "textarea" and self._area:
            text = self.fields[self._area][0].replace("\r\n", "\n")
            self.fields[self._area] = [text.removeprefix("\n")]
            self._area = None


class Writer:
    """An author at a workbench, who sends what its form sends."""

    def __init__(self, client, url):
        self.client, self.url, self.page = client, url, None

    def open(self, at=None):
        answer = self.client.get(self.url, {} if at is None else {"at": at})
        assert answer.status_code == 200, answer
        self.page = BenchForm(answer)
        return self.page

    def send(self, do, **changes):
        """Press a button with these fields changed (None takes one out); the answer, and nothing more."""
        sent = {self._name(name): said for name, said in changes.items()}
        return self.post({**self.page.fields, **sent, "do": do})

    def _name(self, name):
        """`q0_stem` for `q0-stem`, since arguments have no dashes."""
        return name if name in self.page.fields else name.replace("_", "-")

    def post(self, sent):
        """Send these fields as a browser does."""
        sent = {name: said if isinstance(said, list) else [said] for name, said in sent.items() if said is not None}
        sent = {name: [re.sub("\r?\n", "\r\n", str(each)) for each in said] for name, said in sent.items()}
        return self.client.post(self.url, sent)

    def press(self, do, **changes):
        """Press a button that there is, and see where it leads."""
        assert self.page.buttons.get(do), f"{do}: none of {self.page.buttons}"
        self.answer = self.send(do, **changes)
        if self.answer.status_code == 303:
            self.page = BenchForm(self.client.get(self.answer.url))
            assert self.page.status == 200
        else:
            self.page = BenchForm(self.answer)
        return self.page
