"""Sizes of files that come and go while they are counted."""

import shutil

from bot.models.disk import file_sizes


def test_all_files_below_count_or_those_of_one_ending(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "a.whl").write_bytes(b"1")
    (tmp_path / "deep" / "er" / "b.whl").write_bytes(b"12")
    (tmp_path / "deep" / "log").write_bytes(b"1234")
    assert sorted(file_sizes(tmp_path)) == [1, 2, 4]
    assert sorted(file_sizes(tmp_path, ".whl")) == [1, 2]


def test_nothing_counts_where_nothing_is(tmp_path):
    assert list(file_sizes(tmp_path / "absent")) == []


def test_a_folder_and_a_file_that_vanish_meanwhile_are_passed_over(tmp_path):
    (tmp_path / "unpacking").mkdir()
    for name in ("a", "b", "unpacking/c"):
        (tmp_path / name).write_bytes(b"1")
    sizes = file_sizes(tmp_path)
    assert next(sizes) == 1
    shutil.rmtree(tmp_path / "unpacking")
    for name in ("a", "b"):
        (tmp_path / name).unlink()
    assert list(sizes) == []
