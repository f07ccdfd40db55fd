"""Documents that are read twice, first to count them: what was counted is what is scored."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator

from stance.schema import Document, StanceError


class Passes:
    """Two readings of the same documents, the second held against the first.

    Of each document eight bytes are kept. They come from Python's own hash,
    which is another one in each process: both readings are in one.

    Parameters
    ----------
    documents
        Gives the documents, each time from the beginning.

    Examples
    --------
    >>> passes = Passes(lambda: [Document("a", "One."), Document("b", "Two.")])
    >>> passes.count(), [d.id for d in passes.again()]
    (2, ['a', 'b'])
    """

    def __init__(self, documents: Callable[[], Iterable[Document]]) -> None:
        self._documents = documents
        self._marks = array("q")

    def count(self) -> int:
        """Read all documents, and return how many there are."""
        self._marks = array("q", map(_mark, self._documents()))
        return len(self._marks)

    def again(self) -> Iterator[Document]:
        """The documents once more.

        Raises
        ------
        StanceError
            At the first that is not what was counted, or at the end, if some are missing.
        """
        read = 0
        for read, document in enumerate(self._documents(), 1):
            if read > len(self._marks):
                raise _changed(f"{len(self._marks):,} documents were counted, and {document.id!r} came after them")
            if _mark(document) != self._marks[read - 1]:
                raise _changed(f"{document.id!r} is not what was counted as document {read:,} of {len(self._marks):,}")
            yield document
        if read < len(self._marks):
            raise _changed(f"{len(self._marks):,} documents were counted, and {read:,} could be read again")


def _changed(what: str) -> StanceError:
    return StanceError(
        f"The input changed while it was read: {what}. Give files that nobody writes to, and start again; shards that "
        "are finished are kept if their documents are the same."
    )


def _mark(document: Document) -> int:
    fields = (document.id, document.text, document.title, document.outlet, document.date, document.url)
    try:
        return hash((fields, tuple(document.metadata.items())))
    except TypeError:  # lists and objects have no hash
        return hash((fields, repr(document.metadata)))
