"""What a multiverse varies: declared in the codebook, before anybody looks."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from stance.strict import Strict

_Shares = Annotated[tuple[Annotated[float, pydantic.Field(ge=0, le=1)], ...], pydantic.Field(min_length=1)]


class Choices(Strict):
    """What a multiverse varies, declared before anybody looks; the first of each is what results show."""

    addressed: tuple[Annotated[float, pydantic.Field(ge=0, le=1)], ...] = pydantic.Field(
        default=(0.0, 0.25, 0.75), description="Thresholds of p_addressed beside the one of the model."
    )
    confidence: _Shares = pydantic.Field(
        default=(0.0, 0.7), description="The least confidence an attribution must have."
    )
    unit: tuple[Literal["statement", "sentence", "document"], ...] = pydantic.Field(
        default=("statement", "sentence", "document"), description="What counts once."
    )
    copies: tuple[Literal["all", "first"], ...] = pydantic.Field(
        default=("all", "first"), description="Whether near copies of a text all count, or the first alone."
    )
    roles: tuple[Literal["source", "mention", "both"], ...] = pydantic.Field(
        default=("source", "both"), description="What actors say, what is said about them, or both."
    )
    wordings: bool = pydantic.Field(default=True, description="Whether each wording also stands alone.")

    @pydantic.model_validator(mode="after")
    def _each_once(self) -> Choices:
        for name in ("addressed", "confidence", "unit", "copies", "roles"):
            values = getattr(self, name)
            if len(set(values)) < len(values) or (not values and name != "addressed"):
                raise ValueError(f"'{name}' must name one choice or more, each once")
        return self
