import json

import pytest

from xentviz.session.settings import Settings, load, save


def test_what_is_saved_is_loaded(tmp_path):
    file = tmp_path / "made" / "on the way" / "settings.json"
    save(Settings("dark", 1000, 700), file)
    assert load(file) == Settings("dark", 1000, 700)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[1, 2]",
        b'"dark"',
        b"[" * 200_000,
        b'{"width": ' + b"9" * 5_000 + b"}",
        b'{"theme": "__import__(\'os\')", "width": "wide", "height": null}',
        b'{"theme": ["dark"], "width": true, "height": NaN}',
        b'{"theme": {}, "width": 1e400, "height": 700.5}',
        b'{"width": -5, "height": 1000000}',
    ],
)
def test_garbage_is_as_good_as_nothing(tmp_path, content):
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    assert load(file) == Settings()


def test_a_file_of_the_future_gives_what_it_has_in_common_with_today(tmp_path):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"version": 9, "theme": "dark", "width": 1000, "height": {"screens": 2}}))
    assert load(file) == Settings(theme="dark", width=1000)


def test_no_file_and_a_folder_give_the_usual_settings(tmp_path):
    assert load(tmp_path / "missing.json") == Settings()
    assert load(tmp_path) == Settings()


def test_settings_that_cannot_be_kept_stop_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    save(Settings(), tmp_path / "file" / "settings.json")
    save(Settings(), tmp_path)
