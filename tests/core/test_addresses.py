"""`{% url_of %}` asks the thing for its address."""

import pytest
from django.template import Context, Template


class Shelf:
    def url(self, view: str = "", *args: object) -> str:
        return "/".join(["/shelf", view, *map(str, args)])


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("{% url_of shelf %}", "/shelf/"),
        ('{% url_of shelf "take" %}', "/shelf/take"),
        ('{% url_of shelf "book" position "a&b" %}', "/shelf/book/3/a&amp;b"),
        ('{% url_of shelf "take" as address %}[{{ address }}]', "[/shelf/take]"),
    ],
)
def test_a_template_asks_the_thing_itself(tag: str, address: str) -> None:
    assert Template(tag).render(Context({"shelf": Shelf(), "position": 3})) == address


def test_a_thing_that_is_missing_is_no_empty_address() -> None:
    with pytest.raises(AttributeError):
        Template('{% url_of nothing "take" %}').render(Context())
