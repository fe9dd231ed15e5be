"""The 36 months that the data cover. Fixed, so that the same size always gives the same rows."""

from datetime import datetime

FIRST_MONTH = datetime(2022, 7, 1)
MONTHS = 36
END = datetime(2025, 7, 1)
# Months of the high seasons, counted from the first: December (year's end) and March (before Lebaran).
DECEMBER, LEBARAN = 5, 8
