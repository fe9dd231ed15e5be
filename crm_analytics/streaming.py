"""Numbers between PostgreSQL and numpy by COPY, a piece at a time: neither side ever holds all of them as text."""

import struct

PIECE = 1 << 20  # bytes
SHORT, INT = struct.Struct("!h").unpack_from, struct.Struct("!i").unpack_from


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


def read_rows(cr, query, take):
    """The rows that a query finds, as the bytes that PostgreSQL sends: of long ``bytea`` no text is made.

    :param SQL query: selects anything
    :param take: is called with each row: list of memoryviews, None for null
    """
    cr.copy_expert(b"COPY (" + cr.mogrify(query) + b") TO STDOUT (FORMAT binary)", _Rows(take))


class _Rows:
    """What COPY writes rows into, as the manual of PostgreSQL tells of COPY, Binary Format."""

    HEADER = 11 + 4 + 4  # signature, flags, length of what may follow: nothing

    def __init__(self, take):
        self.take, self.rest, self.begun = take, b"", False

    def write(self, data):  # pylint: disable=method-required-super  # a file's, no model's
        size, data = len(data), memoryview(self.rest + data if self.rest else data)
        if not self.begun:
            data, self.begun = data[self.HEADER :], True
        while len(data) >= 2 and (row := self._row(data)):
            fields, end = row
            self.take(fields)
            data = data[end:]
        self.rest = bytes(data)
        return size

    def _row(self, data):
        """:returns: (fields, where the next row begins); None where the row is not whole, or there is none"""
        [number], size = SHORT(data), len(data)
        fields, at = [], 2
        for _field in range(number):  # -1 at the end
            begin = at + 4
            if size < begin:
                return None
            [length] = INT(data, at)
            at = begin + length if length > 0 else begin
            if size < at:
                return None
            fields.append(data[begin:at] if length >= 0 else None)
        return (fields, at) if number >= 0 else None


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
