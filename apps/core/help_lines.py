"""Who to ring: the one table of numbers, each with where and when it was read. No database has to work for it."""

import datetime
from dataclasses import dataclass

READ_ON = datetime.date(2026, 11, 29)  # when every number and its hours were last read where `source` says


@dataclass(frozen=True)
class Source:
    """Where a help line or a service says it of itself; `dated` is the page's own date."""

    name: str
    dated: str
    url: str


@dataclass(frozen=True)
class HelpLine:
    """Somebody to turn to: for what, at which number (as it is printed; empty where each place has its own), and what
    to know before."""

    need: str
    number: str
    text: str
    source: Source | None = None
    elsewhere: str = ""  # the number of the same help in Northern Ireland
    in_short: str = ""  # what it is for, in one line

    @property
    def address(self) -> str:
        return _address(self.number)

    @property
    def address_elsewhere(self) -> str:
        return _address(self.elsewhere)


@dataclass(frozen=True)
class Doors:
    """Some of those who help with one kind of trouble."""

    title: str
    who: str
    lines: tuple[HelpLine, ...]


def _address(number: str) -> str:
    return f"tel:{number.replace(' ', '')}" if number else ""


BMA = "https://www.bma.org.uk/advice-and-support"
BMA_WELLBEING = f"{BMA}/your-wellbeing/wellbeing-support-services"

TONIGHT = (
    HelpLine(
        "A life is at risk, yours or another’s",
        "999",
        "Or the nearest emergency department. Stay on the line, or stay with them.",
        in_short="A life is at risk",
    ),
    HelpLine(
        "You cannot keep yourself safe, or cannot go on like this",
        "111",
        "NHS 111, then the mental health option. Any hour; a friend may ring for you.",
        Source(
            "Sheffield Health and Social Care",
            "2024",
            "https://shsc.nhs.uk/news/call-nhs-111-if-you-are-experiencing-mental-health-crisis",
        ),
        elsewhere="0808 808 8000",
        in_short="Urgent mental health help, NHS",
    ),
    HelpLine(
        "Somebody to listen",
        "116 123",
        "Samaritans. Any hour, free.",
        Source(
            "Royal College of Physicians",
            "about 2020",
            "https://www.rcplondon.ac.uk/projects/mental-health-and-wellbeing-getting-help-when-you-need-it",
        ),
        in_short="Somebody to listen, Samaritans",
    ),
    HelpLine(
        "Somebody to listen who knows the job",
        "0330 123 1245",
        "BMA counselling and peer support. Any hour, for every doctor and medical student, members or not. It is not "
        "an emergency service.",
        Source("BMA", "2024", f"{BMA_WELLBEING}/counselling-and-peer-support-services"),
    ),
)
FIRST = TONIGHT[:3]  # for a page that has nothing else to give

THIS_WEEK = (
    Doors(
        "Your health",
        "GP, occupational health, Practitioner Health",
        (
            HelpLine("Your own GP, and occupational health", "", "The first doors by day. A sick doctor is a patient."),
            HelpLine(
                "NHS Practitioner Health",
                "0300 0303 300",
                "For doctors in England, the Isle of Man, Guernsey and Jersey who cannot well be treated where they "
                "work. You refer yourself; not sure that this is you? Ring, and let them say. Weekdays 8 to 8, "
                "Saturdays 8 to 2. It is not a crisis line.",
                Source(
                    "Practitioner Health",
                    "undated",
                    "https://www.practitionerhealth.nhs.uk/healthcare-staff-in-england",
                ),
            ),
            HelpLine(
                "Scotland, Wales and Northern Ireland",
                "",
                "They have services of their own. The BMA keeps a list by area.",
                Source("BMA", "2024", f"{BMA_WELLBEING}/counselling-and-peer-support-services"),
            ),
            HelpLine(
                "Your deanery’s support unit",
                "",
                "For anyone in training for whom training itself has become too much; the number is on your deanery’s "
                "website. In some places you may ask yourself, in others your trainer refers you. Not in a training "
                "post? Your medical education team.",
                Source(
                    "East Midlands",
                    "undated",
                    "https://eastmidlandsdeanery.nhs.uk/trainee/psw/frequently-asked-questions",
                ),
            ),
        ),
    ),
    Doors(
        "A complaint, a leak, the GMC",
        "Defence body, Doctor Support Service, union",
        (
            HelpLine(
                "A complaint, or talk of legal action",
                "",
                "Your defence body’s advice line; its number is on its website. Ring early: a call is not a "
                "confession. About your contract, or told to stay off work: your union as well.",
            ),
            HelpLine(
                "The GMC has written to you",
                "020 7383 6707",
                "Doctor Support Service, weekdays 9 to 5. The BMA runs it for all doctors, in confidence.",
                Source("BMA", "2023", f"{BMA_WELLBEING}/gmc-investigation-support-doctor-support-service"),
            ),
            HelpLine(
                "Patient details have got out",
                "",
                "Stop the leak. Then the nurse in charge or the site manager, and information governance.",
            ),
        ),
    ),
    Doors(
        "Somebody is after you",
        "Police, employer, site manager",
        (
            HelpLine(
                "A threat, or your address or shifts online",
                "999",
                "If you are in danger now; otherwise the police by day. Tell your employer the same day. At night that "
                "is the site manager.",
            ),
            HelpLine(
                "Abuse by patients or relatives",
                "",
                "Your trust, or your practice manager. The BMA has steps for practices.",
                Source(
                    "BMA",
                    "2024",
                    f"{BMA}/gp-practices/complaints-in-primary-care"
                    "/dealing-with-abuse-of-practice-staff-on-social-media-from-patients",
                ),
            ),
        ),
    ),
    Doors(
        "You are worried about patients",
        "Consultant, Speak Up guardian, dean’s office",
        (
            HelpLine(
                "Start at work", "", "The consultant, or your manager. If that door is not safe, there are others."
            ),
            HelpLine(
                "England",
                "",
                "Your Freedom to Speak Up guardian.",
                Source(
                    "National Guardian’s Office",
                    "undated",
                    "https://www.nationalguardian.org.uk/information-on-speaking-up/",
                ),
            ),
            HelpLine(
                "Scotland",
                "",
                "The Independent National Whistleblowing Officer, once the local process is done.",
                Source("INWO", "undated", "https://inwo.spso.org.uk/how-can-i-raise-whistleblowing-concern"),
            ),
            HelpLine(
                "Anywhere",
                "",
                "Your nation’s whistleblowing lead, the dean’s office, the charity Protect, your defence body or the "
                "GMC. Its text of 2012 was being rewritten in 2026: check which is in force.",
                Source("GMC", "2012", "https://www.gmc-uk.org/guidance/ethical_guidance/11867.asp"),
            ),
        ),
    ),
)


def every_line() -> tuple[HelpLine, ...]:
    """All of them, in the order of need."""
    return (*TONIGHT, *(line for doors in THIS_WEEK for line in doors.lines))
