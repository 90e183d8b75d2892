"""The files in tests/vectors are what their script makes, so that each line can be traced to its reason."""

from __future__ import annotations

from tests.vectors.make import FILES, FOLDER, stale_files


def test_the_vector_files_equal_what_the_script_makes() -> None:
    assert stale_files() == []


def test_every_vector_file_has_its_maker() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(FILES)
