"""Days by numbers and points, and a point in the clock, as authorities in Finland write them."""

SHORT_DATE_FORMAT = "j.n.Y"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = r"j F Y \k\l. G.i"
SHORT_DATETIME_FORMAT = "j.n.Y G.i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
