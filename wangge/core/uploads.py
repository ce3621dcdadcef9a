"""Files in a form: a body that is too long is refused by the length it declares, before it is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class LengthLimit(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS. Without a declared length the server reads nothing at all (WSGI)."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.LONGEST_UPLOAD:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
