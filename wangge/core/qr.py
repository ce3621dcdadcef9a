"""QR codes: signs that are printed and hung up, and secrets a telephone reads from the screen."""

import io

import segno


def drawn(text: str) -> str:
    """As SVG. A quarter of it may be scratched or in the sun: error correction Q costs little paper."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", scale=4, xmldecl=False)
    return out.getvalue().decode()
