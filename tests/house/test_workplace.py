"""The files and ports of one machine."""

from pathlib import Path

import pytest

from shared.supervisor.workplace import FileDamaged, NotAPort, merged, ports, read_json


@pytest.mark.parametrize("value", ["0", "65536", "http", "8000.5", "-1"])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(NotAPort, match="GATEWAY_PORT"):
        ports(["gateway"], {"GATEWAY_PORT": value})


def test_a_damaged_file_of_ours_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    for content in ("{", "[]"):
        file.write_text(content)
        with pytest.raises(FileDamaged, match=r"sample\.json"):
            read_json(file)


def test_samples_are_merged_at_every_depth() -> None:
    old = {"clients": {"a": {"id": "1"}}, "people": {"x": 1}}
    assert merged(old, {"clients": {"b": {"id": "2"}}, "people": {"x": 2}}) == {
        "clients": {"a": {"id": "1"}, "b": {"id": "2"}},
        "people": {"x": 2},
    }
