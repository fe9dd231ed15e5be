"""Numbers between PostgreSQL and numpy by COPY, a piece at a time: neither side ever holds all of them as text."""

PIECE = 1 << 20  # bytes


def read_columns(cr, query, columns):
    """The numbers that a query finds.

    :param SQL query: selects numbers, none of them null
    :param columns: how many it selects
    :returns: list of numpy arrays, one per column
    """
    import numpy as np  # only a worker that estimates loads it

    sink = _Sink(np)
    cr.copy_expert(b"COPY (" + cr.mogrify(query) + b") TO STDOUT", sink)
    return list(np.ascontiguousarray(sink.numbers().reshape(-1, columns).T))


def write_rows(cr, table, arrays):
    """Append rows to a table whose columns are those of the arrays, in their order.

    :param SQL table: its name
    :param arrays: numpy arrays of numbers, of the same length
    """
    cr.copy_expert(b"COPY " + cr.mogrify(table) + b" FROM STDIN", _Source(arrays))


class _Sink:
    """What COPY writes into: text comes, numbers stay."""

    def __init__(self, np):
        self.np, self.text, self.parts = np, bytearray(), []

    def write(self, text):  # pylint: disable=method-required-super  # a file's, no model's
        self.text += text
        if len(self.text) > PIECE:
            self._parse()
        return len(text)

    def _parse(self):
        whole = self.text.rfind(b"\n") + 1
        self.parts.append(self.np.fromstring(self.text[:whole].decode("ascii"), sep=" "))
        del self.text[:whole]

    def numbers(self):
        self._parse()
        return self.np.concatenate(self.parts)


class _Source:
    """What COPY reads from: a few thousand rows as text at a time."""

    ROWS = 5_000

    def __init__(self, arrays):
        self.arrays, self.row, self.text = arrays, 0, b""

    def read(self, size):  # pylint: disable=method-required-super  # a file's, no model's
        if len(self.text) < size and self.row < len(self.arrays[0]):
            columns = [array[self.row : self.row + self.ROWS].tolist() for array in self.arrays]
            self.text += "".join("\t".join(map(repr, row)) + "\n" for row in zip(*columns, strict=True)).encode()
            self.row += self.ROWS
        piece, self.text = self.text[:size], self.text[size:]
        return piece
