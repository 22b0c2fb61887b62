import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.certificates.codes import ALPHABET, LENGTH, new_code, normalise, pretty

CODE = "7KQM4TZ9WH2CX3BNR8VD5YFG10"


def test_a_new_code_has_26_characters_of_crockfords_alphabet():
    code = new_code()
    assert len(code) == LENGTH == 26
    assert set(code) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) == 32


def test_new_codes_differ():
    assert len({new_code() for _ in range(2000)}) == 2000


@pytest.mark.parametrize(
    ("number", "code"),
    [(0, "0" * 26), (31, "0" * 25 + "Z"), (32, "0" * 24 + "10"), (2**128 - 1, "7" + "Z" * 25)],
)
def test_a_code_carries_all_128_random_bits(monkeypatch, number, code):
    asked_for = []
    monkeypatch.setattr(secrets, "randbits", lambda bits: asked_for.append(bits) or number)
    assert new_code() == code
    assert asked_for == [128]


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        pretty(CODE),
        f"  {pretty(CODE).lower()}\n",
        pretty(CODE).replace("-", " "),
        pretty(CODE).replace("-", "\u2013"),  # en dash, as word processors write
        pretty(CODE).replace("-", "\u2011"),  # non-breaking hyphen
        pretty(CODE).replace("-", "\u00a0"),  # no-break space
        pretty(CODE).replace("-", "-\n"),  # broken over lines
        "-".join(CODE),
        "\ufeff" + CODE + "\u200b",
        CODE.replace("0", "O").replace("1", "I"),
        CODE.replace("0", "o").replace("1", "l"),
        CODE.replace("1", "i"),
        CODE.replace("1", "L"),
    ],
)
def test_a_code_is_understood_however_it_was_typed(typed):
    assert normalise(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + "U",
        CODE[:-1] + "é",
        CODE[:-1] + "\u0661",  # an Arabic digit
        CODE[:-1] + "\uff11",  # a full-width digit
        "8" + CODE[1:],  # more than 128 bits
        CODE[:-1] + "'",
        CODE[:-1] + "\x00",
        f"https://secondlook.example/verify/{CODE}/",
    ],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert normalise(typed) is None


def test_over_long_input_is_refused_without_being_read():
    assert normalise(CODE + "-" * 175) is None
    assert normalise("0" * 10_000_000) is None


def test_a_code_is_printed_in_groups():
    assert pretty(CODE) == "7KQM4-TZ9WH-2CX3B-NR8VD-5YFG10"


@given(st.integers(0, 2**128 - 1))
def test_printed_codes_are_read_back(number):
    code = "".join(ALPHABET[number // 32**place % 32] for place in reversed(range(26)))
    assert normalise(pretty(code)) == code


@given(st.text())
def test_any_text_gives_a_stored_form_or_none(text):
    code = normalise(text)
    assert code is None or normalise(code) == code
