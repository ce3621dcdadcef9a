"""What stands in a PDF, read by a library that had no part in making it."""

import io
import re

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


def text_of_pdf(pdf: bytes) -> str:
    """In the order it is drawn. The break marks that hold long numbers together are left out."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\u200b", "")


def fonts_of_pdf(pdf: bytes) -> set[str]:
    """PostScript names, with the tag of their subset: `/CGPXAJ+NotoSansCJKsc-Regular-Identity-H`."""
    reader = PdfReader(io.BytesIO(pdf))
    objects = (reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"]))))
    return {str(one["/BaseFont"]) for one in objects if isinstance(one, DictionaryObject) and "/BaseFont" in one}


def squeezed(text: str) -> str:
    """Without white space: where lines and columns break says nothing."""
    return re.sub(r"\s", "", text)
