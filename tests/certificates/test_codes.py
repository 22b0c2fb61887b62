import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.certificates import codes
from apps.certificates.codes import ALPHABET, LENGTH, LONGEST_INPUT, new_code, pretty, read

pytestmark = pytest.mark.once

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
        pretty(CODE).replace("-", " · "),
        pretty(CODE).replace("-", "\u30fb"),
        pretty(CODE).replace("-", ", "),
        pretty(CODE).replace("-", "%20"),
        f"{pretty(CODE)}.",
        f"“{pretty(CODE)}”",
        f"'{CODE}',",
        f"({CODE})",
        f"[{pretty(CODE)}]",
        f"<{pretty(CODE)}>",
        "".join(chr(ord(letter) + 0xFEE0) for letter in CODE),  # full-width, as Japanese keyboards write
        CODE[:-1] + "\uff10",
        # a label before it, a sentence round it
        f"Certificate code: {pretty(CODE)}",
        f"Certificate code{pretty(CODE)}",  # copied from two lines into a field of one
        f"certificate code {CODE[:15]}\n{CODE[15:]}\nAnyone can check it",
        f"Code no. {pretty(CODE)}",
        f"Code number: {CODE}",
        f"the code is {pretty(CODE)}, thank you",
        f"See {CODE} (Second Look)",
        f"My certificate {pretty(CODE)} of November",
        # the address of its check page
        f"https://secondlook.example/verify/{CODE}/",
        f"https://secondlook.example/verify/{CODE}",
        f"secondlook.example/verify/{pretty(CODE)}/",
        f"HTTPS://SECONDLOOK.EXAMPLE/VERIFY/{CODE}/",
        f"http://www.secondlook.example/verify/{CODE}/?utm_source=mail&x=12#top",
        f"<https://secondlook.example/verify/{CODE}/>.",
        f"https://secondlook.example/verify/?code={pretty(CODE)}",
        f"https://secondlook.example/verify/?code={pretty(CODE).replace('-', '+')}&x=1",
    ],
)
def test_a_code_is_understood_however_it_was_typed(typed):
    assert read(typed).code == CODE


def test_a_code_stands_behind_the_fifth_label_at_the_latest() -> None:
    in_fours = " ".join(CODE[at : at + 4] for at in range(0, len(CODE), 4))
    for labels, found in ((1, CODE), (5, CODE), (6, None)):
        assert read("code of conduct, " * (labels - 1) + f"code: {in_fours}, says the paper").code == found


PORTFOLIO = """When posts go wrong (Second Look, edition 1)
Completed: 22 November 2026
Time: 30 minutes of e-learning (0.5 hours)
Kind: E-learning; not statutory or mandatory training
Learning outcomes:
- Describe the code of conduct
Check: https://secondlook.example/verify/{}/"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", " ", ""])  # browsers make spaces of them, or nothing
def test_the_text_for_portfolios_holds_the_code(line_break):
    assert read(PORTFOLIO.format(CODE).replace("\n", line_break)).code == CODE


COUNT = "A code has 26 letters and figures, yours {}. Compare it with the certificate"
U = "No code has U in it. Compare it with the certificate"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "There is no code in this text"),
        ("-", "There is no code in this text"),
        (CODE[:-1], COUNT.format(25)),
        (pretty(CODE)[1:], COUNT.format(25)),
        (CODE + "0", COUNT.format(27)),
        ("0" + pretty(CODE), COUNT.format(27)),
        (pretty(CODE) + "0", COUNT.format(27)),
        (CODE[:-1] + "'", COUNT.format(25)),
        (CODE[:-1] + "\x00", COUNT.format(25)),
        (f"Certificate code: {CODE[:-1]}", COUNT.format(25)),
        (f"https://secondlook.example/verify/{CODE[1:]}/?x=12345", COUNT.format(25)),
        (PORTFOLIO.format(CODE + "Z"), COUNT.format(27)),
        (CODE[:-1] + "U", U),
        (CODE[:-1] + "u", U),
        (f"https://secondlook.example/verify/{CODE[:-1]}U/", U),
        (CODE[:-2] + "U", f"{COUNT.format(25).split('. ')[0]}. {U}"),
        (CODE[:-1] + "é", "No code has é in it"),
        (CODE[:-1] + "\u0661", "No code has \u0661 in it"),  # an Arabic figure
        ("8" + CODE[1:], "A code begins with a figure from 0 to 7, yours with 8"),  # more than 128 bits
        (PORTFOLIO.format(""), "There is no code in this text"),
        ("I did this module and passed. It was good and I would do it again at any time", "There is no code"),
    ],
)
def test_what_is_no_code_is_told_plainly(typed, told):
    reading = read(typed)
    assert reading.code is None
    assert reading.problem.startswith(told)


@given(st.integers(0, 2**128 - 1), st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_letter_too_few_or_too_many_is_counted(number, place, letter):
    code = "".join(ALPHABET[number // 32**power % 32] for power in reversed(range(26)))
    for typed, length in ((code[:place] + code[place + 1 :], 25), (code[:place] + letter + code[place:], 27)):
        assert read(typed).problem == COUNT.format(length)
        assert read(f"https://secondlook.example/verify/{typed}/").problem == COUNT.format(length)


def test_over_long_input_is_refused_without_being_read():
    assert read(CODE + "-" * LONGEST_INPUT).code is None
    assert read("0" * 10_000_000).problem == "This text is too long. Enter only the code"


def test_a_code_is_printed_in_groups():
    assert pretty(CODE) == "7KQM4-TZ9WH-2CX3B-NR8VD-5YFG10"


@given(st.integers(0, 2**128 - 1))
def test_printed_codes_are_read_back(number):
    code = "".join(ALPHABET[number // 32**place % 32] for place in reversed(range(26)))
    assert read(pretty(code)).code == code


@given(st.text())
def test_any_text_gives_a_stored_form_or_none(text):
    reading = read(text)
    assert bool(reading.code) != bool(reading.problem)
    assert reading.code is None or read(reading.code) == reading


def test_the_work_is_bounded_by_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text full of labels is not read anew from each of them; one whose letters come apart is too long."""
    looked_at: list[int] = []
    words = codes._words

    def counted(text: str) -> list[str]:
        looked_at.append(len(text))
        return words(text)

    monkeypatch.setattr(codes, "_words", counted)
    codes.read("code," * 795)
    assert sum(looked_at) < 4 * codes.LONGEST_INPUT
    assert codes.read("\ufdfa" * 2000) == codes.Reading(None, codes.TOO_LONG)
