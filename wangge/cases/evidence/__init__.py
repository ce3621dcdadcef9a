"""Evidence: what a file really is, what it tells, and where its bytes are kept. Knows neither HTTP nor the database.

    sniff.py      what is allowed in, judged by content
    picture.py    pictures: place and time, the copy that is served, thumbnails, likeness
    recording.py  sound and video: place and time, the copy without them
    store.py      bytes by SHA-256

Originals keep their metadata (that is the evidence) and stay behind `case.evidence_original`; what is served is always
a copy made here. Documents (PDF, DOCX, XLSX, TXT) and OGG and WEBM recordings are served as they came: author and
program names inside them stay, and whoever uploads is told so.
"""
