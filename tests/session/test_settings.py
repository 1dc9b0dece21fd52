import json

import pytest

from xentviz.session.settings import Settings, load, remember, save


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


class TestRecentFiles:
    def test_are_remembered_the_last_first_and_each_once(self, tmp_path):
        file = tmp_path / "settings.json"
        save(Settings("dark", 1000, 700), file)
        for name in ("a", "预测 🧪", "c", "a"):
            remember(tmp_path / name, file)
        assert load(file) == Settings("dark", 1000, 700, tuple(str(tmp_path / n) for n in ("a", "c", "预测 🧪")))

    def test_are_ten_at_most(self, tmp_path):
        file = tmp_path / "settings.json"
        for number in range(12):
            remember(tmp_path / str(number), file)
        assert load(file).recent == tuple(str(tmp_path / str(n)) for n in range(11, 1, -1))

    @pytest.mark.parametrize(
        "recent", [None, {}, "/a", [1, None, {}], ["relative"], ["/a\0b"], ["/" + "x" * 5000], [["/a"]], [True]]
    )
    def test_that_are_none_are_left_out(self, tmp_path, recent):
        file = tmp_path / "settings.json"
        file.write_text(json.dumps({"recent": recent, "theme": "dark"}))
        assert load(file) == Settings("dark")

    def test_leave_nothing_else_behind(self, tmp_path):
        remember(tmp_path / "a", tmp_path / "settings.json")
        assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]
