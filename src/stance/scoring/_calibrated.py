"""What lies beside a model's weights: how its probabilities are tempered, and from which on a target is taken up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pydantic

from stance.resources import CALIBRATION
from stance.schema import StanceError
from stance.strict import first_fault, parse_json

_EVEN = 0.5
"""The threshold of a model whose development data nobody looked at."""
_EXAMPLE = '{"stance": {"temperature": 1.2, "offset": 0.5}}'


class _Entry(pydantic.BaseModel):
    """Of one measure. What else stands there, such as how it was found, is for people."""

    temperature: Annotated[float, pydantic.Field(gt=0.01, lt=100)]
    offset: Annotated[float, pydantic.Field(gt=-100, lt=100)]
    threshold: Annotated[float, pydantic.Field(ge=0, le=1)] = _EVEN


_ENTRIES = pydantic.TypeAdapter(dict[str, _Entry])


def read_calibration(folder: Path) -> tuple[dict[str, tuple[float, float]], float]:
    """Temperature and offset of each measure, and the threshold of ``addressed``.

    Parameters
    ----------
    folder
        A model folder, or a ``.json`` file. Of a folder without ``calibration.json`` nothing is tempered, and the
        threshold is one half.

    Raises
    ------
    StanceError
        If the file cannot be read, or a value is missing, is no number or lies outside its bounds.

    Examples
    --------
    >>> read_calibration(Path("no-such-folder"))
    ({}, 0.5)
    """
    path = folder / CALIBRATION if folder.suffix != ".json" else folder
    if not path.is_file() and path is not folder:
        return {}, _EVEN
    try:
        entries = _ENTRIES.validate_python(parse_json(path.read_bytes()))
    except OSError as error:
        raise StanceError(f"{path} cannot be read ({error.strerror}). See who may read it.") from None
    except pydantic.ValidationError as error:
        why = first_fault(error).rstrip(".")
        raise StanceError(f"{path} must be like {_EXAMPLE} ({why}). Mend or delete it.") from None
    except ValueError as error:
        raise StanceError(f"{path} must be like {_EXAMPLE} ({error}). Mend or delete it.") from None
    tempering = {measure: (entry.temperature, entry.offset) for measure, entry in entries.items()}
    return tempering, entries["addressed"].threshold if "addressed" in entries else _EVEN
