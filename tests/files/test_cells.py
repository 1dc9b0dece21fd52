"""What the cells of a column are."""

import pyarrow as pa
import pytest

from xentviz.core.errors import DataError
from xentviz.files import read
from xentviz.files.cells import Sort, sort_of


@pytest.mark.parametrize(
    ("cells", "sort"),
    [
        (["1984", "Dune", "Emma"], Sort.WORDS),
        (["NA", "Dune", "", "7", "Emma"], Sort.WORDS),
        (["Dune", "Emma"], Sort.WORDS),
        (["1984", "Dune"], Sort.NUMBERS),
        (["1984", "Dune", "2666", "Emma"], Sort.NUMBERS),
        (["0.5", "Dune", "Emma"], Sort.NUMBERS),
        (["50%", "Dune", "Emma"], Sort.NUMBERS),
        (["-inf", "Dune", "Emma"], Sort.NUMBERS),
        (["1", "?", "?", "?"], Sort.NUMBERS),
        (["NA", ""], Sort.WORDS),
    ],
)
def test_text_is_numbers_if_it_is_meant_as_such(cells, sort):
    assert sort_of(pa.chunked_array([cells])) is sort


def test_a_title_that_is_a_number_names_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("title,label,A\n1984,1,0.5\nDune,0,0.25\nEmma,1,0.75\n")
    opened = read(path)
    assert opened.document.row_names.array().tolist() == ["1984", "Dune", "Emma"]
    assert [model.name for model in opened.document.models] == ["A"]


def test_a_word_among_scores_is_told_by_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,label,A\n1,1,0.5\n2,0,Dune\n3,1,Emma\n")
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.code, caught.value.details["row"]) == ("not_a_number", 2)
