"""Which parts of a mail are files that somebody attached, and which only belong to how the mail looks or is signed."""

from collections.abc import Collection
from typing import Final

_NO_FILES: Final = frozenset((
    "text/calendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers",
    "application/pgp-signature", "application/pgp-encrypted", "application/pgp-keys", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "application/ms-tnef", "application/vnd.ms-tnef",
))  # fmt: skip
_NO_ENDINGS: Final = (".ics", ".vcf", ".p7s", ".asc", ".sig", "winmail.dat")


def is_attachment(kind: str, disposition: str, name: str, within: str, marks: Collection[str] = ()) -> bool:
    """Whether a part of content type `kind`, inside one of type `within`, is a file for the reader.

    `marks` holds the names of its headers: a picture with a Content-ID that is not called an attachment stands in the text.

    >>> is_attachment("application/pdf", "inline", "invoice.pdf", "multipart/mixed")
    True
    >>> is_attachment("image/png", "inline", "logo.png", "multipart/mixed", {"content-id"})
    False
    """
    if kind in _NO_FILES or name.lower().endswith(_NO_ENDINGS):
        return False
    if kind.startswith("message/"):
        return kind == "message/rfc822" and within != "multipart/report"
    if kind.startswith("image/") and not (disposition == "attachment" and within != "multipart/related"):
        return within != "multipart/related" and "content-id" not in marks
    return not kind.startswith("text/") or disposition == "attachment" or bool(name)
