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


def is_whole(value):
    """Whether a database can hold all texts of a value: those in lists and the like, too."""
    if isinstance(value, list | tuple | set):
        return all(map(is_whole, value))
    return not isinstance(value, str) or value == database_text(value)


def legible(value, longest=100, depth=3):
    """What a caller sent as JSON, such as a sentence may quote and a database may hold.

    :param longest: characters of a text, beyond which it is cut; no right value may be longer
    :param depth: levels of lists and dicts, below which there is nothing that can be meant
    """
    if isinstance(value, str):
        return database_text(value[:longest])
    if isinstance(value, list | tuple | dict) and not depth:
        return None
    if isinstance(value, list | tuple):
        return [legible(one, longest, depth - 1) for one in value]
    if isinstance(value, dict):
        return {legible(key, longest): legible(one, longest, depth - 1) for key, one in value.items()}
    return value
