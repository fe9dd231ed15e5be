"""Who gets the next ticket of a team: plain rules, without a database."""

from types import SimpleNamespace
from typing import NamedTuple

IN_TURN = "turn"
LEAST_LOADED = "least_loaded"


class Want(NamedTuple):
    """What a ticket asks of who takes it.

    :param frozenset categories: ids of its category and of those above; empty when it has none
    :param lang: code of the customer's language, or False when it is not known
    """

    categories: frozenset = frozenset()
    lang: str | bool = False


class Person(SimpleNamespace):
    """Somebody of the team who is there.

    :param int user_id:
    :param int last_turn: the turn in which he got his last ticket; 0 when he never got one
    :param int load: his open tickets
    :param int max_open: how many he takes at most; 0: any number
    :param frozenset categories: ids of what he takes; empty: everything
    :param frozenset langs: codes of languages that he takes; empty: every one
    """

    last_turn = load = max_open = 0
    categories = langs = frozenset()

    def takes(self, want):
        """What is not known of a ticket is no reason to pass somebody over."""
        if self.max_open and self.load >= self.max_open:
            return False
        if self.categories and want.categories and not self.categories & want.categories:
            return False
        return not (self.langs and want.lang and want.lang not in self.langs)


def hand_out(people, want, turn, how):
    """Give a ticket to one of ``people`` and remember it on him.

    :param list people: those who are there
    :param int turn: the number of this turn
    :param how: IN_TURN (who has waited longest) or LEAST_LOADED (who has the fewest; of these, in turn)
    :return: the person, or None when nobody takes such a ticket
    """
    able = [person for person in people if person.takes(want)]
    if not able:
        return None
    chosen = min(able, key=lambda one: (one.load if how == LEAST_LOADED else 0, one.last_turn, one.user_id))
    chosen.last_turn = turn
    chosen.load += 1
    return chosen
