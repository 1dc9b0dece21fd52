"""How a call is refused: the code and the details of its error."""

import pytest

from xentviz.core.errors import DataError


def refusal(function, *arguments, **options):
    """Return the code and the details of the error that the call must raise."""
    with pytest.raises(DataError) as caught:
        function(*arguments, **options)
    return caught.value.code, caught.value.details
