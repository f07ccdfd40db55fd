"""One file that says what a study consists of, read by the command line and by every notebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from stance.codebook import Codebook, read_codebook
from stance.corpus.documents import Rejected, read_corpus, stream_corpus
from stance.resources import ANNOTATIONS, bundled_folder
from stance.schema import Document, StanceError
from stance.strict import Strict, first_fault, parse_yaml

VARIABLE = "STANCE_STUDY"
"""The environment variable that names a study file where nothing else does."""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_Paths = Annotated[tuple[str, ...], pydantic.BeforeValidator(_listed)]


class Keys(Strict):
    """The keys of a study file; paths are read from its folder."""

    texts: _Paths = pydantic.Field((), description="A file or folder, or a list; the sample article if left out.")
    codebook: str | None = pydantic.Field(None, description="The codebook; that of the sample if left out.")
    target: str | None = pydantic.Field(None, description="The target to score; the first of the codebook if left out.")
    model: str | None = pydantic.Field(None, description="base, small, a folder, or a model of the hub.")
    out: str = pydantic.Field("stance_results", description="The folder for results.")
    corrections: str | None = pydantic.Field(None, description="The review table that you corrected.")
    annotations: _Paths = pydantic.Field((), description="Sheets that annotators filled in.")
    columns: dict[str, str] = pydantic.Field(
        {}, description="Other names of the columns of tables: {text: body, id: link}."
    )
    encoding: str | None = pydantic.Field(None, description="The encoding of the texts, where it is not found.")
    dates: Literal["day-first", "month-first"] | None = pydantic.Field(
        None, description="day-first or month-first, for dates such as 03/04/2025."
    )


@dataclass(frozen=True, slots=True)
class Study:
    """What a study consists of: left out, it is the sample article's.

    Attributes
    ----------
    texts
        Files and folders; empty for the sample article.
    codebook_file, corrections
        The files of these, if there are any.
    target, model
        As the codebook and :func:`stance.load_model` know them; None for their first.
    out
        The folder where results go; None where no file says so.
    annotations
        Sheets that annotators filled in.
    columns, encoding, dates
        As :func:`stance.read_corpus` takes them.
    file
        The study file that says so; None for the sample article's study.
    """

    texts: tuple[Path, ...] = ()
    codebook_file: Path | None = None
    target: str | None = None
    model: str | None = None
    out: Path | None = None
    corrections: Path | None = None
    annotations: tuple[Path, ...] = ()
    columns: Mapping[str, str] | None = None
    encoding: str | None = None
    dates: str | None = None
    file: Path | None = None

    @property
    def is_sample(self) -> bool:
        """Whether its texts are the sample article."""
        return not self.texts and self.file is None

    def but(self, **given: Any) -> Study:
        """The same study, with what is given and not empty in the place of its own.

        Examples
        --------
        >>> Study(model="small").but(model=None, target="talks")
        Study(texts=(), codebook_file=None, target='talks', model='small', out=None, corrections=None, annotations=(),
        columns=None, encoding=None, dates=None, file=None)
        """
        return replace(self, **{key: value for key, value in given.items() if value})

    def documents(self) -> list[Document]:
        """The texts, read.

        Raises
        ------
        StanceError
            If a study file names none, and none were given beside it: it does not mean the sample.

        Examples
        --------
        >>> [document.id for document in Study().documents()]
        ['alaska_summit']
        """
        if not self.texts and not self.is_sample:
            raise StanceError(
                f"The study file {self.file} names no texts. Say under 'texts' where they lie, as texts: [texts], or "
                "give them to the command."
            )
        return read_corpus(self.texts or None, columns=self.columns or None, encoding=self.encoding, dates=self.dates)

    def stream(self, rejected: Callable[[Rejected], None], *, strict: bool = False) -> Iterator[Document]:
        """The texts one by one; what cannot be read is reported, or with ``strict`` stops the reading.

        Examples
        --------
        >>> list(Study().stream(print))
        []
        """
        return stream_corpus(
            self.texts, columns=self.columns or None, encoding=self.encoding, dates=self.dates, strict=strict,
            rejected=rejected,
        )  # fmt: skip

    def codebook(self) -> Codebook:
        """The codebook, read.

        Examples
        --------
        >>> Study().codebook().target().label
        'the talks'
        """
        return read_codebook(self.codebook_file)

    def sheets(self) -> tuple[Path, ...]:
        """What annotators filled in: the study's own; the sample's for the sample.

        Raises
        ------
        StanceError
            If texts of one's own have none.

        Examples
        --------
        >>> len(Study().sheets()) > 1
        True
        """
        if self.annotations:
            return self.annotations
        if not self.is_sample:
            raise StanceError(
                "The study has no sheets of annotators. Draw some with 'stance sample', have them filled in, and name "
                "them under 'annotations'."
            )
        return tuple(sorted(ANNOTATIONS.glob("*.csv")))


def read_study(path: str | Path | None = None) -> Study:
    """Read a study file.

    Parameters
    ----------
    path
        A YAML file with any of the keys ``texts``, ``codebook``, ``target``, ``model``, ``out``, ``corrections``,
        ``annotations``, ``columns``, ``encoding`` and ``dates``; paths in it are read from its folder. Left out, it
        is the file that the environment variable ``STANCE_STUDY`` names, or else the sample's study.

    Raises
    ------
    StanceError
        If the file cannot be read, a key is unknown, or a file that a key names is not there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, text in {"mine.txt": "Rain fell.", "study.yml": "{texts: mine.txt, out: results}"}.items():
    ...         _ = Path(folder, name).write_text(text)
    ...     study = read_study(Path(folder, "study.yml"))
    ...     study.is_sample, study.out.name, study.documents()[0].text
    (False, 'results', 'Rain fell.')
    """
    named = path if path is not None else os.environ.get(VARIABLE) or None
    if named is None:
        return Study()
    file = Path(named)
    keys, root = _keys(file), file.parent
    return Study(
        texts=tuple(_there(file, "texts", text) for text in keys.texts),
        codebook_file=_there(file, "codebook", keys.codebook) if keys.codebook else None,
        target=keys.target,
        model=_model(root, keys.model),
        out=root / keys.out,
        corrections=_there(file, "corrections", keys.corrections) if keys.corrections else None,
        annotations=tuple(_there(file, "annotations", sheet) for sheet in keys.annotations),
        columns=keys.columns,
        encoding=keys.encoding,
        dates=keys.dates,
        file=file,
    )


def _model(root: Path, named: str | None) -> str | None:
    """A folder beside the study file, unless a bundled model has that name, as a results folder may, too."""
    if named and not bundled_folder(named) and (root / named).is_dir():
        return str(root / named)
    return named


def _keys(file: Path) -> Keys:
    try:
        content = parse_yaml(file.read_bytes())
    except OSError as error:
        raise StanceError(
            f"The study file {file} cannot be read ({error.strerror}). Give the path of a YAML file, such as the "
            f"study.yml of 'stance init', or unset {VARIABLE}."
        ) from None
    except ValueError as error:
        raise StanceError(f"The study file {file} is not valid YAML: {str(error).rstrip('.')}.") from None
    try:
        return Keys.model_validate({} if content is None else content)
    except pydantic.ValidationError as error:
        raise StanceError(f"The study file {file}: {first_fault(error)}") from None


def _there(file: Path, key: str, named: str) -> Path:
    path = file.parent / named
    if not path.exists():
        raise StanceError(
            f"The study file {file}: {key}: {named!r} is not there. Paths are read from the folder of the study file; "
            "correct this one, or take it out."
        )
    return path
