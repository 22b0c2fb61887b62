"""What looks like a patient's details is found, and nothing that a course may well say."""

import pytest

from apps.modules.patients import details_in, is_nhs_number

pytestmark = pytest.mark.once

NHS, BORN, HOSPITAL = "an NHS number", "a date of birth", "a hospital number"


@pytest.mark.parametrize(
    ("text", "what", "end"),
    [
        ("NHS number 943 476 5919.", NHS, "919"),
        ("(943-476-5919)", NHS, "919"),
        ("She is 9434765919, I think", NHS, "919"),
        ("943\u00a0476\u00a05919", NHS, "919"),
        ("401 023 2137", NHS, "137"),
        ("943 476 5080", NHS, "080"),  # what checks it is 11, which is written as 0
        ("Born 3 May 1962 in Leeds", BORN, "962"),
        ("born on the 3rd of May 1962", BORN, "962"),
        ("born May 3, 1962", BORN, "962"),
        ("DOB 03/05/62", BORN, "/62"),
        ("D.O.B.: 3.5.1962", BORN, "962"),
        ("date of birth: 3 Sept. 1962", BORN, "962"),
        ("Date of birth is 1962-05-03", BORN, "-03"),
        ("hospital number H1234567", HOSPITAL, "567"),
        ("Hospital no. 123456", HOSPITAL, "456"),
        ("MRN 00123456", HOSPITAL, "456"),
        ("MRN: 00123456", HOSPITAL, "456"),
        ("patient ID AB-123456", HOSPITAL, "456"),
    ],
)
def test_details_are_found_and_not_repeated(text: str, what: str, end: str) -> None:
    assert list(details_in(text)) == [f"{what} (ends in {end})"]


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",  # the last digit does not check the others
        "5555555555, 111 111 1111",
        "1943 476 5919, 943 476 59190, 94347659190, 9434765919.5",
        "1 943 476 5919, 943 476 5919 2",
        "Ring 0207383677, 012-345-6789, 0330 123 1245, 0300 030 3300, 020 7383 6707, 01697 712345 or 116 123",
        "Ring +44 20 7946 0958, +1 943 476 5919 or +9434765919",
        "[Ring](tel:9434765919), https://example.org/9434765919 or doi 10.1136/bmj.9434765919, 10.1136/9434765919",
        'See [it](/a/9434765919/ "A page") and www.example.org/?id=9434765919',
        "BMJ 2013;347:f4815. ISBN 9434765919X, v9434765919, 9434765919-2",
        "She was born in 1962. A star was born on Monday. Born in May 1962, she swam.",
        "Never post a date of birth, an NHS number, a hospital number or an MRN.",
        "On 3 May 1962 it began. DOB 12. Date of birth: day, month, year",
        "Hospital number 5 in our list, hospital no. 10; patient number 3; MRN 12",
    ],
)
def test_what_is_no_detail_is_left_alone(text: str) -> None:
    assert list(details_in(text)) == []


def test_the_check_digit_is_that_of_modulus_11() -> None:
    assert [number for number in range(9434765910, 9434765920) if is_nhs_number(str(number))] == [9434765919]
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10)), "it would be 10"
