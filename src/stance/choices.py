"""What a multiverse varies: declared in the codebook, before anybody looks."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from stance.strict import Strict

_Shares = Annotated[tuple[Annotated[float, pydantic.Field(ge=0, le=1)], ...], pydantic.Field(min_length=1)]


class Choices(Strict):
    """What a multiverse varies, declared before anybody looks; the first of each is what results show.

    ``addressed`` are thresholds of ``p_addressed`` beside the model's own; ``confidence``, the least confidence of an
    attribution; ``unit``, what counts once; ``copies``, whether near copies of a text all count or the first alone;
    ``roles``, what actors say, what is said about them, or both; ``wordings``, whether each wording stands alone, too.
    """

    addressed: tuple[Annotated[float, pydantic.Field(ge=0, le=1)], ...] = (0.0, 0.25, 0.75)
    confidence: _Shares = (0.0, 0.7)
    unit: tuple[Literal["statement", "sentence", "document"], ...] = ("statement", "sentence", "document")
    copies: tuple[Literal["all", "first"], ...] = ("all", "first")
    roles: tuple[Literal["source", "mention", "both"], ...] = ("source", "both")
    wordings: bool = True

    @pydantic.model_validator(mode="after")
    def _each_once(self) -> Choices:
        for name in ("addressed", "confidence", "unit", "copies", "roles"):
            values = getattr(self, name)
            if len(set(values)) < len(values) or (not values and name != "addressed"):
                raise ValueError(f"'{name}' must name one choice or more, each once")
        return self
