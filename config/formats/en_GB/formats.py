"""How the admin writes moments: with the 24 hours of every other page. Django's British English has “3:14 a.m.”."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
