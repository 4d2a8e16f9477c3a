"""Whatever a file can cause ends as one sentence that names it; our own mistakes do not."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import warnings
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import commands
import steadyhue as sh
from mutations import broken_files, clip, encoded, whole_files
from steadyhue.errors import FormatError, FormatWarning, LimitError, OptionError
from steadyhue.formats.boundary import parse_json, reading
from steadyhue.formats.maps import read_map
from steadyhue.formats.palettes import decode_palette, read_palette
from steadyhue.formats.video.opened import open_container

SURPRISES = [
    OSError("odd"),
    SyntaxError("broken PNG file"),
    ValueError("bad"),
    EOFError(),
    KeyError(3),
    IndexError("list index out of range"),
    TypeError("'NoneType' object is not subscriptable"),
    struct.error("unpack requires 4 bytes"),
    OverflowError("too large"),
    ZeroDivisionError(),
    RecursionError(),
    MemoryError(),
    UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
    AssertionError(),
    AttributeError("x"),
    zlib.error("incorrect header check"),
    NotImplementedError(),
    Image.DecompressionBombError("bomb"),
    UserWarning("Corrupt EXIF data"),
    av.error.InvalidDataError(1, "Invalid data"),
]


@pytest.mark.parametrize("error", SURPRISES, ids=lambda error: type(error).__name__)
def test_surprises_become_one_sentence(error: Exception) -> None:
    with pytest.raises(FormatError, match=r"^clip\.gif: \S") as raised, reading("clip.gif"):
        raise error
    assert "\n" not in str(raised.value)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [LimitError("a"), OptionError("a"), FormatWarning("a")])
def test_what_is_said_on_purpose_stays(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, reading("x"):
        raise error
    assert raised.value is error


def test_interruptions_and_mistakes_of_callers_pass() -> None:
    with pytest.raises(KeyboardInterrupt), reading("x"):
        raise KeyboardInterrupt

    def frames() -> object:
        yield sh.Frame.from_array(np.zeros((2, 2, 3), np.uint8), 40)
        raise ZeroDivisionError("mine")

    own = sh.Animation(frames, width=2, height=2)
    with pytest.raises(ZeroDivisionError, match="mine"):
        list(sh.open(own, every=2))
    read = sh.open(whole_files()["clip.gif"])

    def failing() -> None:
        for _ in read:
            raise KeyError("mine")

    with pytest.raises(KeyError):
        failing()


def test_long_words_of_libraries_are_cut() -> None:
    with pytest.raises(FormatError) as raised, reading("x"):
        raise ValueError("a\nb" * 1000)
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    "text", ["Infinity", "[NaN]", "1e999", "9" * 400, "-" + "9" * 400, "[" * 200_000, "{", ""]
)
def test_json_is_sane_or_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_json(text)
    assert len(str(raised.value)) < 100


def jpeg(exif: bytes) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (12, 8), "red").save(file, "JPEG", exif=exif)
    return file.getvalue()


def orientation(kind: int, count: int, value: bytes) -> bytes:
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHI", 0x112, kind, count) + value


@pytest.mark.parametrize(
    "exif",
    [
        orientation(2, 4, b"six\0"),
        b"Exif\0\0no TIFF at all",
        orientation(3, 1, b"\x09\0\0\0"),
        orientation(3, 1, b"\0\0\0\0"),
        orientation(4, 2, b"\xff\xff\xff\xff"),
        orientation(3, 1, b"\x06\0"),
    ],
)
def test_a_picture_whose_exif_is_wrong_is_a_good_picture(exif: bytes) -> None:
    assert len(list(sh.open(jpeg(exif)))) == 1


def png_chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def npy(header: bytes) -> bytes:
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header


APNG = whole_files()["clip.png"]
BAD = {
    "chunk.png": APNG[:40] + b"\xff" * 12 + APNG[60:],
    "order.png": APNG.replace(b"fdAT\0\0\0\x02", b"fdAT\0\0\0\x07"),
    "cut.png": whole_files()["palette.png"][:-30],
    "unbalanced.npy": npy(b"{'descr': '|u1', 'fortran_order': False, 'shape': (((2, }\n"),
    "huge.npy": npy(b"{'descr': '|u1', 'fortran_order': False, 'shape': (10**22, 3), }\n"),
    "vast.npy": npy(
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 9, 9, 3), }\n" % 10**22
    ),
    "pickled.npy": npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n") + b"x" * 99,
    "list.mp4": b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
    "float.tiff": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_files_name_themselves(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name])
    if name == "float.tiff":
        Image.new("F", (4, 4)).save(path)
    found = commands.run(["quantize", str(path), "-o", str(tmp_path / "out.gif")])
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Error: {path}: ")
    assert found.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("p.json", b'{"colors": ["#fff"], "weights": [Infinity]}'),
        ("p.json", b'{"colors": ["#fff"], "weights": [' + b"9" * 400 + b"]}"),
        ("p.json", b"[" * 200_000),
        ("p.json", b'{"frames": [{"slots": [{"color": 3, "weight": {}}]}]}'),
        ("p.json", b'{"frames": 7}'),
        ("p.csv", b"color,weight\n#fff,inf\n"),
        ("p.csv", b"color\n" + b'"' * 200_000),
        ("p.hex", b""),
        ("p.png", b"\x89PNG"),
        ("p.png", BAD["cut.png"]),
        ("p.ase", b"ASEF\0\1\0\0\xff\xff\xff\xff"),
    ],
)
def test_malformed_palettes_name_themselves(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=rf"{name}: \S") as raised:
        read_palette(tmp_path / name)
    assert "\n" not in str(raised.value)
    with pytest.raises(FormatError, match=r"none\.hex: cannot be read: No such file"):
        read_palette(tmp_path / "none.hex")


def test_palettes_over_256_colors_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "clip.gif").write_bytes(whole_files()["clip.gif"])
    (tmp_path / "p.hex").write_text("\n".join(f"{number:06x}" for number in range(300)))
    common = [str(tmp_path / "clip.gif"), "-o", str(tmp_path / "out.gif")]
    for palette in (str(tmp_path / "p.hex"), ",".join(f"{n:06x}" for n in range(300))):
        found = commands.run(["quantize", *common, "--palette", palette])
        assert found.exit_code in (1, 2)
        assert "300 colors" in found.stderr
    assert len(decode_palette((tmp_path / "p.hex").read_bytes(), ".hex")) == 300


@pytest.mark.parametrize("aspect", [(1, 1000), (1000, 1), (1, 2**31 - 1)])
def test_pixels_of_absurd_shapes_are_shown_or_refused(aspect: tuple[int, int]) -> None:
    data = encoded("mp4", "libx264", clip(), sample_aspect_ratio=Fraction(3, 2))
    at = data.index(b"pasp") + 4
    data = data[:at] + struct.pack(">II", *aspect) + data[at + 8 :]
    found = sh.open(data)
    assert found.size == (max(1, 24 * aspect[0] // aspect[1]), 16)
    assert len(list(found)) == 3
    wide = data[:at] + struct.pack(">II", 2**31 - 1, 1) + data[at + 8 :]
    with pytest.raises(FormatError):
        list(sh.open(wide))


@pytest.mark.parametrize(
    "name", ["12:30.mp4", "pipe:0", "http:/host/x.mp4", "concat:a|b", "-x.mp4"]
)
def test_a_name_is_never_an_address(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(whole_files()["clip.mp4"])
    assert len(list(sh.open(name))) == 3


def test_a_file_can_make_ffmpeg_open_no_other(tmp_path: Path) -> None:
    (tmp_path / "secret.mkv").write_bytes(whole_files()["clip.mkv"])
    script = f"ffconcat version 1.0\nfile {tmp_path}/secret.mkv\n".encode()
    with av.open(io.BytesIO(script), format="concat", options={"safe": "0"}) as container:
        assert container.streams.video  # so FFmpeg would
    with pytest.raises(av.FFmpegError), open_container(io.BytesIO(script), "concat") as container:
        assert not container.streams.video
    for data in (script, b"#EXTM3U\n" + script, b"\n\n" + script):
        with pytest.raises(FormatError, match="not a picture or video of a known kind"):
            sh.open(data)


def test_what_is_not_printable_in_a_name_is_escaped_once(tmp_path: Path) -> None:
    name = "a\x1b[31m\n\u202eb\udcff.gif"
    path = tmp_path / name
    path.write_bytes(b"nothing")
    found = commands.run(["quantize", str(path), "-o", "out.gif"])
    assert found.stderr.count("\n") == 1
    assert r"a\x1b[31m\n\u202eb\udcff.gif: not a picture" in found.stderr
    path.write_bytes(whole_files()["clip.gif"][:-60])
    with pytest.warns(FormatWarning) as warned:
        list(sh.open(path))
    assert str(warned[0].message).isprintable()


def test_a_stream_of_no_known_kind_is_not_taken_whole() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            Endless.taken += size
            return b"x" * size

    with pytest.raises(FormatError, match="not a picture"):
        sh.open(Endless())
    assert Endless.taken < 10_000
    with pytest.raises(OptionError, match="is open as text"):
        sh.open(io.StringIO("GIF89a"))


def test_standard_input_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(FormatError, match="standard input: is closed"):
        sh.open("-")


def test_titles_in_other_encodings_and_seeks_to_nowhere_do_no_harm(
    capfd: pytest.CaptureFixture[str],
) -> None:
    data = whole_files()["clip.mp4"]
    at = data.index(b"Lavf")
    assert len(list(sh.open(data[:at] + b"\xe9\xff" + data[at + 2 :]))) == 3
    for number, (name, broken) in enumerate(broken_files(28 * 40, seed=5)):
        if name.endswith(".wmv") and number < 1000:
            with contextlib.suppress(FormatError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                list(sh.open(broken))
    assert capfd.readouterr().err == ""  # PyAV prints what a file object raises


def test_a_map_is_read_behind_the_same_boundary(tmp_path: Path) -> None:
    (tmp_path / "clip.gif").write_bytes(whole_files()["clip.gif"])
    for text in ("[" * 200_000, '{"map": [{"source": "#000", "target": "#fff", "weight": 1e999}]}'):
        (tmp_path / "map.json").write_text(text)
        files = [str(tmp_path / name) for name in ("clip.gif", "map.json", "out.gif")]
        command = ["transfer", files[0], "--map", files[1], "-o", files[2]]
        found = commands.run(command)
        assert found.exit_code == 1
        assert found.stderr.startswith(f"Error: {files[1]}: not a palette map: ")
    assert json.loads('{"a": 1}') == parse_json('{"a": 1}')


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no file without an end")
def test_small_files_without_an_end_are_not_taken_whole(tmp_path: Path) -> None:
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    for read in (read_palette, read_map):
        with pytest.raises(
            LimitError, match=r"endless\.json: a file of this kind of over \d+ bytes"
        ):
            read(tmp_path / "endless.json")
