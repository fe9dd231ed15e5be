"""Customers with the same (x, t_x, T) are alike to the models: they are kept once, with how many they are."""

import numpy as np


class Collapsed:
    """Distinct customers, with their counts; functions of one of the three numbers are worked out once per value.

    :param x, t_x, age: arrays (age is T)
    :param counts: how many customers each stands for; one each when left out
    """

    def __init__(self, x, t_x, age, counts=None):
        x, t_x, age = (np.asarray(values, dtype=float) for values in (x, t_x, age))
        if not len(x):
            raise ValueError("There are no customers.")
        if np.any(x < 0) or np.any(t_x < 0) or np.any(t_x > age) or np.any((x == 0) & (t_x > 0)):
            raise ValueError("A customer's repeat purchases lie between his first purchase and today: 0 <= t_x <= T.")
        self.x, self.t_x, self.age = x, t_x, age
        self.counts = np.ones(len(x)) if counts is None else np.asarray(counts, dtype=float)
        self._distinct = {name: np.unique(getattr(self, name), return_inverse=True) for name in ("x", "t_x", "age")}

    @classmethod
    def of_rows(cls, x, t_x, days):
        """One row per customer, in whole days; kept in weeks.

        :raises ValueError: when there is nobody
        """
        whole = [np.asarray(column).astype(np.int64) for column in (x, t_x, days)]
        widths = [int(column.max()) + 1 if len(column) else 1 for column in whole]
        keys, counts = np.unique((whole[0] * widths[1] + whole[1]) * widths[2] + whole[2], return_counts=True)
        few, age = np.divmod(keys, widths[2])
        few, last = np.divmod(few, widths[1])
        return cls(few, last / 7, age / 7, counts)

    def of(self, name, function):
        """``function`` of one of the numbers, for each customer."""
        values, where = self._distinct[name]
        return function(values)[where]

    def sum_of(self, name, function):
        """The sum over all customers of a function of one of the numbers."""
        values, where = self._distinct[name]
        if name not in self.__dict__.setdefault("_counts", {}):
            self._counts[name] = np.bincount(where, weights=self.counts, minlength=len(values))
        return float(np.dot(function(values), self._counts[name]))

    @property
    def customers(self):
        return float(self.counts.sum())
