"""Why a file is refused. Each sentence says what the sender can do."""

from wangge.core.errors import DomainError


class KindNotAllowed(DomainError):
    code = "evidence.kind_not_allowed"
    status = 422
    zh = (
        "不支持这种文件。可上传：照片（JPG、PNG、WEBP、GIF、HEIC），录音（MP3、M4A、AAC、AMR、OGG、WAV），"
        "视频（MP4、MOV、3GP、WEBM），文档（PDF、DOCX、XLSX、TXT）。"
    )
    en = (
        "This kind of file is not accepted. Accepted: pictures (JPG, PNG, WEBP, GIF, HEIC), sound (MP3, M4A, AAC, AMR, "
        "OGG, WAV), video (MP4, MOV, 3GP, WEBM), documents (PDF, DOCX, XLSX, TXT)."
    )


class TooLarge(DomainError):
    code = "evidence.too_large"
    status = 413
    zh = "文件太大：{size_mb} MB，这类文件最大 {limit_mb} MB。"
    en = "The file is too large: {size_mb} MB; files of this kind may have {limit_mb} MB."


class Empty(DomainError):
    code = "evidence.empty"
    status = 422
    zh = "文件是空的，请重新选择。"
    en = "The file is empty; choose it again."


class Damaged(DomainError):
    code = "evidence.damaged"
    status = 422
    zh = "文件不完整或已损坏，请重新拍摄或重新上传。"
    en = "The file is incomplete or damaged; take or upload it again."


class Disguised(DomainError):
    """Two kinds in one file (a picture that is also an archive or a page): only made on purpose."""

    code = "evidence.disguised"
    status = 422
    zh = "文件里夹带了另一种内容（{hidden}），不能上传。"
    en = "Another kind of content is hidden in the file ({hidden}); it is not accepted."


class Bomb(DomainError):
    """Small to send, huge to open."""

    code = "evidence.bomb"
    status = 422
    zh = "文件展开后过大，不能上传。"
    en = "The file grows too large when opened; it is not accepted."


class MacrosNotAllowed(DomainError):
    code = "evidence.macros_not_allowed"
    status = 422
    zh = "文档带有宏，请另存为不带宏的 DOCX 或 XLSX 后上传。"
    en = "The document carries macros; save it as DOCX or XLSX without macros and upload that."
