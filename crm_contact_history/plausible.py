"""What somebody typed that cannot be meant."""

from datetime import datetime

# Customers and their things are not older; and no day of a report or a screen is moved over the end of the calendar.
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2200, 1, 1)


def is_plausible(moment):
    """Whether a moment (none: yes) can be one in the life of a customer: not the year 26, nor 9999."""
    return not moment or EARLIEST <= moment < LATEST


def database_text(text):
    """A text as a database can hold it: JSON may bring zero bytes and halves of characters, which say nothing."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
