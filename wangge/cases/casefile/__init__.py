"""The case file (一案一档) as PDF and ZIP, from values alone: callers gather, mask and decide who may have it.

content.py   what a case file holds, and its canonical JSON (the hash in the footer is that JSON's SHA-256)
document.py  PDF by typst (case.typ)
bundle.py    ZIP: PDF, JSON, evidence, sums
fonts.py     our own fonts, and what to do with characters they lack
"""
