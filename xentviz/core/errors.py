"""What can be wrong with data, as codes: the sentences are for the layer that speaks to people."""

from typing import Any


class DataError(ValueError):
    """Data that cannot be used.

    Parameters
    ----------
    code : str
        What is wrong, in one word for programs, such as ``"probability_out_of_range"``.
    **details
        Where and what: ``row``, ``column``, ``value``, ``file`` and the like.

    Examples
    --------
    >>> error = DataError("probability_out_of_range", row=3, value=1.2)
    >>> error.code, error.details
    ('probability_out_of_range', {'row': 3, 'value': 1.2})
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.code, self.details)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.details.items())
        return f"{self.code}: {details}" if details else self.code


def _remade(code: str, details: dict[str, Any]) -> DataError:
    """Return the error as it was, after a journey between processes."""
    return DataError(code, **details)


class Cancelled(Exception):  # noqa: N818 – nothing went wrong: someone asked to stop
    """The work was stopped because its answer is no longer wanted."""
