#!/usr/bin/env python3
"""What a release consists of: is the tag the version, what is an archive called, what is in it, which sums belong to it.

    release.py version TAG                    prints the version; fails where Cargo.toml or Cargo.lock says another one
    release.py archive TARGET BINARY FOLDER   writes forewarn-v<version>-<target>.tar.gz (or .zip) into a folder, and prints its path
    release.py sums FOLDER                    writes SHA256SUMS beside the archives: of each, and of the program in it

The same files give the same bytes: names in order, one date, no owner.
"""

import gzip
import hashlib
import io
import os
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(os.environ.get("RELEASE_ROOT", Path(__file__).resolve().parents[2]))
BESIDE = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"]
SUMS = "SHA256SUMS"


def version() -> str:
    package = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["package"]
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text("utf-8"))["package"]
    found = [one["version"] for one in locked if one["name"] == package["name"]]
    if found != [package["version"]]:
        sys.exit(f"Cargo.toml says {package['version']}, Cargo.lock says {', '.join(found) or 'nothing'}")
    return package["version"]


def tagged(tag: str) -> str:
    if tag != f"v{version()}":
        sys.exit(f"the tag is `{tag}`, and the version is {version()}: `v{version()}` is wanted")
    return version()


def archive(target: str, binary: Path, folder: Path) -> Path:
    if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+){2,3}", target):
        sys.exit(f"`{target}` is no target")
    windows = "windows" in target
    name = f"forewarn-v{version()}-{target}"
    files = [(f"{name}/forewarn{'.exe' if windows else ''}", binary.read_bytes(), 0o755)]
    files += [(f"{name}/{beside}", (ROOT / beside).read_bytes(), 0o644) for beside in BESIDE]
    files.sort()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{'.zip' if windows else '.tar.gz'}"
    path.write_bytes(zipped(files) if windows else tarred(files))
    return path


def tarred(files: list[tuple[str, bytes, int]]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data, mode in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), mode
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), compresslevel=9, mtime=0)


def zipped(files: list[tuple[str, bytes, int]]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zip:
        for name, data, mode in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system, entry.compress_type = mode << 16, 3, zipfile.ZIP_DEFLATED
            zip.writestr(entry, data)
    return raw.getvalue()


def program(path: Path) -> tuple[str, bytes]:
    """The program in an archive, by its name there."""
    wanted = re.compile(r"forewarn-v[^/]+/forewarn(\.exe)?")
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as zip:
            [name] = [name for name in zip.namelist() if wanted.fullmatch(name)]
            return name, zip.read(name)
    with tarfile.open(path) as tar:
        [name] = [name for name in tar.getnames() if wanted.fullmatch(name)]
        found = tar.extractfile(name)
        assert found is not None
        return name, found.read()


def sums(folder: Path) -> str:
    archives = sorted(path for path in folder.iterdir() if path.name.endswith((".tar.gz", ".zip")))
    if not archives:
        sys.exit(f"there are no archives in {folder}")
    known = [(path.name, path.read_bytes()) for path in archives] + [program(path) for path in archives]
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in known)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["version", tag]:
            print(tagged(tag))
        case ["archive", target, binary, folder]:
            print(archive(target, Path(binary), Path(folder)))
        case ["sums", folder]:
            (Path(folder) / SUMS).write_text(sums(Path(folder)), "utf-8", newline="\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
