"""Keys of a document's rows: known ones stay, new ones are made from titles, those of other pages are replaced."""

from dataclasses import replace

from apps.modules.document import Head, PageDocument, rows_in, with_keys
from apps.modules.keys import key_from, settle
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Scene

CASE = CaseDocument(
    Head("the-trolley", "The trolley"),
    gauges=(Gauge("trust", "Public trust", 70),),
    scenes=(
        Scene(
            "night",
            "Night crew",
            needs=(Need("night-needs", visited="resus"),),
            choices=(
                Choice("kettle", "Put the kettle on", "best", "resus", effects=(Effect("trust", 5),)),
                Choice("join", "Join in", "poor", "resus", "night", (Effect("trust", -10),)),
            ),
        ),
        Scene("resus", "Resus 2"),
    ),
)


def without_keys(document):
    """The same, as a text without keys is read."""
    keys = {
        (type(row).__name__, row.key): f"?{number}"
        for number, row in enumerate(rows_in(document), 1)
        if not isinstance(row, Head)
    }
    return with_keys(document, keys)


def test_a_key_is_made_from_a_title_and_belongs_to_nobody_yet():
    assert key_from("Night crew: 04:05!", set()) == "night-crew-0405"
    assert key_from("Night crew", {"night-crew", "night-crew-2"}) == "night-crew-3"
    assert key_from("夜", set()) == "row"
    longest = key_from("x" * 300, set())
    assert len(key_from("x" * 300, {longest})) <= 80


def test_many_rows_of_one_name_take_no_more_than_their_number():
    """The work is counted, not timed: each key that is made is looked for once or twice."""
    many = replace(CASE, scenes=tuple(Scene(f"?{number}", "Same") for number in range(2000)))
    settled, _ = settle(many, None, {})
    assert len({scene.key for scene in settled.scenes}) == 2000
    assert settled.scenes[-1].key == "same-2000"


def test_a_text_without_keys_finds_the_rows_that_are_stored():
    settled, notes = settle(without_keys(CASE), CASE, {})
    assert settled == CASE
    assert notes == []


def test_new_rows_get_keys_and_what_points_at_them_follows():
    settled, _ = settle(without_keys(CASE), None, {})
    night, resus = settled.scenes
    assert [night.key, resus.key] == ["night-crew", "resus-2"]
    assert [choice.key for choice in night.choices] == ["put-the-kettle-on", "join-in"]
    assert night.choices[1].target == "resus-2"
    assert night.choices[1].otherwise == "night-crew"
    assert night.needs[0].visited == "resus-2"
    assert {effect.gauge for choice in night.choices for effect in choice.effects} == {"public-trust"}


def test_two_rows_of_one_name_have_two_keys():
    twins = replace(CASE, scenes=(*without_keys(CASE).scenes, Scene("?98", "Resus 2"), Scene("?99", "Resus 2")))
    settled, _ = settle(twins, CASE, {})
    assert [scene.key for scene in settled.scenes] == ["night", "resus", "resus-2", "resus-2-2"]


def test_a_row_that_is_known_by_its_key_is_not_taken_for_another():
    renamed = replace(CASE, scenes=(CASE.scenes[0], Scene("resus", "Bay 6"), Scene("?1", "Resus 2")))
    settled, _ = settle(renamed, CASE, {})
    assert [scene.key for scene in settled.scenes] == ["night", "resus", "resus-2"]


def test_a_key_of_another_page_is_replaced_and_told():
    settled, notes = settle(CASE, None, {"scenarios.Scene": {"resus", "resus-2"}, "scenarios.Choice": {"other"}})
    assert settled.scenes[1].key == "resus-3"
    assert {choice.target for choice in settled.scenes[0].choices} == {"resus-3"}
    assert notes == ["The key resus belongs to another page: the scene gets the key resus-3."]


def test_a_replaced_key_stays_when_the_same_text_comes_again():
    taken = {"scenarios.Scene": {"resus"}}
    settled, _ = settle(CASE, None, taken)
    assert settle(CASE, settled, taken)[0] == settled


def test_rows_of_another_class_may_have_the_same_key():
    same = PageDocument(Head("night", "Night"))
    assert settle(same, None, {"scenarios.Scene": {"night"}}) == (same, [])
